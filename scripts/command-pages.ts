import { type Declarations, declarationsOf } from "../src/cli/declared.ts";
import type { CommandEntry, Entry, GroupEntry } from "../src/cli/entries.ts";
import type { OptionRule } from "../src/commands/option-rules.ts";

/** Everything that a command's module declares. */
export interface CommandPage extends Declarations {
  /** e.g. `["oci", "copy"]` */
  readonly words: readonly string[];
  /** As typed: `pkg oci copy <source> <target>`. */
  readonly usage: string;
  readonly aliases: readonly string[];
  readonly description: string;
  /** Rules for its options. */
  readonly rules: readonly OptionRule[];
  /** The group, as typed, whose default is this command; null for the others. */
  readonly shortForm: string | null;
  /** Whether --dry-run is honoured, or nothing is changed anyway. */
  readonly dryRun: boolean;
  /** Why not; null: it is. */
  readonly noDryRun: string | null;
}

/** One page for each command, those inside groups too, in the order of `pkg --help`. */
export async function commandPages(
  entries: readonly Entry[],
  groups: readonly GroupEntry[] = [],
): Promise<readonly CommandPage[]> {
  const pages: CommandPage[] = [];
  for (const entry of entries) {
    if (entry.kind === "group") pages.push(...(await commandPages(entry.entries, [...groups, entry])));
    else pages.push(await commandPage(entry, groups));
  }
  return pages;
}

async function commandPage(entry: CommandEntry, groups: readonly GroupEntry[]): Promise<CommandPage> {
  const [usage, ...others] = entry.usage;
  const prefix = ["pkg", ...groups.map(({ name }) => name)].join(" ");
  const { command } = await entry.load();
  const declared = declarationsOf((to) => command.options(to).options(entry.options));
  return {
    words: [...groups.map(({ name }) => name), usage.split(" ", 1)[0] ?? ""],
    usage: `${prefix} ${usage}`,
    aliases: others.map((alias) => `${prefix} ${alias}`),
    description: entry.description,
    shortForm: groups.at(-1)?.alone === entry ? prefix : null,
    rules: command.rules ?? [],
    dryRun: command.dryRun === true,
    noDryRun: command.noDryRun ?? null,
    ...declared,
  };
}
