import { randomBytes } from "node:crypto";
import { KEY_ID_BYTES } from "../base/minisign-format.ts";
import { PkgError } from "../errors.ts";
import { expectWritablePlace } from "../fs/writable.ts";
import { SENSITIVE } from "../sign/scrypt.ts";
import { publicKeyFile, SEED_BYTES, type SecretKey, secretKeyOf } from "../sign/secret-key.ts";
import { encodeSecretKeyFile, type Lock, parseSecretKeyFile, SALT_BYTES } from "../sign/secret-key-file.ts";
import { type KeyPlace, type KeySettings, keyPlace } from "./key-files.ts";
import { nameAside, refuseTaken, storeKey } from "./key-store.ts";
import { type KeySummary, summaryOf } from "./keys.ts";
import { MAX_PASSPHRASE_BYTES, openPassphrases, type Passphrases } from "./passphrases.ts";
import { openSecretKey, type PassphraseRequest } from "./signers.ts";

/** A key that is to be made. */
export interface NewKeyRequest extends PassphraseRequest {
  readonly name: string;
  /** False keeps the secret key unlocked: anyone who can read the file can sign with it. */
  readonly lock: boolean;
  /** Renames a key that has this name already. */
  readonly force: boolean;
  /** True: all is checked, and nothing is kept. */
  readonly dryRun: boolean;
}

/** A key that was made elsewhere. */
export interface ImportKeyRequest extends NewKeyRequest {
  /** The bytes of a secret key file. */
  readonly content: Uint8Array;
  /** What messages call the key: where its content comes from. */
  readonly source: string;
}

/** A key that was made or imported. */
export interface NewKeyOutcome extends KeySummary {
  /** The new name of the key that had this name before; null when there was none. */
  readonly movedTo: string | null;
}

/**
 * Makes a key pair and keeps it.
 *
 * @throws {PkgError} USAGE, also for a passphrase that is missing or cannot be used; KEY_EXISTS; PERMISSION_DENIED,
 * DISK_FULL, FILE_SYSTEM
 */
export async function generateKey(settings: KeySettings, request: NewKeyRequest): Promise<NewKeyOutcome> {
  const place = keyPlace(settings.paths, request.name);
  if (!request.force) refuseTaken(place);
  const passphrases = openPassphrases({ ...request, environment: settings.signing.passphrase });
  const lock = request.lock ? await newLock(place, passphrases) : null;
  if (request.dryRun) return foreseen({ settings, request, place });
  const key = secretKeyOf(randomBytes(KEY_ID_BYTES), randomBytes(SEED_BYTES));
  return keep({ settings, request, place, key, content: await encodeSecretKeyFile(key, lock) });
}

/**
 * Keeps a key that was made elsewhere. It is unlocked once, which shows that its passphrase is known. A file that is
 * locked, or unlocked, as the request asks is kept byte for byte.
 *
 * @throws {PkgError} USAGE, KEY_INVALID, KEY_LOCKED, KEY_EXISTS; PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM
 */
export async function importKey(settings: KeySettings, request: ImportKeyRequest): Promise<NewKeyOutcome> {
  const place = keyPlace(settings.paths, request.name);
  if (!request.force) refuseTaken(place);
  const file = parseSecretKeyFile(request.content, request.source);
  const passphrases = openPassphrases({ ...request, environment: settings.signing.passphrase });
  const key = await openSecretKey(file, passphrases);
  if (request.lock === (file.kind === "locked"))
    return keep({ settings, request, place, key, content: request.content });
  const lock = request.lock ? await newLock(place, passphrases) : null;
  return keep({ settings, request, place, key, content: await encodeSecretKeyFile(key, lock) });
}

interface KeepRequest {
  readonly settings: KeySettings;
  readonly request: NewKeyRequest;
  readonly place: KeyPlace;
  readonly key: SecretKey;
  readonly content: string | Uint8Array;
}

/** What would be kept. Of a key that is not made yet, nobody can know the public half. */
function foreseen({ settings, request, place }: Pick<KeepRequest, "settings" | "request" | "place">): NewKeyOutcome {
  const { secretFile, publicFile, name } = place;
  expectWritablePlace(settings.paths.keys);
  const movedTo = request.force ? nameAside(settings.paths, place) : null;
  return { name, secretFile, publicFile, keyId: null, publicKey: null, locked: request.lock, movedTo };
}

function keep({ settings, request, place, key, content }: KeepRequest): NewKeyOutcome {
  if (request.dryRun) return { ...foreseen({ settings, request, place }), ...summaryOf(place, key, request.lock) };
  const files = { place, secret: content, public: publicKeyFile(key), force: request.force };
  const movedTo = storeKey(settings.paths, files);
  return { ...summaryOf(place, key, request.lock), movedTo };
}

async function newLock({ name }: KeyPlace, passphrases: Passphrases): Promise<Lock> {
  const passphrase = await passphrases.choose(name);
  const problem = passphraseProblem(passphrase);
  if (passphrase !== null && problem === null) return { passphrase, salt: randomBytes(SALT_BYTES), limits: SENSITIVE };
  throw new PkgError("USAGE", `Cannot lock key "${name}": the passphrase ${problem}`, {
    hint: "Set PKG_PASSPHRASE, give `--passphrase-fd 3 3<FILE`, or keep the key unlocked with --no-passphrase",
  });
}

/** Why a passphrase could not be typed into minisign; null if it could. */
function passphraseProblem(passphrase: string | null): string | null {
  if (passphrase === null) return "is missing: PKG_PASSPHRASE is empty or not set, and there is no terminal to ask on";
  if (passphrase === "") return "is empty";
  if (/[\0\r\n]/.test(passphrase)) return "holds a line break or a NUL";
  return Buffer.byteLength(passphrase) > MAX_PASSPHRASE_BYTES ? `has more than ${MAX_PASSPHRASE_BYTES} bytes` : null;
}
