import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Paths } from "../config/paths.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { parseSecretKeyFile, type SecretKeyFile } from "../sign/secret-key-file.ts";

/** Where a key lies. */
export interface KeyPlace {
  /** As it was typed. */
  readonly name: string;
  readonly secretFile: string;
  readonly publicFile: string;
}

/** The key that signs where none is named. */
export const DEFAULT_KEY = "default";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const MAX_FILE_BYTES = 16 * 1024;

/**
 * Where the key of that name is kept.
 *
 * @throws {PkgError} USAGE for what is no name
 */
export function keyPlace(paths: Paths, name: string): KeyPlace {
  if (!NAME.test(name)) {
    throw new PkgError("USAGE", `Cannot name a key "${name}": expected letters, digits, "-" and "_"`, {
      hint: "E.g. `pkg key generate release`",
    });
  }
  const file = (suffix: string) => join(paths.keys, `${name}.${suffix}`);
  return { name, secretFile: file("key"), publicFile: file("pub") };
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
