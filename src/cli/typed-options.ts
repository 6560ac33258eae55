import type { Argv } from "yargs";

/** What yargs knows about a command's options once it has parsed a command line. */
export interface TypedOptions {
  /** Every option and positional that takes a value. */
  readonly withValue: readonly string[];
  /** Options that take no value. */
  readonly switches: ReadonlySet<string>;
  /** Options with a value that may be given more than once. */
  readonly lists: ReadonlySet<string>;
  /** True for an option that was typed, rather than set to its default. */
  readonly isTyped: (name: string) => boolean;
}

/** Reads them from `parser`, after it has parsed; yargs has no types for this part of its state. */
export function typedOptions<T>(parser: Argv<T>): TypedOptions {
  const options: unknown = Reflect.apply(Reflect.get(parser, "getOptions"), parser, []);
  const names = (kind: string) => namesAt(options, kind);
  const switches = new Set(names("boolean"));
  const defaulted = new Set(keysAt(Reflect.get(parser, "parsed"), "defaulted"));
  return {
    withValue: keysAt(options, "key").filter((name) => !switches.has(name)),
    switches,
    lists: new Set(names("array")),
    isTyped: (name) => !defaulted.has(name),
  };
}

function namesAt(holder: unknown, key: string): readonly string[] {
  const value = valueAt(holder, key);
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}

function keysAt(holder: unknown, key: string): readonly string[] {
  const value = valueAt(holder, key);
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

function valueAt(holder: unknown, key: string): unknown {
  return typeof holder === "object" && holder !== null ? Reflect.get(holder, key) : undefined;
}
