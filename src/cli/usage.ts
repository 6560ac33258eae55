import type { DeclaredOption } from "../commands/declaration.ts";
import { PkgError } from "../errors.ts";
import { type CalledCommand, commandOf } from "./called-command.ts";
import { namesOf } from "./entries.ts";
import { COLOR_CHOICES } from "./global-options.ts";
import { suggestCommand, suggestOption } from "./suggest.ts";

/** What is wrong with a command line, and what to do about it where the command's usage does not say that. */
export interface UsageProblem {
  readonly text: string;
  /** A sentence with its full stop; null: the usage is enough. */
  readonly advice: string | null;
}

/** The error for a problem, with the command's own usage. */
export function usageError({ text, advice }: UsageProblem, called: CalledCommand): PkgError {
  return new PkgError("USAGE", text, { hint: `${advice === null ? "" : `${advice} `}${helpHint(called)}` });
}

/** A word that should name a command. */
export function unknownCommand(word: string, called: CalledCommand): UsageProblem {
  const isTop = called.words.length === 1;
  const suggested = suggestCommand(word, called.entries, isTop) ?? colorMeant(word, called);
  return {
    text: `Cannot run "${called.words.join(" ")}": it has no command "${word}"`,
    advice: suggested === null ? null : `Did you mean ${suggested}?`,
  };
}

/** Options that the command does not have. */
export function unknownOptions(
  unknown: readonly string[],
  options: ReadonlyMap<string, DeclaredOption>,
  called: CalledCommand,
): UsageProblem {
  const suggested = unknown.map((word) => suggestOption(word, options)).find((found) => found !== null);
  return {
    text: `Cannot run "${called.words.join(" ")}": it has no ${listed("option", unknown)}`,
    advice: suggested === undefined ? null : `Did you mean ${suggested}?`,
  };
}

/** Arguments beyond those that the command takes. */
export function extraArguments(
  extra: readonly string[],
  options: ReadonlyMap<string, DeclaredOption>,
  called: CalledCommand,
): UsageProblem {
  const [first = ""] = extra;
  const suggested =
    colorMeant(first, called) ??
    switchMeant(first, called) ??
    (options.get("version")?.type === "string" ? versionMeant(first, called) : null);
  return {
    text: `Cannot run "${called.words.join(" ")}": it has no ${listed("argument", extra)}`,
    advice: suggested === null ? null : `Did you mean ${suggested}?`,
  };
}

/** Words after a `--` that nothing stands before. */
export function commandAfterDashes(args: readonly string[], { words }: CalledCommand): UsageProblem {
  const line = [...words, ...args].join(" ");
  return {
    text: `Cannot run "${words.join(" ")}": a command has to stand before "--"`,
    advice: `Did you mean ${line}?`,
  };
}

/** The error for a group whose command is missing. */
export function noCommand(called: CalledCommand): PkgError {
  const names = called.entries.map((entry) => namesOf(entry)[0]).join(", ");
  return new PkgError("USAGE", `Name a command of "${called.words.at(-1)}"`, { hint: `${helpHint(called)}: ${names}` });
}

/** An argument or an option that has to be typed. */
export function missing(what: string, { words }: CalledCommand): UsageProblem {
  return { text: `Cannot run "${words.join(" ")}": ${what} is missing`, advice: null };
}

/** pkg's own version, asked for where a version of something else was meant. */
export function notAVersion(called: CalledCommand): UsageProblem {
  return {
    text: `Cannot run "${called.words.join(" ")}": it has no option "--version"`,
    advice: "A package's version is typed as NAME@VERSION; `pkg --version` alone prints that of pkg.",
  };
}

function colorMeant(word: string, { rest }: CalledCommand): string | null {
  const isColor = COLOR_CHOICES.some((choice) => choice === word);
  return isColor && rest.includes("--color") ? `--color=${word}` : null;
}

function switchMeant(word: string, { rest }: CalledCommand): string | null {
  const before = rest[rest.indexOf(word) - 1];
  return (word === "true" || word === "false") && before?.startsWith("--") ? `${before}=${word}` : null;
}

/** A version after what it is of, as if it were an argument of its own. */
function versionMeant(word: string, { rest }: CalledCommand): string | null {
  if (!/^v?\d/.test(word)) return null;
  const before = rest[rest.indexOf(word) - 1];
  const asTag = before === undefined || before.startsWith("-") ? "" : `, or ${before}:${word}`;
  return `--version ${word}${asTag}`;
}

function listed(noun: string, words: readonly string[]): string {
  const unique = [...new Set(words)].map((word) => `"${word}"`);
  return `${noun}${unique.length === 1 ? "" : "s"} ${unique.join(" and ")}`;
}

function helpHint(called: CalledCommand): string {
  const { words, entries } = called;
  const help = `\`${words.join(" ")} --help\``;
  const command = commandOf(called);
  if (command === null || entries.length > 0) return `${help} lists the commands`;
  const [, ...positionals] = command.usage[0].split(" ");
  return `Usage: ${[...words, ...positionals].join(" ")}; see ${help}`;
}
