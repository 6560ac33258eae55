/**
 * Writes docs/commands/ and docs/environment.md from the program's own table of commands, and docs/json.md from the schemas of what it prints:
 * `npm run docs`. The same program gives the same bytes.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { COMMANDS } from "../src/cli/command-table.ts";
import type { Entry } from "../src/cli/entries.ts";
import { ENVIRONMENT } from "../src/cli/environment.ts";
import { GLOBAL_OPTIONS } from "../src/cli/global-options.ts";
import type { Declared, DeclaredOption } from "../src/commands/declaration.ts";
import type { OptionRule } from "../src/commands/option-rules.ts";
import { EXIT_CODES } from "../src/errors.ts";
import { type CommandPage, commandPages } from "./command-pages.ts";
import { JSON_PAGE, jsonPage } from "./json-page.ts";

export const DIRECTORY = join(import.meta.dirname, "../docs/commands");

export const ENVIRONMENT_PAGE = join(DIRECTORY, "../environment.md");

const NOTICE = "<!-- Written by `npm run docs`; change the command itself. -->";

/** Every file of docs/commands/, by name. */
export async function generateDocs(): Promise<ReadonlyMap<string, string>> {
  const pages = await commandPages(COMMANDS);
  return new Map([
    ["README.md", overview(pages)],
    ...pages.map((page): [string, string] => [fileOf(page), pageText(page)]),
  ]);
}

/** docs/environment.md: `pkg help environment` as a page. */
export function environmentPage(): string {
  return text([
    NOTICE.replace("the command itself", "`src/cli/environment.ts`"),
    "# Environment variables",
    "One that is set to nothing counts as not set. An option goes before a variable, and a variable before `config.toml`;\n`pkg config` shows what is in force, and where each value comes from. `pkg help environment` prints this list.",
    ...ENVIRONMENT.flatMap(({ title, variables }) => [
      `## ${title}`,
      table(
        ["variable", "meaning"],
        variables.map(({ name, meaning }) => [`\`${name}\``, escaped(meaning)]),
      ),
    ]),
    PROXIES,
  ]);
}

/** What the table has no room for. */
const PROXIES = `## Proxies

Requests for \`https:\` addresses go through the proxy of \`HTTPS_PROXY\`, those for \`http:\` through that of \`HTTP_PROXY\`, and either
through that of \`ALL_PROXY\` where its own is not set; names in lower case go first, as with curl. A proxy is an \`http:\` or \`https:\` address,
with \`user:password@\` if it asks for them; SOCKS is not spoken. Hosts that \`NO_PROXY\` names are reached directly: \`example.org\` (and what is
below it), \`192.0.2.7\`, \`10.0.0.0/8\`, \`[::1]:8080\`, or \`*\` for all of them. So is this machine itself, always. A proxy that opens TLS
connections needs its certificate named with \`--ca-file\` or \`SSL_CERT_FILE\`.`;

function fileOf({ words }: CommandPage): string {
  return `${words.join("-")}.md`;
}

function overview(pages: readonly CommandPage[]): string {
  return text([
    NOTICE,
    "# Commands",
    ...sections(COMMANDS, pages, []),
    "## Options of every command",
    optionTable(GLOBAL_OPTIONS),
    "## Exit codes",
    "[errors.md](../errors.md) explains them, and lists the error codes that lead to each.",
    table(
      ["exit code", "name"],
      Object.entries(EXIT_CODES).map(([name, code]) => [String(code), name]),
    ),
  ]);
}

/** A table for the commands of a level, then the groups of it. */
function sections(
  entries: readonly Entry[],
  pages: readonly CommandPage[],
  words: readonly string[],
): readonly string[] {
  const rows = pages
    .filter(
      (page) => page.words.length === words.length + 1 && words.every((word, level) => page.words[level] === word),
    )
    .map((page) => [`[\`${escaped(page.usage)}\`](${fileOf(page)})`, escaped(page.description)]);
  const groups = entries.filter((entry) => entry.kind === "group");
  return [
    ...(rows.length === 0 ? [] : [table(["command", "does"], rows)]),
    ...groups.flatMap((group) => [
      `${"#".repeat(words.length + 2)} pkg ${[...words, group.name].join(" ")}`,
      `${escaped(group.description)}.`,
      ...sections(group.entries, pages, [...words, group.name]),
    ]),
  ];
}

function pageText(page: CommandPage): string {
  const { usage, aliases, shortForm, description, positionals, options, rules, examples, epilogue } = page;
  return text([
    NOTICE,
    `# pkg ${page.words.join(" ")}`,
    `${description}.`,
    fenced([usage, ...aliases, ...(shortForm === null ? [] : [shortForm])]),
    ...(positionals.size === 0 ? [] : ["## Arguments", argumentTable(positionals)]),
    ...(options.size === 0 ? [] : ["## Options", optionTable(Object.fromEntries(options))]),
    ...(rules.length === 0 ? [] : [rules.map((rule) => `- ${ruleText(rule, positionals)}`).join("\n")]),
    "[Options of every command](README.md#options-of-every-command)",
    ...(examples.length === 0 ? [] : ["## Examples", ...examples.map(exampleText)]),
    ...epilogue,
    "## Exit codes",
    `${exitCodes()}: see [errors.md](../errors.md).`,
  ]);
}

function ruleText(rule: OptionRule, positionals: CommandPage["positionals"]): string {
  switch (rule.kind) {
    case "whole-number":
      return `\`--${rule.option}\` is a whole number from ${rule.from}${rule.to === null ? "" : ` to ${rule.to}`}.`;
    case "needs":
      return `\`--${rule.option}\` needs \`--${rule.other}\`.`;
    case "excludes": {
      const others = rule.others.map((name) => `\`--${name}\``).join(", ");
      const option = positionals.has(rule.option) ? rule.option : `--${rule.option}`;
      return `With \`${option}\`, ${others} cannot be given: ${rule.because}.`;
    }
  }
}

function exampleText([command, description]: readonly [string, string]): string {
  return `${description}:\n\n${fenced([command.replaceAll("$0", "pkg")])}`;
}

function exitCodes(): string {
  return Object.entries(EXIT_CODES)
    .map(([name, code]) => `${code} ${name}`)
    .join(", ");
}

function argumentTable(positionals: ReadonlyMap<string, Declared>): string {
  const rows = [...positionals].map(([name, option]) => [`\`${name}\``, ...commonColumns(option)]);
  return table(["argument", "takes", "default", "meaning"], rows);
}

function optionTable(options: Readonly<Record<string, DeclaredOption>>): string {
  const rows = Object.entries(options)
    .filter(([, option]) => option.hidden !== true)
    .map(([name, option]) => [optionNames(name, option), ...commonColumns(option)]);
  return table(["option", "takes", "default", "meaning"], rows);
}

function optionNames(name: string, { alias }: DeclaredOption): string {
  return [...(alias === undefined ? [] : [`\`-${alias}\``]), `\`--${name}\``].join(", ");
}

function commonColumns(option: Declared): readonly string[] {
  const description = option.description ?? "";
  const needed = option.demandOption === true ? "needed" : defaultText(option.default);
  return [kindOf(option), needed, escaped(description)];
}

function kindOf(option: Declared): string {
  const { choices, type } = option;
  const isList = option.array === true;
  const one = choices === undefined ? (type ?? "string") : choices.map((choice) => `\`${choice}\``).join(", ");
  if (one === "boolean") return "";
  return isList ? `${one}; several` : one;
}

function defaultText(value: unknown): string {
  if (value === undefined || value === false || (Array.isArray(value) && value.length === 0)) return "";
  return `\`${escaped(String(value))}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function fenced(lines: readonly string[]): string {
  return ["```sh", ...lines, "```"].join("\n");
}

/** Escapes bars, which would end a table cell. */
function escaped(words: string): string {
  return words.replaceAll("|", "\\|");
}

function text(blocks: readonly string[]): string {
  return `${blocks.join("\n\n")}\n`;
}

if (import.meta.main) {
  const files = await generateDocs();
  mkdirSync(DIRECTORY, { recursive: true });
  for (const name of readdirSync(DIRECTORY)) if (!files.has(name)) rmSync(join(DIRECTORY, name));
  for (const [name, content] of files) writeFileSync(join(DIRECTORY, name), content);
  writeFileSync(ENVIRONMENT_PAGE, environmentPage());
  const commands = (await commandPages(COMMANDS)).map(({ words }) => words.join(" "));
  writeFileSync(JSON_PAGE, jsonPage(commands));
  console.log(`Wrote ${files.size} files to ${join(dirname(DIRECTORY), "commands")}`);
}
