import yargs, { type Argv, type Options, type PositionalOptions } from "yargs";
import type { CommandEntry, Entry, GroupEntry } from "../src/cli/entries.ts";
import type { OptionRule } from "../src/commands/option-rules.ts";

/** Everything that a command's module declares. */
export interface CommandPage {
  /** e.g. `["oci", "copy"]` */
  readonly words: readonly string[];
  /** As typed: `pkg oci copy <source> <target>`. */
  readonly usage: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly positionals: ReadonlyMap<string, PositionalOptions>;
  readonly options: ReadonlyMap<string, Options>;
  /** Rules for its options. */
  readonly rules: readonly OptionRule[];
  readonly examples: readonly (readonly [command: string, description: string])[];
  readonly epilogue: readonly string[];
  /** The group, as typed, whose default is this command; null for the others. */
  readonly shortForm: string | null;
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
  const declared = record((parser) => command.options(parser.options(entry.options)));
  return {
    words: [...groups.map(({ name }) => name), usage.split(" ", 1)[0] ?? ""],
    usage: `${prefix} ${usage}`,
    aliases: others.map((alias) => `${prefix} ${alias}`),
    description: entry.description,
    shortForm: groups.at(-1)?.alone === entry ? prefix : null,
    rules: command.rules ?? [],
    ...declared,
  };
}

type Declared = Pick<CommandPage, "positionals" | "options" | "examples" | "epilogue">;

/**
 * What a command declares: each call that it makes is recorded, and passed on to a real parser. Help text would have to be
 * parsed, and the parser itself keeps no public record.
 *
 * @throws {Error} for a call that this does not know, so that no page leaves out what a command takes
 */
function record(declare: (parser: Argv) => unknown): Declared {
  const positionals = new Map<string, PositionalOptions>();
  const options = new Map<string, Options>();
  const examples: [string, string][] = [];
  const epilogue: string[] = [];
  const addOption = (name: string, option: Options) => options.set(name, option);
  const notes: Readonly<Record<string, (...args: never) => unknown>> = {
    positional: (name: string, option: PositionalOptions) => positionals.set(name, option),
    option: addOption,
    options: (named: Readonly<Record<string, Options>>) =>
      Object.entries(named).map(([name, option]) => addOption(name, option)),
    example: (command: string, description: string) => examples.push([command, description]),
    epilogue: (text: string) => epilogue.push(text),
  };
  const recorder: Argv = new Proxy(yargs([]).version(false), {
    get:
      (parser, key) =>
      (...args: readonly unknown[]) => {
        const note = notes[String(key)];
        if (note === undefined)
          throw new Error(`Cannot document "${String(key)}": scripts/command-pages.ts does not know it`);
        Reflect.apply(note, undefined, args);
        Reflect.apply(Reflect.get(parser, key), parser, args);
        return recorder;
      },
  });
  declare(recorder);
  return { positionals, options, examples, epilogue };
}
