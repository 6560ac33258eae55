import type { DeclaredOption } from "../commands/declaration.ts";
import type { Given, ReadWords } from "./read-words.ts";
import type { UsageProblem } from "./usage.ts";

/** What a command's `run` gets, and how it was typed. */
export interface Line {
  /** Every declared option and argument by name, with its value or its default. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The text of each option and argument that was typed; a switch that was turned off is `no-NAME`. */
  readonly typed: ReadonlyMap<string, string>;
}

type Options = ReadonlyMap<string, DeclaredOption>;

/** The values of all options, or what is wrong with what was typed. */
export function optionValues({ given }: Pick<ReadWords, "given">, options: Options): Line | UsageProblem {
  const values: Record<string, unknown> = {};
  const typed = new Map<string, string>();
  for (const [name, option] of options) {
    const own = given.filter((one) => one.name === name);
    const problem = problemOf(name, own, option);
    if (problem !== null) return problem;
    const [first, ...more] = own.map((one) => typedValue(one, option));
    const list = option.array === true && first !== undefined ? [first, ...more] : undefined;
    values[name] = list ?? first ?? option.default;
    if (first !== undefined) typed.set(first === false ? `no-${name}` : name, own[0]?.text ?? "");
  }
  return { values, typed };
}

/** The values of the arguments that a usage such as `<reference> [files..]` names, or which are missing, or too many. */
export function argumentValues(
  args: readonly string[],
  usage: string,
): Line | { readonly missing: string } | { readonly extra: readonly string[] } {
  const values: Record<string, unknown> = {};
  const typed = new Map<string, string>();
  const left = [...args];
  for (const [, bracket, name = "", several] of usage.matchAll(/([<[])([\w-]+)(\.\.)?[>\]]/g)) {
    const own = left.splice(0, several === undefined ? 1 : left.length);
    const [first] = own;
    if (first === undefined && bracket === "<") return { missing: name };
    if (first === undefined) continue;
    values[name] = several === undefined ? first : own;
    typed.set(name, first);
  }
  return left.length > 0 ? { extra: left } : { values, typed };
}

function problemOf(name: string, own: readonly Given[], option: DeclaredOption): UsageProblem | null {
  const problem = own.map((one) => valueProblem(one, option)).find((found) => found !== null);
  if (problem !== undefined) return problem;
  if (option.array === true || own.length < 2) return null;
  const isSame = new Set(own.map((one) => typedValue(one, option))).size === 1;
  if (option.type === "boolean" && isSame) return null;
  const found = own.map((one) => `"${option.type === "boolean" ? asTyped(one) : one.text}"`).join(" and ");
  return { text: `Cannot use --${name} more than once: found ${found}`, advice: null };
}

function valueProblem(given: Given, option: DeclaredOption): UsageProblem | null {
  const { name, negated, text, next } = given;
  const shown = `--${negated ? "no-" : ""}${name}`;
  if (negated || option.type === "boolean") return switchProblem(shown, given, option);
  if (text === null) {
    const advice = next === undefined || next === "--" ? null : `Type ${shown}=${next} if "${next}" is its value.`;
    return { text: `Cannot use ${shown}: it has no value`, advice };
  }
  if (text === "") return { text: `Cannot use ${shown}: its value is empty`, advice: null };
  if (option.choices === undefined || option.choices.includes(text)) return null;
  return { text: `Cannot use ${shown}: expected ${choicesOf(option.choices)}, found "${text}"`, advice: null };
}

function switchProblem(shown: string, { negated, text }: Given, { choices = [] }: DeclaredOption): UsageProblem | null {
  if (text === null || (!negated && ["true", "false", ...choices].includes(text))) return null;
  const expected = choices.length > 0 && !negated ? `expected ${choicesOf(choices)}` : "it takes no value";
  return { text: `Cannot use ${shown}: ${expected}, found "${text}"`, advice: null };
}

function choicesOf(choices: readonly string[]): string {
  return `one of ${choices.map((choice) => `"${choice}"`).join(", ")}`;
}

/** Only for what has no problem. */
function typedValue({ negated, text }: Given, { type, choices }: DeclaredOption): unknown {
  if (negated || (type === "boolean" && text === "false")) return false;
  if (type === "boolean") return text !== null && choices?.includes(text) === true ? text : true;
  if (type !== "number") return text;
  return text !== null && /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function asTyped({ name, negated, text }: Given): string {
  return `--${negated ? "no-" : ""}${name}${text === null ? "" : `=${text}`}`;
}
