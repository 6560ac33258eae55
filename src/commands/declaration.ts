/** What can be said of an option, or of an argument, when a command declares it. */
export interface Declared {
  /** Default: text, or one of `choices`. A boolean takes no value and is turned off by `--no-NAME`. */
  readonly type?: "string" | "number" | "boolean";
  readonly description?: string;
  /** The value where nothing is typed; without one it is undefined, and an option that is given twice is refused. */
  readonly default?: unknown;
  /** May be given more than once. */
  readonly array?: boolean;
  readonly choices?: readonly string[];
  /** It has to be typed. */
  readonly demandOption?: boolean;
}

/** One option of a command. */
export interface DeclaredOption extends Declared {
  /** One letter. */
  readonly alias?: string;
  /** What its value is called in help; default: its type, or its own name. */
  readonly value?: string;
  /** 1: a list takes one word each time it is given. Otherwise it also takes the words that follow and fit. */
  readonly nargs?: 1;
  /** An option that takes a value never goes without one; a reminder for readers. */
  readonly requiresArg?: true;
  /** Left out of help. */
  readonly hidden?: true;
}

/** What `run` is given for a declared option or argument. */
export type ValueOf<O extends Declared> = O["array"] extends true
  ? readonly OneOf<O>[]
  : O extends { readonly default: unknown } | { readonly demandOption: true }
    ? OneOf<O>
    : OneOf<O> | undefined;

type OneOf<O extends Declared> = O extends { readonly choices: readonly (infer C)[] }
  ? C
  : O["type"] extends "boolean"
    ? boolean
    : O["type"] extends "number"
      ? number
      : O["type"] extends "string"
        ? string
        : O extends { readonly default: infer D }
          ? D extends readonly unknown[]
            ? string
            : D
          : string;

/** The values of several options. */
export type ValuesOf<O extends Readonly<Record<string, Declared>>> = {
  readonly [name in keyof O]: ValueOf<O[name]>;
};

/** Collects what a command takes after its name; `T` is what its `run` is given. */
export interface Declaration<T> {
  /** An argument; where it stands, and whether it may be left out, is said by the command's entry in the table. */
  positional<const K extends string, const O extends Declared>(
    name: K,
    declared: O,
  ): Declaration<T & { readonly [name in K]: ValueOf<O> }>;
  option<const K extends string, const O extends DeclaredOption>(
    name: K,
    declared: O,
  ): Declaration<T & { readonly [name in K]: ValueOf<O> }>;
  options<const O extends Readonly<Record<string, DeclaredOption>>>(declared: O): Declaration<T & ValuesOf<O>>;
  /** A command line, `$0` for the program's name, and what it is for. */
  example(line: string, description: string): Declaration<T>;
  /** What else is to be known, at the end of the help. */
  epilogue(text: string): Declaration<T>;
}
