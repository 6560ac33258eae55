import { hasCode, PkgError } from "../errors.ts";
import { createSigner } from "../sign/create-signer.ts";
import type { SecretKey } from "../sign/secret-key.ts";
import { parseSecretKeyFile, type SecretKeyFile, unlockSecretKey } from "../sign/secret-key-file.ts";
import type { Signer } from "../sign/signer.ts";
import {
  DEFAULT_KEY,
  type KeyDirectory,
  type KeySettings,
  keyPlace,
  readSecretKey,
  secretFileOf,
} from "./key-files.ts";
import { openPassphrases, type PassphraseSources, type Passphrases } from "./passphrases.ts";

/** Where a command gets passphrases from, besides `PKG_PASSPHRASE`. */
export type PassphraseRequest = Omit<PassphraseSources, "environment">;

/** Which keys are to sign. */
export interface SignersRequest extends PassphraseRequest {
  /** Names of kept keys, or paths of secret key files; empty: `PKG_SIGNING_KEY`, else the key "default" if it exists. */
  readonly keys: readonly string[];
}

const ENVIRONMENT_KEY = "PKG_SIGNING_KEY";

/**
 * The keys that are to sign, unlocked, each once. Empty when none is named and there is no default key.
 *
 * Unlocking a key takes 1 GiB of memory and some seconds, so callers do it before anything else.
 *
 * @throws {PkgError} USAGE, KEY_MISSING, KEY_INVALID; KEY_LOCKED for a passphrase that is wrong or cannot be asked for;
 * PERMISSION_DENIED, FILE_SYSTEM
 */
export async function openSigners(settings: KeySettings, request: SignersRequest): Promise<readonly Signer[]> {
  const passphrases = openPassphrases({ ...request, environment: settings.signing.passphrase });
  const signers = new Map<string, Signer>();
  for (const file of chosenFiles(settings, request.keys)) {
    const signer = createSigner(await openSecretKey(file, passphrases));
    signers.set(signer.publicKey, signer);
  }
  return [...signers.values()];
}

function chosenFiles({ paths, signing }: KeySettings, keys: readonly string[]): readonly SecretKeyFile[] {
  if (keys.length > 0) return keys.map((named) => readSecretKey(secretFileOf(paths, named), named));
  if (signing.key !== null) return [parseEnvironmentKey(signing.key)];
  return defaultFile(paths);
}

function defaultFile(directory: KeyDirectory): readonly SecretKeyFile[] {
  try {
    return [readSecretKey(keyPlace(directory, DEFAULT_KEY).secretFile, DEFAULT_KEY)];
  } catch (error) {
    // A key that exists and cannot be read is an error: otherwise everything would silently go unsigned.
    if (hasCode(error, "KEY_MISSING")) return [];
    throw error;
  }
}

/** The environment holds both lines of a key file, or the second line alone. */
function parseEnvironmentKey(text: string): SecretKeyFile {
  const lines = text.trim().replaceAll("\r\n", "\n");
  const file = lines.includes("\n") ? lines : `untrusted comment: ${ENVIRONMENT_KEY}\n${lines}`;
  return parseSecretKeyFile(Buffer.from(file), ENVIRONMENT_KEY);
}

/**
 * The secret key of a file, unlocked when it is locked.
 *
 * @throws {PkgError} KEY_LOCKED, KEY_INVALID; USAGE when the passphrase cannot be read
 */
export async function openSecretKey(file: SecretKeyFile, passphrases: Passphrases): Promise<SecretKey> {
  if (file.kind === "open") return file.key;
  const passphrase = await passphrases.next(`Passphrase of key "${file.name}":`);
  if (passphrase !== null) return await unlockSecretKey(file, passphrase);
  throw new PkgError(
    "KEY_LOCKED",
    `Cannot unlock secret key "${file.name}": its passphrase is missing, and there is no terminal to ask on`,
    { hint: "Set PKG_PASSPHRASE, or give `--passphrase-fd 3 3<FILE`" },
  );
}
