import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Paths } from "../config/paths.ts";
import { hasCode, PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { PublicKey } from "../package/public-key.ts";
import { parseSecretKeyFile, type SecretKeyFile } from "../sign/secret-key-file.ts";
import { parsePublicKey } from "../verify/minisign.ts";

/** Where a key lies. */
export interface KeyPlace {
  /** As it was typed. */
  readonly name: string;
  readonly secretFile: string;
  readonly publicFile: string;
}

/** The key that signs where none is named. */
export const DEFAULT_KEY = "default";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const MAX_FILE_BYTES = 16 * 1024;

/**
 * Where the key of that name is kept.
 *
 * @throws {PkgError} USAGE for what is no name
 */
export function keyPlace(paths: Paths, name: string): KeyPlace {
  if (!isKeyName(name)) {
    throw new PkgError("USAGE", `Cannot name a key "${name}": expected letters, digits, "-" and "_"`, {
      hint: "E.g. `pkg key generate release`",
    });
  }
  const file = (suffix: string) => join(paths.keys, `${name}.${suffix}`);
  return { name, secretFile: file("key"), publicFile: file("pub") };
}

export function isKeyName(name: string): boolean {
  return NAME.test(name);
}

/** The secret key file that `named` means: a path has a "/" or a ".", and a name has none. USAGE for neither. */
export function secretFileOf(paths: Paths, named: string): string {
  return /[/.]/.test(named) ? named : keyPlace(paths, named).secretFile;
}

/**
 * Reads a secret key file, locked or not.
 *
 * @throws {PkgError} KEY_MISSING, KEY_INVALID; PERMISSION_DENIED, FILE_SYSTEM
 */
export function readSecretKey(path: string, name: string): SecretKeyFile {
  return parseSecretKeyFile(readKeyFile(path, name), name);
}

/** The content of a key file that is to be imported; `-` is standard input. Errors as of `readKeyFile`. */
export async function readKeyInput(path: string, stdin: AsyncIterable<Uint8Array>): Promise<Buffer> {
  if (path !== "-") return readKeyFile(path, path);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    bytes += chunk.length;
    if (bytes > MAX_FILE_BYTES) throw tooLarge(path, bytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The key of the public key file; null where there is none, or none that can be used. */
export function publicKeyAt({ publicFile, name }: KeyPlace): PublicKey | null {
  try {
    return parsePublicKey(readKeyFile(publicFile, name).toString("utf8"));
  } catch (error) {
    if (hasCode(error, "KEY_MISSING", "KEY_INVALID")) return null;
    throw error;
  }
}

/** The bytes of a small file; KEY_MISSING where there is none, KEY_INVALID for a large one. */
export function readKeyFile(path: string, name: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size > MAX_FILE_BYTES) throw tooLarge(name, size);
    return readFileSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") throw missing(path, name, error);
    throw fileSystemError(error, `read key "${path}"`);
  }
}

function tooLarge(name: string, size: number): PkgError {
  return new PkgError(
    "KEY_INVALID",
    `Cannot use key "${name}": it has ${size} bytes, expected ${MAX_FILE_BYTES} at most`,
  );
}

function missing(path: string, name: string, cause: unknown): PkgError {
  return new PkgError("KEY_MISSING", `Cannot use key "${name}": there is no file "${path}"`, {
    cause,
    hint: "Run `pkg key show` for the keys there are, or `pkg key generate` to make one",
  });
}
