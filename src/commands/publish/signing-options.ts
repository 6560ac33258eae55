import { PkgError } from "../../errors.ts";
import type { PassphraseRequest, SignersRequest } from "../../keys/signers.ts";
import type { Context } from "../context.ts";

/** Whence a passphrase comes that nobody is asked for. */
export const PASSPHRASE_FD = {
  "passphrase-fd": {
    type: "number",
    requiresArg: true,
    description: "Read the passphrase from this file descriptor; a line for each key",
  },
} as const;

/** For the commands that sign. */
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

/** For the commands that may do without a signature: `--no-sign`. */
export const SIGN_OPTION = {
  sign: { type: "boolean", default: true, description: "--no-sign: sign nothing, whatever keys there are" },
} as const;

export interface SigningArguments {
  readonly key: readonly string[];
  readonly "passphrase-fd": number | undefined;
}

/** What `openSigners` needs of the command line and the terminal. USAGE for what is no file descriptor. */
export function signersRequest(context: Context, args: SigningArguments): SignersRequest {
  return { keys: args.key, ...passphraseRequest(context, args) };
}

/** The passphrase's part of it. */
export function passphraseRequest(context: Context, args: Pick<SigningArguments, "passphrase-fd">): PassphraseRequest {
  const passphraseFd = args["passphrase-fd"] ?? null;
  if (passphraseFd !== null && !(Number.isInteger(passphraseFd) && passphraseFd >= 0)) {
    throw new PkgError("USAGE", `Cannot use --passphrase-fd: expected a file descriptor, found "${passphraseFd}"`, {
      hint: "E.g. `--passphrase-fd 3 3<FILE`",
    });
  }
  const ask = (question: string) => context.report.prompt(question, { hidden: true });
  return { passphraseFd, stdin: context.stdin, ask };
}
