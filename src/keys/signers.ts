import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Config } from "../config/config.ts";
import { hasCode, PkgError } from "../errors.ts";
import { createSigner } from "../sign/create-signer.ts";
import type { SecretKey } from "../sign/secret-key.ts";
import { parseSecretKeyFile, type SecretKeyFile, unlockSecretKey } from "../sign/secret-key-file.ts";
import type { Signer } from "../sign/signer.ts";
import { DEFAULT_KEY, keyPlace, readSecretKey, secretFileOf } from "./key-files.ts";
import { openPassphrases, type PassphraseSources, type Passphrases } from "./passphrases.ts";

/** Where a command has passphrases from, beside `PKG_PASSPHRASE`. */
export type PassphraseRequest = Omit<PassphraseSources, "environment">;

export interface SignersRequest extends PassphraseRequest {
  /** Names of kept keys, or paths of secret key files; none: `PKG_SIGNING_KEY`, else the key "default" if it is there. */
  readonly keys: readonly string[];
}

const ENVIRONMENT_KEY = "PKG_SIGNING_KEY";

/**
 * The keys that are to sign, unlocked, each once. Empty where none is named and there is none to fall back on.
 *
 * A locked key takes 1 GiB and some seconds, so this comes before anything is begun.
 *
 * @throws {PkgError} USAGE, KEY_MISSING, KEY_INVALID; KEY_LOCKED for a passphrase that is wrong or cannot be asked for;
 * PERMISSION_DENIED, FILE_SYSTEM
 */
export async function openSigners(
  cap: Pick<Capabilities, "config">,
  request: SignersRequest,
): Promise<readonly Signer[]> {
  const passphrases = openPassphrases({ ...request, environment: cap.config.signing.passphrase });
  const signers = new Map<string, Signer>();
  for (const file of chosenFiles(cap, request.keys)) {
    const signer = createSigner(await openSecretKey(file, passphrases));
    signers.set(signer.publicKey, signer);
  }
  return [...signers.values()];
}

function chosenFiles({ config }: Pick<Capabilities, "config">, keys: readonly string[]): readonly SecretKeyFile[] {
  if (keys.length > 0) return keys.map((named) => readSecretKey(secretFileOf(config.paths, named), named));
  if (config.signing.key !== null) return [parseEnvironmentKey(config.signing.key)];
  return defaultFile(config);
}

function defaultFile({ paths }: Config): readonly SecretKeyFile[] {
  try {
    return [readSecretKey(keyPlace(paths, DEFAULT_KEY).secretFile, DEFAULT_KEY)];
  } catch (error) {
    // A key that is there and cannot be read is an error: without it nothing would be signed.
    if (hasCode(error, "KEY_MISSING")) return [];
    throw error;
  }
}

/** Both lines of the file, or the second alone. */
function parseEnvironmentKey(text: string): SecretKeyFile {
  const lines = text.trim().replaceAll("\r\n", "\n");
  const file = lines.includes("\n") ? lines : `untrusted comment: ${ENVIRONMENT_KEY}\n${lines}`;
  return parseSecretKeyFile(Buffer.from(file), ENVIRONMENT_KEY);
}

/**
 * The key itself, unlocked where that is needed.
 *
 * @throws {PkgError} KEY_LOCKED, KEY_INVALID; USAGE when the passphrase cannot be read
 */
export async function openSecretKey(file: SecretKeyFile, passphrases: Passphrases): Promise<SecretKey> {
  if (file.kind === "open") return file.key;
  const passphrase = await passphrases.next(`The passphrase of key "${file.name}":`);
  if (passphrase !== null) return await unlockSecretKey(file, passphrase);
  throw new PkgError(
    "KEY_LOCKED",
    `Cannot unlock secret key "${file.name}": its passphrase is missing, and there is no terminal to ask on`,
    { hint: "Set PKG_PASSPHRASE, or give `--passphrase-fd 3 3<FILE`" },
  );
}
