import type { Declaration, Declared, DeclaredOption } from "../commands/declaration.ts";
import type { CommandEntry } from "./entries.ts";

/** Everything that a command says of what may be typed after its name. */
export interface Declarations {
  readonly positionals: ReadonlyMap<string, Declared>;
  readonly options: ReadonlyMap<string, DeclaredOption>;
  /** `$0` stands for the program's name. */
  readonly examples: readonly (readonly [line: string, description: string])[];
  readonly epilogue: readonly string[];
}

/** The options that a command takes besides those that all take, by their names. Its module is loaded. */
export async function ownOptions({ load, options }: CommandEntry): Promise<Readonly<Record<string, DeclaredOption>>> {
  const { command } = await load();
  return Object.fromEntries(declarationsOf((to) => command.options(to).options(options)).options);
}

/** Runs a command's `options`, and keeps what it declares. */
export function declarationsOf(declare: (to: Declaration<unknown>) => unknown): Declarations {
  const positionals = new Map<string, Declared>();
  const options = new Map<string, DeclaredOption>();
  const examples: (readonly [string, string])[] = [];
  const epilogue: string[] = [];
  const collector: Declaration<never> = {
    positional(name, declared) {
      positionals.set(name, declared);
      return collector;
    },
    option(name, declared) {
      options.set(name, declared);
      return collector;
    },
    options(declared) {
      for (const [name, option] of Object.entries(declared)) options.set(name, option);
      return collector;
    },
    example(line, description) {
      examples.push([line, description]);
      return collector;
    },
    epilogue(text) {
      epilogue.push(text);
      return collector;
    },
  };
  declare(collector);
  return { positionals, options, examples, epilogue };
}
