import type { Command } from "../commands/command.ts";
import type { DeclaredOption } from "../commands/declaration.ts";

/** A command, or a group of commands under one word. */
export type Entry = CommandEntry | GroupEntry;

/** One command. Its module is loaded only when the command is typed. */
export interface CommandEntry {
  readonly kind: "command";
  /** The command with its positionals, then its aliases. */
  readonly usage: readonly [string, ...string[]];
  readonly description: string;
  /** Options it takes besides those that its module declares. */
  readonly options: Readonly<Record<string, DeclaredOption>>;
  /** Values of its options that this entry sets; nobody types them. */
  readonly preset?: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: each command has arguments of its own, which only it knows
  readonly load: () => Promise<{ readonly command: Command<any> }>;
}

/** Commands, and groups of them, behind one word. */
export interface GroupEntry {
  readonly kind: "group";
  readonly name: string;
  readonly description: string;
  readonly entries: readonly Entry[];
  /** The command that runs when the group's word stands alone, without options of its own; null: one must be named. */
  readonly alone: CommandEntry | null;
}

/** Commands that belong together, in help. */
export interface CommandSection {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** Makes a command; `usage` is its word with the positionals, or a list of these that begins with its main name. */
export function entry(
  usage: string | CommandEntry["usage"],
  description: string,
  load: CommandEntry["load"],
  options: CommandEntry["options"] = {},
): CommandEntry {
  return { kind: "command", usage: typeof usage === "string" ? [usage] : usage, description, load, options };
}

/** Makes a group in which a command must be named, unless `alone` says which one runs by default. */
export function group(
  name: string,
  description: string,
  entries: readonly Entry[],
  alone: CommandEntry | null = null,
): GroupEntry {
  return { kind: "group", name, description, entries, alone };
}

/** The commands among some entries, those of groups and those that a group runs alone among them, in order. */
export function commandsIn(entries: readonly Entry[]): readonly CommandEntry[] {
  return entries.flatMap((each) => {
    if (each.kind === "command") return [each];
    return [...(each.alone === null ? [] : [each.alone]), ...commandsIn(each.entries)];
  });
}

/** The words that call an entry: its own and its aliases. */
export function namesOf(entry: Entry): readonly string[] {
  return entry.kind === "group" ? [entry.name] : entry.usage.map((form) => form.split(" ", 1)[0] ?? "");
}
