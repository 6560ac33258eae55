/** Where the words of another program begin in a command line, as the command's usage says. */
export interface Passing {
  /** The arguments of the command itself, as in its usage. */
  readonly own: string;
  /** The words that are passed on as they are, as in its usage. */
  readonly passed: string;
  /** They follow this many arguments, and a `--` between may be left out; null: they follow a `--`. */
  readonly afterArgs: number | null;
}

/**
 * What of a usage is passed on to another program: `exec [packages..] -- <command..>` passes on what follows a `--`, and
 * `run <package> [--] [args..]` all that follows the package, options among it. Null: nothing.
 */
export function passingOf(usage: string): Passing | null {
  const [, own = "", mark, passed = ""] = /^(.*) (--|\[--\]) (.*)$/.exec(usage) ?? [];
  if (mark === undefined) return null;
  return { own, passed, afterArgs: mark === "--" ? null : own.split(" ").length - 1 };
}
