/**
 * Writes the man page from the program's own table of commands: `node scripts/man.ts FILE`. The same program gives the same
 * bytes.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import manifest from "../package.json" with { type: "json" };
import { COMMANDS } from "../src/cli/command-table.ts";
import { ENVIRONMENT } from "../src/cli/environment.ts";
import { ASKING_OPTIONS, GLOBAL_OPTIONS } from "../src/cli/global-options.ts";
import { continued } from "../src/cli/help-layout.ts";
import { valueName } from "../src/cli/value-names.ts";
import type { DeclaredOption } from "../src/commands/declaration.ts";
import { EXIT_CODES } from "../src/errors.ts";
import { type CommandPage, commandPages } from "./command-pages.ts";

/** `pkg.1`, in the man macros. @see groff_man(7) */
export async function manPage(): Promise<string> {
  const pages = await commandPages(COMMANDS);
  return `${[
    `.TH PKG 1 "" "pkg ${manifest.version}" "User Commands"`,
    ".SH NAME",
    "pkg \\- a package manager whose backend is any OCI registry",
    ".SH SYNOPSIS",
    ".B pkg\n.I command\n[\\fIarguments\\fR]\n[\\fIoptions\\fR]",
    ".SH COMMANDS",
    ...pages.flatMap(commandText),
    ".SH OPTIONS OF EVERY COMMAND",
    ...optionTexts(Object.entries<DeclaredOption>({ ...GLOBAL_OPTIONS, ...ASKING_OPTIONS })),
    ".SH ENVIRONMENT",
    ...ENVIRONMENT.flatMap(({ variables }) => variables.flatMap(({ name, meaning }) => tagged(bold(name), meaning))),
    ".SH EXIT STATUS",
    ...Object.entries(EXIT_CODES).flatMap(([name, code]) => tagged(bold(String(code)), name)),
  ].join("\n")}\n`;
}

function commandText({ usage, aliases, description, options, examples }: CommandPage): readonly string[] {
  const also = aliases.length === 0 ? "" : ` Also: ${aliases.join(", ")}.`;
  return [
    `.SS ${quoted(usage)}`,
    roff(`${description}.${also}`),
    ...optionTexts(options),
    ...examples.flatMap(([line, meaning]) => [
      ".PP",
      roff(`${meaning}:`),
      ".PP",
      ".nf",
      ...exampleLines(line.replaceAll("$0", "pkg")),
      ".fi",
    ]),
  ];
}

/** Narrow enough for a page in a terminal of 80 columns, which `man` indents. */
const EXAMPLE_COLUMNS = 66;

function exampleLines(line: string): readonly string[] {
  return continued(line, EXAMPLE_COLUMNS).map((text) => {
    const blanks = /^ */.exec(text)?.[0] ?? "";
    return `    ${blanks}${roff(text.slice(blanks.length)).replace(/^\\&/, "")}`;
  });
}

function optionTexts(options: Iterable<readonly [string, DeclaredOption]>): readonly string[] {
  return [...options]
    .filter(([, { hidden }]) => hidden !== true)
    .flatMap(([name, option]) => {
      const isOn = option.type === "boolean" && option.default === true;
      const value = option.type === "boolean" ? null : valueName(name, option);
      const letter = option.alias === undefined ? "" : `${bold(`-${option.alias}`)}, `;
      const term = `${letter}${bold(`--${isOn ? "no-" : ""}${name}`)}${value === null ? "" : ` \\fI${roff(value)}\\fR`}`;
      const choices = option.choices === undefined ? "" : ` (${option.choices.join(", ")})`;
      return tagged(term, `${option.description ?? ""}${choices}`);
    });
}

function tagged(term: string, text: string): readonly string[] {
  return [".TP", term, roff(text)];
}

function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`;
}

function quoted(text: string): string {
  return `"${roff(text).replaceAll('"', "\\(dq")}"`;
}

/** Text as it is: no character of it means anything to roff. */
function roff(text: string): string {
  const plain = text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("\u2026", "...").replaceAll(/\s+/g, " ");
  return /^[.']/.test(plain) ? `\\&${plain}` : plain;
}

if (import.meta.main) {
  const path = resolve(process.argv[2] ?? "dist/pkg.1");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await manPage());
}
