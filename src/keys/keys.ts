import { readdirSync } from "node:fs";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { asFailure, type WithErrors } from "../capabilities/outcome.ts";
import type { Paths } from "../config/paths.ts";
import { type PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { keyIdText, publicKeyFile, publicKeyText, type SecretKey } from "../sign/secret-key.ts";
import { parseSecretKeyFile } from "../sign/secret-key-file.ts";
import { isKeyName, type KeyPlace, keyPlace, publicKeyAt, readKeyFile, readSecretKey } from "./key-files.ts";
import { openPassphrases } from "./passphrases.ts";
import { openSecretKey, type PassphraseRequest } from "./signers.ts";

/** What is known of a kept key without its passphrase. */
export interface KeySummary {
  readonly name: string;
  /** 16 hex characters; null where the key is locked and its public key file is missing or damaged. */
  readonly keyId: string | null;
  /** The minisign public key, the base64 line alone; null likewise. */
  readonly publicKey: string | null;
  readonly locked: boolean;
  readonly secretFile: string;
  readonly publicFile: string;
}

/** What is known of a key that is unlocked. */
export function summaryOf(place: KeyPlace, key: SecretKey, locked: boolean): KeySummary {
  return { ...place, keyId: keyIdText(key), publicKey: publicKeyText(key), locked };
}

/**
 * What is known of one key.
 *
 * @throws {PkgError} USAGE, KEY_MISSING, KEY_INVALID; PERMISSION_DENIED, FILE_SYSTEM
 */
export function showKey({ config }: Pick<Capabilities, "config">, name: string): KeySummary {
  const place = keyPlace(config.paths, name);
  const file = readSecretKey(place.secretFile, name);
  if (file.kind === "open") return summaryOf(place, file.key, false);
  const known = publicKeyAt(place);
  return { ...place, keyId: known?.keyId ?? null, publicKey: known?.text ?? null, locked: true };
}

/**
 * Every key that is kept, by name; a damaged one is an error beside the others.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function listKeys(cap: Pick<Capabilities, "config">): WithErrors<{ readonly keys: readonly KeySummary[] }> {
  const keys: KeySummary[] = [];
  const errors: PkgError[] = [];
  for (const name of keptNames(cap.config.paths)) {
    try {
      keys.push(showKey(cap, name));
    } catch (error) {
      errors.push(asFailure(error));
    }
  }
  return { outcome: { keys }, errors };
}

function keptNames({ keys }: Paths): readonly string[] {
  const names = listDirectory(keys)
    .filter((file) => file.endsWith(".key"))
    .map((file) => file.slice(0, -".key".length));
  return names.filter(isKeyName).sort();
}

function listDirectory(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw fileSystemError(error, `list "${path}"`);
  }
}

export interface ExportedKey {
  readonly name: string;
  /** The two lines of a key file. */
  readonly content: Buffer;
}

/**
 * The secret key's file as it is kept, locked or not.
 *
 * @throws {PkgError} USAGE, KEY_MISSING, KEY_INVALID; PERMISSION_DENIED, FILE_SYSTEM
 */
export function exportSecretKey({ config }: Pick<Capabilities, "config">, name: string): ExportedKey {
  const content = readKeyFile(keyPlace(config.paths, name).secretFile, name);
  parseSecretKeyFile(content, name);
  return { name, content };
}

export interface ExportPublicKeyRequest extends PassphraseRequest {
  readonly name: string;
}

/**
 * The public key's file; of a locked key without one, it is made again with the passphrase.
 *
 * @throws {PkgError} USAGE, KEY_MISSING, KEY_INVALID, KEY_LOCKED; PERMISSION_DENIED, FILE_SYSTEM
 */
export async function exportPublicKey(
  { config }: Pick<Capabilities, "config">,
  request: ExportPublicKeyRequest,
): Promise<ExportedKey> {
  const { name } = request;
  const place = keyPlace(config.paths, name);
  const file = readSecretKey(place.secretFile, name);
  if (file.kind === "locked" && publicKeyAt(place) !== null)
    return { name, content: readKeyFile(place.publicFile, name) };
  const key = await openSecretKey(file, openPassphrases({ ...request, environment: config.signing.passphrase }));
  return { name, content: Buffer.from(publicKeyFile(key)) };
}
