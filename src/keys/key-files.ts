import { join } from "node:path";
import { byteCount } from "../base/format-bytes.ts";
import { MAX_MINISIGN_FILE_BYTES } from "../base/minisign-format.ts";
import type { Config } from "../config/config.ts";
import { hasCode, PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { exposedError, fileExposure } from "../fs/exposure.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import type { PublicKey } from "../package/public-key.ts";
import { parseSecretKeyFile, type SecretKeyFile } from "../sign/secret-key-file.ts";
import { parsePublicKey } from "../verify/minisign.ts";

/** The part of the config that says where keys are kept, and which key and passphrase the environment gives. */
export type KeySettings = Pick<Config, "paths" | "signing">;

/** The directory that keys are kept in. */
export type KeyDirectory = Pick<Config["paths"], "keys">;

/** The two files of a key. */
export interface KeyPlace {
  /** As it was typed. */
  readonly name: string;
  readonly secretFile: string;
  readonly publicFile: string;
}

/** The name of the key that signs when no key is named. */
export const DEFAULT_KEY = "default";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/**
 * The files in which the key of that name is kept, whether they exist or not.
 *
 * @throws {PkgError} USAGE for what cannot be the name of a key
 */
export function keyPlace(directory: KeyDirectory, name: string): KeyPlace {
  if (!isKeyName(name)) {
    throw new PkgError("USAGE", `Cannot name a key "${name}": expected letters, digits, "-" and "_"`, {
      hint: "E.g. `pkg key generate release`",
    });
  }
  const file = (suffix: string) => join(directory.keys, `${name}.${suffix}`);
  return { name, secretFile: file("key"), publicFile: file("pub") };
}

/** True for letters, digits, "-" and "_", at most 128, the first a letter or digit. */
export function isKeyName(name: string): boolean {
  return NAME.test(name);
}

/**
 * The secret key file that `named` means. What has a "/" or a "." is a path, everything else the name of a kept key.
 *
 * @throws {PkgError} USAGE for what is neither
 */
export function secretFileOf(directory: KeyDirectory, named: string): string {
  return /[/.]/.test(named) ? named : keyPlace(directory, named).secretFile;
}

/**
 * Reads a secret key file, locked or not; not one that others may write, who could have put theirs there.
 *
 * @throws {PkgError} PERMISSIONS_UNSAFE; KEY_MISSING, KEY_INVALID; PERMISSION_DENIED, FILE_SYSTEM
 */
export function readSecretKey(path: string, name: string): SecretKeyFile {
  const exposure = fileExposure(path);
  if (exposure !== null) throw exposedError(exposure);
  return parseSecretKeyFile(readKeyFile(path, name), name);
}

/**
 * The content of a key file to import; `-` is standard input.
 *
 * @throws {PkgError} as readKeyFile
 */
export async function readKeyInput(path: string, stdin: AsyncIterable<Uint8Array>): Promise<Buffer> {
  if (path !== "-") return readKeyFile(path, path);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    bytes += chunk.length;
    if (bytes > MAX_MINISIGN_FILE_BYTES) throw tooLarge(path, bytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A public key itself. One that was cut short is reported as such, not as the name of a missing key. */
export const KEY_LINE = /^RW[A-Za-z0-9+/=]{20,}$/;

/** The key in the public key file; null when there is no such file, or no usable key in it. */
export function publicKeyAt({ publicFile, name }: KeyPlace): PublicKey | null {
  try {
    return parsePublicKey(readKeyFile(publicFile, name).toString("utf8"));
  } catch (error) {
    if (hasCode(error, "KEY_MISSING", "KEY_INVALID")) return null;
    throw error;
  }
}

/**
 * The bytes of a key file, at most 16 KiB.
 *
 * @param name what messages call the key
 * @throws {PkgError} KEY_MISSING when there is no such file; KEY_INVALID for a larger one; PERMISSION_DENIED, FILE_SYSTEM
 */
export function readKeyFile(path: string, name: string): Buffer {
  try {
    return readLocalFileSync(path, {
      maxBytes: MAX_MINISIGN_FILE_BYTES,
      tooLarge: (bytes) => tooLarge(name, bytes),
    });
  } catch (error) {
    if (systemCode(error) === "ENOENT") throw missing(path, name, error);
    throw fileSystemError(error, `read key "${path}"`);
  }
}

function tooLarge(name: string, size: number): PkgError {
  return new PkgError(
    "KEY_INVALID",
    `Cannot use key "${name}": it has ${byteCount(size)}, expected at most ${MAX_MINISIGN_FILE_BYTES}`,
  );
}

function missing(path: string, name: string, cause: unknown): PkgError {
  if (KEY_LINE.test(name)) {
    return new PkgError("KEY_MISSING", `Cannot use key "${name}": it is a public key, expected one that can sign`, {
      cause,
      hint: "Name a key of `pkg key show`, or a secret key file",
    });
  }
  return new PkgError("KEY_MISSING", `Cannot use key "${name}": there is no file "${path}"`, {
    cause,
    hint: "Run `pkg key show` to list your keys, or `pkg key generate` to make one",
  });
}
