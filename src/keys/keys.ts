import { readdirSync } from "node:fs";
import { asFailure, type WithErrors } from "../capabilities/outcome.ts";
import { type PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { keyIdText, publicKeyFile, publicKeyText, type SecretKey } from "../sign/secret-key.ts";
import { parseSecretKeyFile } from "../sign/secret-key-file.ts";
import {
  isKeyName,
  type KeyDirectory,
  type KeyPlace,
  type KeySettings,
  keyPlace,
  publicKeyAt,
  readKeyFile,
  readSecretKey,
} from "./key-files.ts";
import { openPassphrases } from "./passphrases.ts";
import { openSecretKey, type PassphraseRequest } from "./signers.ts";

/** What is known about a kept key without its passphrase. */
export interface KeySummary {
  readonly name: string;
  /** 16 hex characters; null when the key is locked and its public key file is missing or damaged. */
  readonly keyId: string | null;
  /** The minisign public key, the base64 line alone; null as keyId is. */
  readonly publicKey: string | null;
  readonly locked: boolean;
  readonly secretFile: string;
  readonly publicFile: string;
}

/** The summary of a key that is unlocked; `locked` says whether its file is. */
export function summaryOf(place: KeyPlace, key: SecretKey, locked: boolean): KeySummary {
  return { ...place, keyId: keyIdText(key), publicKey: publicKeyText(key), locked };
}

/**
 * The summary of one key.
 *
 * @throws {PkgError} USAGE, KEY_MISSING, KEY_INVALID; PERMISSION_DENIED, FILE_SYSTEM
 */
export function showKey({ paths }: Pick<KeySettings, "paths">, name: string): KeySummary {
  const place = keyPlace(paths, name);
  const file = readSecretKey(place.secretFile, name);
  if (file.kind === "open") return summaryOf(place, file.key, false);
  const known = publicKeyAt(place);
  return { ...place, keyId: known?.keyId ?? null, publicKey: known?.text ?? null, locked: true };
}

/**
 * Every kept key, sorted by name. A damaged key is an error; the others are still listed.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function listKeys(settings: Pick<KeySettings, "paths">): WithErrors<{ readonly keys: readonly KeySummary[] }> {
  const keys: KeySummary[] = [];
  const errors: PkgError[] = [];
  for (const name of keptNames(settings.paths)) {
    try {
      keys.push(showKey(settings, name));
    } catch (error) {
      errors.push(asFailure(error));
    }
  }
  return { outcome: { keys }, errors };
}

function keptNames({ keys }: KeyDirectory): readonly string[] {
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

/** A key file as it is written out. */
export interface ExportedKey {
  readonly name: string;
  /** The two lines of a key file. */
  readonly content: Buffer;
}

/**
 * The secret key file as it is kept, locked or not.
 *
 * @throws {PkgError} USAGE, KEY_MISSING, KEY_INVALID; PERMISSION_DENIED, FILE_SYSTEM
 */
export function exportSecretKey({ paths }: Pick<KeySettings, "paths">, name: string): ExportedKey {
  const content = readKeyFile(keyPlace(paths, name).secretFile, name);
  parseSecretKeyFile(content, name);
  return { name, content };
}

/** Which public key to export, and where its passphrase comes from. */
export interface ExportPublicKeyRequest extends PassphraseRequest {
  readonly name: string;
}

/**
 * The public key file. When a locked key has none, it is made from the secret key, with the passphrase.
 *
 * @throws {PkgError} USAGE, KEY_MISSING, KEY_INVALID, KEY_LOCKED; PERMISSION_DENIED, FILE_SYSTEM
 */
export async function exportPublicKey(
  { paths, signing }: KeySettings,
  request: ExportPublicKeyRequest,
): Promise<ExportedKey> {
  const { name } = request;
  const place = keyPlace(paths, name);
  const file = readSecretKey(place.secretFile, name);
  if (file.kind === "locked" && publicKeyAt(place) !== null)
    return { name, content: readKeyFile(place.publicFile, name) };
  const key = await openSecretKey(file, openPassphrases({ ...request, environment: signing.passphrase }));
  return { name, content: Buffer.from(publicKeyFile(key)) };
}
