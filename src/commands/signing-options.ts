import type { PassphraseRequest, SignersRequest } from "../keys/signers.ts";
import type { Context } from "./context.ts";
import { type OptionRule, wholeNumber } from "./option-rules.ts";

/** Where a passphrase is read from, so that nobody is asked for it. */
export const PASSPHRASE_FD = {
  "passphrase-fd": {
    type: "number",
    requiresArg: true,
    description: "Read the passphrase from this file descriptor; a line for each key",
  },
} as const;

/** Rules for that option. */
export const PASSPHRASE_RULES: readonly OptionRule[] = [
  wholeNumber("passphrase-fd", 0, { what: "a file descriptor such as 3" }),
];

/** Options for the commands that sign. */
export const SIGNING_OPTIONS = {
  key: {
    type: "string",
    array: true,
    // Each takes one word, and not those that follow it.
    nargs: 1,
    default: [] as readonly string[],
    description: "Sign with this key: a name of `pkg key`, or a secret key file; may be repeated",
  },
  ...PASSPHRASE_FD,
} as const;

/** `--no-sign`, for the commands that may do without a signature. */
export const SIGN_OPTION = {
  sign: { type: "boolean", default: true, description: "--no-sign: sign nothing, whatever keys there are" },
} as const;

/** Those options as they were typed. */
export interface SigningArguments {
  readonly key: readonly string[];
  readonly "passphrase-fd": number | undefined;
}

/** What `openSigners` needs from the command line and the terminal. */
export function signersRequest(context: Context, args: SigningArguments): SignersRequest {
  return { keys: args.key, ...passphraseRequest(context, args) };
}

/** The part of that request that concerns passphrases. */
export function passphraseRequest(context: Context, args: Pick<SigningArguments, "passphrase-fd">): PassphraseRequest {
  const ask = (question: string) => context.report.prompt(question, { hidden: true });
  return { passphraseFd: args["passphrase-fd"] ?? null, stdin: context.stdin, ask };
}
