import { addAll } from "../base/many.ts";
import type { DeclaredOption } from "../commands/declaration.ts";
import { type CommandEntry, type Entry, type GroupEntry, namesOf } from "./entries.ts";
import { COMMON_OPTIONS } from "./global-options.ts";

/** What the words of a command line name. */
export interface CalledCommand {
  /** `pkg`, and the words of groups and command; aliases as they were typed. */
  readonly words: readonly string[];
  /** The command; or the group, if no command of it is named; or null, if there is neither. */
  readonly entry: Entry | null;
  /** Every entry that may come next; none after a command. */
  readonly entries: readonly Entry[];
  /** The first word that should name an entry, and does not; null if there is none. */
  readonly unknown: string | null;
  /** The whole line. */
  readonly typed: readonly string[];
  /** Everything else that was typed, in order: options, arguments, and the unknown word. */
  readonly rest: readonly string[];
}

/** Follows the words of a command line as far as they name something. Options may stand before and between them. */
export function calledCommand(all: readonly Entry[], typed: readonly string[]): CalledCommand {
  const words = ["pkg"];
  const rest: string[] = [];
  let group: GroupEntry | null = null;
  let entries = all;
  for (let at = 0; at < typed.length; at += 1) {
    const word = typed[at] ?? "";
    if (word === "--")
      return { words, typed, entry: group, entries, unknown: null, rest: [...rest, ...typed.slice(at)] };
    if (isOption(word)) {
      const length = optionLength(typed.slice(at), entries);
      addAll(rest, typed.slice(at, at + length));
      at += length - 1;
      continue;
    }
    const entry = entries.find((candidate) => namesOf(candidate).includes(word));
    if (entry === undefined)
      return { words, typed, entry: group, entries, unknown: word, rest: [...rest, ...typed.slice(at)] };
    words.push(word);
    if (entry.kind === "command")
      return { words, typed, entry, entries: [], unknown: null, rest: [...rest, ...typed.slice(at + 1)] };
    [group, entries] = [entry, entry.entries];
  }
  return { words, typed, entry: group, entries, unknown: null, rest };
}

/** The command that runs for a line: the one that is named, or the one that a group runs alone; null if there is none. */
export function commandOf({ entry }: CalledCommand): CommandEntry | null {
  return entry?.kind === "group" ? entry.alone : entry;
}

/** True for `-x` and `--name`; a lone `-` stands for a stream. */
export function isOption(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

/** How many words the option at the start of `typed` takes up. One of a command that is still to come takes two if that leads to it. */
function optionLength(typed: readonly string[], entries: readonly Entry[]): 1 | 2 {
  const [option = "", value] = typed;
  if (value === undefined || isOption(value) || option.includes("=")) return 1;
  const known = knownOption(option);
  if (known !== undefined) return known.type === "boolean" ? 1 : 2;
  const names = new Set(entries.flatMap(namesOf));
  return !names.has(value) && typed.slice(2).some((word) => names.has(word)) ? 2 : 1;
}

function knownOption(word: string): DeclaredOption | undefined {
  if (word.startsWith("--")) return COMMON_OPTIONS.get(word.replace(/^--(?:no-)?/, ""));
  const letters = [...word.slice(1)].map((letter) =>
    [...COMMON_OPTIONS.values()].find(({ alias }) => alias === letter),
  );
  return letters.at(-1);
}
