import { PkgError } from "../errors.ts";
import { unmarkedText } from "./dashed-words.ts";
import { type CommandEntry, type Entry, namesOf } from "./entries.ts";

/** Replacements for those messages of yargs that are not in our form; `%s` is where yargs inserts its values. */
export function yargsStrings(called: CalledCommand): Readonly<Record<string, string | Plural>> {
  const few = `Cannot run "${called.words.join(" ")}": found %s arguments, expected at least %s`;
  return {
    "Not enough non-option arguments: got %s, need at least %s": {
      one: few.replace("arguments", "argument"),
      other: few,
    },
    "Not enough arguments following: %s": "Cannot use an option: %s has no value",
    "Invalid values:": "Cannot use a value",
    "Argument: %s, Given: %s, Choices: %s": "%s is %s, expected one of %s",
    "Unknown argument: %s": { one: `${UNKNOWN}%s`, other: `${UNKNOWN}%s` },
    "Did you mean %s?": `${SUGGESTED}%s`,
  };
}

/** The texts before the names that yargs does not know, which are separated by commas, and before the suggested one. */
const UNKNOWN = "unknown: ";
const SUGGESTED = "suggested: ";

/** The form is chosen by the first number in the message. */
interface Plural {
  readonly one: string;
  readonly other: string;
}

/** What the first words of a command line name. */
export interface CalledCommand {
  /** `pkg`, and the words of groups and command; aliases as they were typed. */
  readonly words: readonly string[];
  /** Null if the words name no command, or a group of commands. */
  readonly entry: CommandEntry | null;
  /** The whole command line. */
  readonly typed: readonly string[];
  /** The word after those; null if there is none, or if it is an option. */
  readonly next: string | null;
}

/** Follows the words of a command line as far as they name something. */
export function calledCommand(entries: readonly Entry[], typed: readonly string[]): CalledCommand {
  const words = ["pkg"];
  let [inside, next] = [entries, wordAt(typed, 0)];
  for (const [position, word] of typed.entries()) {
    const entry = inside.find((candidate) => namesOf(candidate).includes(word));
    if (entry === undefined) {
      // Options may come before the command, and their values with them.
      if (words.length === 1 || word.startsWith("-")) continue;
      break;
    }
    words.push(word);
    next = wordAt(typed, position + 1);
    if (entry.kind === "command") return { words, entry, typed, next };
    inside = entry.entries;
  }
  return { words, entry: null, typed, next };
}

function wordAt(typed: readonly string[], position: number): string | null {
  const word = typed[position];
  return word === undefined || word.startsWith("-") ? null : word;
}

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

/** What yargs says about a command line, in our words. */
export function yargsProblem(message: string, called: CalledCommand): UsageProblem {
  const { words, next } = called;
  if (message.startsWith(UNKNOWN)) {
    return unknownProblem(unmarkedText(message.slice(UNKNOWN.length)).split(", "), called);
  }
  if (message.startsWith(SUGGESTED)) {
    const what = next === null ? "such command" : `command "${next}"`;
    return {
      text: `Cannot run "${words.join(" ")}": it has no ${what}`,
      advice: `Did you mean ${message.slice(SUGGESTED.length)}?`,
    };
  }
  const told = unmarkedText(message)
    .trim()
    .replace(/^(Cannot use a value)\n+/, "$1: ")
    .replaceAll(/\n\s*/g, ". ");
  return { text: told.replace(/ {2,}/g, " "), advice: null };
}

/** Names of options, commands or arguments that the command does not have. */
export function unknownProblem(names: readonly string[], { words, entry, typed }: CalledCommand): UsageProblem {
  const unknown = [...new Set(names.map((name) => asTyped(name, typed)))];
  const isOption = unknown.some((word) => word.startsWith("-"));
  const kind = isOption ? "option" : entry === null ? "command" : "argument";
  const shown = unknown.map((word) => `"${word}"`).join(" and ");
  return { text: `Cannot run "${words.join(" ")}": it has no ${kind} ${shown}`, advice: null };
}

/** Turns both `max-body` and `maxBody` into `--max-body`: yargs names both when the first was typed. */
function asTyped(name: string, typed: readonly string[]): string {
  const kebab = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const forms = [name, kebab].flatMap((form) => [`--${form}`, `--no-${form}`, `-${form}`]);
  const option = typed.map((word) => word.split("=", 1)[0] ?? "").find((word) => forms.includes(word));
  return option ?? name;
}

function helpHint({ words, entry }: CalledCommand): string {
  const help = `\`${words.join(" ")} --help\``;
  if (entry === null) return `${help} lists the commands`;
  const [, ...positionals] = entry.usage[0].split(" ");
  return `Usage: ${[...words, ...positionals].join(" ")}; see ${help}`;
}
