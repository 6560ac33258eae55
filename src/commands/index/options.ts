import { PkgError } from "../../errors.ts";
import type { DraftOptions } from "../../repository-index/draft.ts";
import type { Context } from "../context.ts";
import { SIGNING_OPTIONS, type SigningArguments, signersRequest } from "../publish/signing-options.ts";

/** An index to read. */
export const INDEX = {
  type: "string",
  demandOption: true,
  description: "A directory, a file, an address, or a reference to what is published",
} as const;

/** May be given more than once, with one word each. */
const REPEATED = { type: "string", array: true, nargs: 1, default: [] as readonly string[] } as const;

/** For the commands that make an index. */
export const DRAFT_OPTIONS = {
  prefix: { ...REPEATED, description: "REGISTRY/PATH: every repository below it, where the registry lists them" },
  without: { ...REPEATED, description: "A repository whose packages are dropped" },
  only: { type: "boolean", default: false, description: "Drop the packages of repositories that are not named" },
  versions: { type: "number", requiresArg: true, description: "Keep the newest N versions of each package" },
  repository: { type: "string", requiresArg: true, description: "What the index calls itself, once and for all" },
  serial: { type: "number", requiresArg: true, description: "Its number; one more than before if not given" },
  "expires-in": { type: "string", default: "30d", requiresArg: true, description: "How long it is good for" },
  trust: { ...REPEATED, description: "A public key, its file or its name: the keys that may sign from now on" },
  threshold: { type: "number", requiresArg: true, description: "How many of these keys have to sign" },
  "keep-going": { type: "boolean", default: false, description: "Leave out packages that do not fit" },
  ...SIGNING_OPTIONS,
} as const;

export interface DraftArguments extends SigningArguments {
  readonly prefix: readonly string[];
  readonly without: readonly string[];
  readonly only: boolean;
  readonly versions: number | undefined;
  readonly repository: string | undefined;
  readonly serial: number | undefined;
  readonly "expires-in": string;
  readonly trust: readonly string[];
  readonly threshold: number | undefined;
}

/** @throws {PkgError} USAGE for numbers that are none */
export function draftOptions(context: Context, named: readonly string[], args: DraftArguments): DraftOptions {
  return {
    sources: { named, prefixes: args.prefix, without: args.without, directory: context.workingDirectory },
    only: args.only,
    versions: positive(args.versions, "--versions"),
    repository: args.repository ?? null,
    serial: positive(args.serial, "--serial"),
    expiresIn: args["expires-in"],
    trust: args.trust,
    threshold: positive(args.threshold, "--threshold"),
    signing: signersRequest(context, args),
  };
}

function positive(value: number | undefined, option: string): number | null {
  if (value === undefined) return null;
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new PkgError("USAGE", `Cannot use ${option}: expected a whole number from 1, found "${value}"`);
}
