import type { Declared, DeclaredOption } from "../commands/declaration.ts";
import type { Declarations } from "./declared.ts";
import { type CommandEntry, type CommandSection, type Entry, namesOf } from "./entries.ts";
import { ASKING_OPTIONS, GLOBAL_OPTIONS } from "./global-options.ts";
import { continued, type Row, rowLines, wrapped } from "./help-layout.ts";
import { valueName } from "./value-names.ts";

const EXIT_CODE_LINE = "Exit codes: 0 done, 1 failed, 2 usage, 75 worth retrying, 130 interrupted";

/** Help for the program: its commands, by what they are for. */
export function programHelp(sections: readonly CommandSection[], columns: number): string {
  return joined([
    ["Installs programs from OCI registries, verified."],
    ["Usage: pkg <command> [options]"],
    ...sections.map(({ title, entries }) => titled(title, commandRows(["pkg"], entries), columns)),
    globalOptions(columns),
    wrapped(
      "`pkg COMMAND --help` and `pkg help COMMAND` say more about a command, with examples; `pkg help environment` says which variables are read.",
      columns,
    ),
    wrapped(EXIT_CODE_LINE, columns),
  ]);
}

/** Help for a group of commands. */
export function groupHelp(words: readonly string[], group: Extract<Entry, { kind: "group" }>, columns: number): string {
  const alone =
    group.alone === null
      ? []
      : [`\`${words.join(" ")}\` alone is \`${[...words, ...namesOf(group.alone).slice(0, 1)].join(" ")}\`.`];
  return joined([
    [`${group.description}.`, ...alone],
    [`Usage: ${words.join(" ")} <command> [options]`],
    titled("Commands", commandRows(words, group.entries), columns),
    globalOptions(columns),
    wrapped(EXIT_CODE_LINE, columns),
  ]);
}

/** A command that help is asked for. */
export interface CommandHelp {
  /** As it was typed, `pkg` first. */
  readonly words: readonly string[];
  readonly entry: CommandEntry;
  readonly declared: Declarations;
  /** How wide it may be, in characters. */
  readonly columns: number;
}

/** Help for a command: its own arguments and options first. */
export function commandHelp({ words, entry, declared, columns }: CommandHelp): string {
  const [own = "", ...others] = entry.usage;
  const group = words.slice(0, -1).join(" ");
  const [, ...positionals] = own.split(" ");
  const name = namesOf(entry)[0] ?? "";
  const also = others.map((other) => `${group} ${other}`);
  return joined([
    wrapped(`Usage: ${[group, name, ...positionals].join(" ")} [options]`, columns),
    [
      ...wrapped(`${entry.description}.`, columns),
      ...(also.length === 0 ? [] : wrapped(`Also: ${also.join(", ")}`, columns)),
    ],
    titled(
      "Arguments",
      [...declared.positionals].map(([key, value]) => [`  ${key}`, described(value)]),
      columns,
    ),
    titled("Options", optionRows(declared.options), columns),
    exampleLines(declared.examples, columns),
    ...declared.epilogue.map((text) => text.split("\n").flatMap((line) => wrapped(line, columns))),
    globalOptions(columns),
    wrapped(EXIT_CODE_LINE, columns),
  ]);
}

function joined(blocks: readonly (readonly string[])[]): string {
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
}

function titled(title: string, rows: readonly Row[], columns: number): readonly string[] {
  return rows.length === 0 ? [] : [`${title}:`, ...rowLines(rows, columns)];
}

function commandRows(words: readonly string[], entries: readonly Entry[]): readonly Row[] {
  return entries.map((entry) => {
    const [name = "", ...others] = namesOf(entry);
    const also = others.length === 0 ? "" : ` (also: ${others.join(", ")})`;
    return [`  ${[...words, name].join(" ")}`, `${entry.description}${also}`];
  });
}

function globalOptions(columns: number): readonly string[] {
  const all = Object.entries<DeclaredOption>({ ...GLOBAL_OPTIONS, ...ASKING_OPTIONS });
  return titled("Options of every command", optionRows(all), columns);
}

function optionRows(options: Iterable<readonly [string, DeclaredOption]>): readonly Row[] {
  return [...options]
    .filter(([, { hidden }]) => hidden !== true)
    .map(([name, option]) => [optionTerm(name, option), described(option, true)]);
}

/** `  -o, --output <PATH>`; a switch that is on by default is shown as it is turned off. */
function optionTerm(name: string, option: DeclaredOption): string {
  const letter = option.alias === undefined ? "   " : `-${option.alias},`;
  const shown = option.type === "boolean" && option.default === true ? `no-${name}` : name;
  const value = valueName(name, option);
  const optional = option.type === "boolean" && value !== null;
  return `  ${letter} --${shown}${value === null ? "" : optional ? `[=${value}]` : ` <${value}>`}`;
}

/** For an argument, the usage says already whether it is needed. */
function described(declared: Declared, isOption = false): string {
  const { description = "", choices, type, array, demandOption } = declared;
  const facts = [
    ...(choices === undefined || type === "boolean" ? [] : [choices.join(", ")]),
    ...defaultFact(declared),
    ...(isOption && array === true && !/repeated|several|again/.test(description) ? ["may be repeated"] : []),
    ...(demandOption === true && isOption ? ["needed"] : []),
  ];
  return facts.length === 0 ? description : `${description} [${facts.join("; ")}]`;
}

function defaultFact({ default: value, type }: Declared): readonly string[] {
  if (value === undefined || type === "boolean" || Array.isArray(value)) return [];
  return [`default: ${String(value)}`];
}

/** Each line as it is typed, so that it can be copied. */
function exampleLines(examples: Declarations["examples"], columns: number): readonly string[] {
  if (examples.length === 0) return [];
  const lines = examples.flatMap(([line, description]) => [
    ...wrapped(`${description}:`, columns - 2).map((text) => `  ${text}`),
    ...continued(line.replaceAll("$0", "pkg"), columns - 4).map((text) => `    ${text}`),
  ]);
  return ["Examples:", ...lines];
}
