import { EXIT_CODES, type ExitCode, type PkgError } from "../errors.ts";
import type { Check, Waiver } from "../package/policy.ts";
import type { Context } from "./context.ts";
import type { Declaration } from "./declaration.ts";
import type { OptionRule } from "./option-rules.ts";
import type { Program } from "./program.ts";

/** How a command ends: with an exit code, or as another program. */
export type CommandEnd = ExitCode | Program;

/** One command: what may be typed after its name, and the one operation it runs. */
export interface Command<T> {
  readonly options: (declaration: Declaration<unknown>) => Declaration<T>;
  readonly run: (context: Context, args: T) => Promise<CommandEnd>;
  /** What it demands of its options beyond their types. */
  readonly rules?: readonly OptionRule[];
  /** True where the file that --config names may be a new one, which the command writes. */
  readonly writesConfig?: true;
  /** True where profiles are named, so that the one in use need not exist. */
  readonly namesProfiles?: true;
  /** True where --dry-run is honoured, or nothing is changed anyway. */
  readonly dryRun?: true;
  /** Why --dry-run is refused, where it is not honoured: "it serves until it is stopped". */
  readonly noDryRun?: string;
  /**
   * True where neither a config nor a home that is unfit keeps it from running: what is wrong with these is in
   * `context.troubles`.
   */
  readonly examines?: true;
  /**
   * For commands with `--artifact-config`: true for a value of `--config` that can only be the artifact's config, as
   * other OCI tools write it.
   */
  readonly artifactConfig?: (value: string) => boolean;
}

/** Keeps the options' types for `run`. */
export function defineCommand<T>(command: Command<T>): Command<T> {
  return command;
}

/**
 * Reports what failed, then `totals`, which are told last so that they are still in sight, and returns the exit code: the
 * one that the errors share, else 1.
 */
export function finishWith(context: Context, errors: readonly PkgError[], totals: readonly string[] = []): ExitCode {
  for (const error of errors) context.report.error(error);
  context.report.say(totals);
  const codes = new Set(errors.map((error) => error.exitCode));
  const [only] = codes;
  if (only === undefined) return EXIT_CODES.done;
  return codes.size === 1 ? only : EXIT_CODES.failed;
}

/** `--insecure-skip`, for the commands that verify what they fetch. */
export const INSECURE_SKIP = {
  "insecure-skip": {
    array: true,
    choices: ["digest", "checksum", "signature", "facts", "provenance"],
    requiresArg: true,
    default: [],
    description: "Skip a check; recorded, and shown from then on",
  },
} as const;

/** `--allow-stale`, for the commands that use an index. */
export const ALLOW_STALE = {
  "allow-stale": {
    type: "boolean",
    default: false,
    description: "Use an index that has expired; recorded, and shown from then on",
  },
} as const;

/** The checks that a person chose to skip with these two options. */
export function waiversOf(args: {
  readonly "insecure-skip"?: readonly Check[];
  readonly "allow-stale": boolean;
}): readonly Waiver[] {
  return [...(args["insecure-skip"] ?? []), ...(args["allow-stale"] ? (["freshness"] as const) : [])];
}
