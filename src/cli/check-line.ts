import type { Declared, DeclaredOption } from "../commands/declaration.ts";
import type { OptionRule } from "../commands/option-rules.ts";
import type { CalledCommand } from "./called-command.ts";
import { ruleProblem } from "./check-rules.ts";
import { passingOf } from "./passed-words.ts";
import type { ReadWords } from "./read-words.ts";
import { extraArguments, missing, type UsageProblem, unknownOptions, usageError } from "./usage.ts";
import { argumentValues, type Line, optionValues } from "./values.ts";

/** What was typed for a command, and what it takes. */
export interface LineCheck {
  readonly read: ReadWords;
  readonly options: ReadonlyMap<string, DeclaredOption>;
  readonly positionals: ReadonlyMap<string, Declared>;
  /** The command's word and its arguments, such as `add <repository> [url]`. */
  readonly usage: string;
  readonly rules: readonly OptionRule[];
}

/**
 * The values of a command's options and arguments, by name.
 *
 * @throws {PkgError} USAGE for what it does not take, what is missing, and what breaks one of its rules
 */
export function checkedLine(called: CalledCommand, check: LineCheck): Line["values"] {
  const line = lineOrProblem(called, check);
  if ("text" in line) throw usageError(line, called);
  const problem = ruleProblem(line, check.rules);
  if (problem !== null) throw usageError(problem, called);
  return line.values;
}

function lineOrProblem(called: CalledCommand, check: LineCheck): Line | UsageProblem {
  const { read, options, positionals, usage } = check;
  if (read.unknown.length > 0) return unknownOptions(read.unknown, options, called);
  const own = optionValues(read, options);
  if ("text" in own) return own;
  const passing = passingOf(usage);
  const args = argumentValues(read.args, passing?.own ?? usage);
  if ("missing" in args) return missing(`<${args.missing}>`, called);
  if ("extra" in args) return extraArguments(args.extra, options, called);
  const passed = argumentValues(read.passed, passing?.passed ?? "");
  if ("missing" in passed) return missing(`<${passed.missing}>`, called);
  if ("extra" in passed) return extraArguments(passed.extra, options, called);
  const empty = Object.entries(args.values).find(([, value]) => [value].flat().includes(""));
  if (empty !== undefined) return { text: `Cannot use <${empty[0]}>: it is empty`, advice: null };
  const needed = [...options].find(([name, { demandOption }]) => demandOption === true && !own.typed.has(name));
  if (needed !== undefined) return missing(`--${needed[0]}`, called);
  const defaults = [...positionals].map(([name, declared]) => [name, declared.default]);
  return {
    values: { ...own.values, ...Object.fromEntries(defaults), ...args.values, ...passed.values },
    typed: new Map([...own.typed, ...args.typed, ...passed.typed]),
  };
}
