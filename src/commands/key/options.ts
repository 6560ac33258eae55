import { PkgError } from "../../errors.ts";
import type { KeySummary } from "../../keys/keys.ts";
import type { NewKeyOutcome } from "../../keys/new-key.ts";
import { columns } from "../../report/columns.ts";
import { PASSPHRASE_FD } from "../signing-options.ts";

/** The name of a key that is kept on this machine. */
export const KEY_NAME = {
  type: "string",
  default: "default",
  description: 'Letters, digits, "-" and "_"; the key "default" signs where none is named',
} as const;

const LOCKED: unknown = true;

/** Options for the commands that add a key. */
export const NEW_KEY_OPTIONS = {
  // Set by `--no-passphrase`. It has no type, so that a passphrase typed after --passphrase can be refused.
  passphrase: { default: LOCKED, hidden: true },
  "no-passphrase": {
    type: "boolean",
    default: false,
    description: "Keep the key unlocked: anyone who reads the file can use it",
  },
  ...PASSPHRASE_FD,
  force: { type: "boolean", default: false, description: "Rename a key that has this name already" },
} as const;

/** Whether to lock the key. @throws {PkgError} USAGE for a typed passphrase: others can see it, and shells record it */
export function isLockWanted(typed: unknown): boolean {
  if (typeof typed === "boolean") return typed;
  throw new PkgError("USAGE", "Cannot use --passphrase: a passphrase on the command line can be read by others", {
    hint: "Set PKG_PASSPHRASE, or give `--passphrase-fd 3 3<FILE`",
  });
}

/** What a person wants to know about a key that was just added. */
export function newKeyLines(outcome: NewKeyOutcome, done: "Made" | "Imported"): readonly string[] {
  const { name, locked, movedTo } = outcome;
  return [
    ...(movedTo === null ? [] : [`The key that was "${name}" is "${movedTo}" now`]),
    `${done} key "${name}", ${locked ? "locked with a passphrase" : "not locked"}`,
    ...keyLines(outcome),
    "Keep a copy of the secret key: without it nobody can publish in its name",
  ];
}

/** The same, with --dry-run. The public half of a key that is not made yet is not known. */
export function foreseenKeyLines(outcome: NewKeyOutcome, verb: "make" | "import"): readonly string[] {
  const { name, locked, movedTo, secretFile, keyId } = outcome;
  return [
    ...(movedTo === null ? [] : [`The key that is "${name}" would be "${movedTo}"`]),
    `Would ${verb} key "${name}", ${locked ? "locked with a passphrase" : "not locked"}`,
    ...(keyId === null ? [`The secret key would be in ${secretFile}`] : keyLines(outcome)),
  ];
}

/** A key and where it is kept, for people. */
export function keyLines({ keyId, publicKey, secretFile }: KeySummary): readonly string[] {
  return columns([
    ["key id", keyId ?? UNKNOWN],
    ["public key", publicKey ?? UNKNOWN],
    ["secret key", secretFile],
  ]);
}

const UNKNOWN = "unknown; `pkg key export` finds it out";
