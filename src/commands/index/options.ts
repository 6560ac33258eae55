import type { DraftOptions } from "../../repository-index/draft.ts";
import type { Context } from "../context.ts";
import { type OptionRule, wholeNumber } from "../option-rules.ts";
import { PASSPHRASE_RULES, SIGNING_OPTIONS, type SigningArguments, signersRequest } from "../signing-options.ts";

/** An index to read. */
export const INDEX = {
  type: "string",
  demandOption: true,
  description: "A directory, a file, an address, or a reference to what is published",
} as const;

/** May be given more than once, with one word each. */
const REPEATED = { type: "string", array: true, nargs: 1, default: [] as readonly string[] } as const;

/** Options for the commands that check who has signed the packages of an index. */
export const ACCEPT_OPTIONS = {
  "accept-key": {
    ...REPEATED,
    description: "A further public key, its file or its name, whose packages may be in the index",
  },
  "accept-unsigned": { type: "boolean", default: false, description: "Packages that nobody signed may be in it too" },
  programs: {
    type: "boolean",
    default: true,
    description:
      "--no-programs: do not download programs to check their signatures; the signed CHECKSUM vouches for them",
  },
} as const;

/** Those options as they were typed. */
export interface AcceptArguments {
  readonly "accept-key": readonly string[];
  readonly "accept-unsigned": boolean;
  readonly programs: boolean;
}

/** Whose packages may be in an index, as typed. */
export function acceptOptions(args: AcceptArguments) {
  return { acceptKeys: args["accept-key"], acceptUnsigned: args["accept-unsigned"], readPrograms: args.programs };
}

/** Options for what is known about the serials that were published before. */
export const SERIAL_OPTIONS = {
  "after-serial": {
    type: "number",
    requiresArg: true,
    description: "The serial published last: an older index is not built upon; by default what this machine remembers",
  },
  "accept-serial": {
    type: "number",
    requiresArg: true,
    description: "Build on this serial (0: on none), although a higher one was published before",
  },
} as const;

/** Rules for those options. */
export const SERIAL_RULES: readonly OptionRule[] = [wholeNumber("after-serial", 0), wholeNumber("accept-serial", 0)];

/** Those options as they were typed. */
export interface SerialArguments {
  readonly "after-serial": number | undefined;
  readonly "accept-serial": number | undefined;
}

/** What a person says about earlier serials, as typed. */
export function serialOptions(args: SerialArguments) {
  return { afterSerial: args["after-serial"] ?? null, acceptSerial: args["accept-serial"] ?? null };
}

/** Options for the commands that make an index. */
export const DRAFT_OPTIONS = {
  prefix: { ...REPEATED, description: "REGISTRY/PATH: every package below it, where the registry lists them" },
  without: { ...REPEATED, description: "A package that is dropped, e.g. ghcr.io/me/tools/trurl" },
  only: { type: "boolean", default: false, description: "Drop the packages that are not named" },
  versions: { type: "number", requiresArg: true, description: "Keep the newest N versions of each package" },
  repository: {
    type: "string",
    requiresArg: true,
    description: "What the repository calls itself, e.g. ghcr.io/me/index; it cannot be changed later",
  },
  serial: { type: "number", requiresArg: true, description: "Its serial number; by default one more than before" },
  "expires-in": { type: "string", default: "30d", requiresArg: true, description: "How long it is valid" },
  trust: { ...REPEATED, description: "A public key, its file or its name: the keys that may sign from now on" },
  threshold: { type: "number", requiresArg: true, description: "How many of these keys have to sign" },
  ...ACCEPT_OPTIONS,
  "keep-going": { type: "boolean", default: false, description: "Leave out packages that do not fit" },
  ...SIGNING_OPTIONS,
} as const;

/** Rules for those options. */
export const DRAFT_RULES: readonly OptionRule[] = [
  wholeNumber("versions", 1),
  wholeNumber("serial", 1),
  wholeNumber("threshold", 1),
  ...PASSPHRASE_RULES,
];

/** Those options as they were typed. */
export interface DraftArguments extends SigningArguments, AcceptArguments {
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

/** How an index is to be made, as typed. */
export function draftOptions(context: Context, named: readonly string[], args: DraftArguments): DraftOptions {
  return {
    sources: { named, prefixes: args.prefix, without: args.without, directory: context.workingDirectory },
    only: args.only,
    versions: args.versions ?? null,
    repository: args.repository ?? null,
    serial: args.serial ?? null,
    expiresIn: args["expires-in"],
    trust: args.trust,
    threshold: args.threshold ?? null,
    signing: signersRequest(context, args),
    ...acceptOptions(args),
  };
}
