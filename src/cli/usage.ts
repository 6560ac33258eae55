import { PkgError } from "../errors.ts";
import type { CommandEntry, Entry } from "./command-table.ts";
import { namesOf } from "./command-table.ts";

/** The messages of yargs that are not in our form; `%s` stands where yargs has it. */
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
  };
}

/** Chosen by the number that comes first. */
interface Plural {
  readonly one: string;
  readonly other: string;
}

/** What the first words of a command line name. */
export interface CalledCommand {
  /** `pkg`, and the words of groups and command; aliases as they were typed. */
  readonly words: readonly string[];
  /** Null where the words name no command, or a group of commands. */
  readonly entry: CommandEntry | null;
}

/** Follows the words of a command line as far as they name something. */
export function calledCommand(entries: readonly Entry[], typed: readonly string[]): CalledCommand {
  const words = ["pkg"];
  let inside = entries;
  for (const word of typed) {
    const entry = inside.find((candidate) => namesOf(candidate).includes(word));
    if (entry === undefined) {
      // Options may come before the command, and their values with them.
      if (words.length === 1 || word.startsWith("-")) continue;
      break;
    }
    words.push(word);
    if (entry.kind === "command") return { words, entry };
    inside = entry.entries;
  }
  return { words, entry: null };
}

/** What yargs says of a command line, with the command's own usage. */
export function usageError(message: string, { words, entry }: CalledCommand): PkgError {
  const told = message
    .trim()
    .replace(/^(Cannot use a value)\n+/, "$1: ")
    .replaceAll(/\n\s*/g, ". ");
  const help = `\`${words.join(" ")} --help\``;
  const [, ...positionals] = entry?.usage[0].split(" ") ?? [];
  const usage = [...words, ...positionals].join(" ");
  const hint = entry === null ? `${help} lists the commands` : `Usage: ${usage}; ${help} tells more`;
  return new PkgError("USAGE", told.replace(/ {2,}/g, " "), { hint });
}
