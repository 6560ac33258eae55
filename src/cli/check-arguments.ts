import type { OptionRule, WholeNumberRule } from "../commands/option-rules.ts";
import type { TypedOptions } from "./typed-options.ts";
import { type CalledCommand, type UsageProblem, unknownProblem, usageError } from "./usage.ts";

/** A command line that yargs has accepted. */
interface Checked {
  readonly rules: readonly OptionRule[];
  /** The values, by name. */
  readonly args: object;
  readonly options: TypedOptions;
  /** The options and arguments as they were typed, up to a lone `--`. */
  readonly words: readonly string[];
}

/**
 * Refuses what yargs accepts but no command can mean: an argument typed as an option, a switch with a value, one value
 * given twice, an empty value, and anything that breaks a rule of the command.
 *
 * @throws {PkgError} USAGE
 */
export function checkArguments(line: Omit<Checked, "words">, called: CalledCommand): void {
  const end = called.typed.indexOf("--");
  const checked = { ...line, words: end === -1 ? called.typed : called.typed.slice(0, end) };
  const problem =
    argumentProblem(checked, called) ?? switchProblem(checked) ?? valueProblem(checked) ?? ruleProblem(checked);
  if (problem !== null) throw usageError(problem, called);
}

/** yargs lets `<name>` be typed as `--name`; if it is typed both ways, yargs drops one of them. */
function argumentProblem({ words }: Checked, called: CalledCommand): UsageProblem | null {
  const name = argumentsOf(called).find((argument) => typedText(argument, words) !== undefined);
  return name === undefined ? null : unknownProblem([name], called);
}

function argumentsOf({ entry }: CalledCommand): readonly string[] {
  return [...(entry?.usage[0].matchAll(/[<[]([\w-]+)/g) ?? [])].map(([, name = ""]) => name);
}

function valueProblem({ args, options, words }: Checked): UsageProblem | null {
  for (const name of options.withValue) {
    const value: unknown = Reflect.get(args, name);
    if (Array.isArray(value) && !options.lists.has(name)) {
      const found = value.map((one) => `"${one}"`).join(" and ");
      return { text: `Cannot use --${name} more than once: found ${found}`, advice: null };
    }
    if (isEmpty(value) || typedText(name, words) === "") {
      return { text: `Cannot use --${name}: its value is empty`, advice: null };
    }
  }
  return null;
}

/** yargs takes `--dry-run=yes` to turn the switch off. */
function switchProblem({ options, words }: Checked): UsageProblem | null {
  for (const word of words) {
    const [, name = "", value = ""] = /^--([\w-]+)=(.*)$/s.exec(word) ?? [];
    if (options.switches.has(name) && value !== "true" && value !== "false") {
      return { text: `Cannot use --${name}: it takes no value, found "${value}"`, advice: null };
    }
  }
  return null;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.includes("") : value === "";
}

function ruleProblem(line: Checked): UsageProblem | null {
  for (const rule of line.rules) {
    const problem = problemWith(rule, line);
    if (problem !== null) return problem;
  }
  return null;
}

function problemWith(rule: OptionRule, line: Checked): UsageProblem | null {
  if (!isGiven(rule.option, line)) return null;
  switch (rule.kind) {
    case "whole-number":
      return numberProblem(rule, line);
    case "needs":
      if (isGiven(rule.other, line)) return null;
      return {
        text: `Cannot use --${rule.option}: ${rule.because ?? `--${rule.other} is missing`}`,
        advice: `Add --${rule.other}, or leave --${rule.option} out.`,
      };
    case "excludes": {
      const other = rule.others.find((name) => isGiven(name, line));
      if (other === undefined) return null;
      return { text: `Cannot use --${other}: ${rule.because}`, advice: `Leave --${other} out.` };
    }
  }
}

function numberProblem({ option, from, to, what }: WholeNumberRule, { args, words }: Checked): UsageProblem | null {
  const value: unknown = Reflect.get(args, option);
  const highest = to ?? Number.MAX_SAFE_INTEGER;
  if (typeof value === "number" && Number.isInteger(value) && value >= from && value <= highest) return null;
  const expected = what ?? `a whole number from ${from}${to === null ? "" : ` to ${to}`}`;
  const found = typedText(option, words) ?? value;
  return { text: `Cannot use --${option}: expected ${expected}, found "${found}"`, advice: null };
}

/** Whether an option was typed; `no-NAME` asks whether a switch was turned off. */
function isGiven(name: string, { args, options }: Checked): boolean {
  const positive = name.replace(/^no-/, "");
  const value: unknown = Reflect.get(args, positive);
  if (value === undefined || !options.isTyped(positive)) return false;
  if (positive !== name) return value === false;
  return value !== false;
}

/** The value as it was typed: yargs turns what is not a number into NaN, and an empty value into 0. */
function typedText(option: string, words: readonly string[]): string | undefined {
  const joined = words.find((word) => word.startsWith(`--${option}=`));
  if (joined !== undefined) return joined.slice(`--${option}=`.length);
  const at = words.indexOf(`--${option}`);
  return at === -1 ? undefined : words[at + 1];
}
