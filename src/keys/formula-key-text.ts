import { resolve } from "node:path";
import { byteCount } from "../base/format-bytes.ts";
import { givenWith } from "../base/given-with.ts";
import { parseFormulaKey } from "../config/formula-keys.ts";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";

/** An RSA key of 16,384 bits takes a fifth of it. */
const MAX_KEY_FILE_BYTES = 16 * 1024;

/** Base64 may hold slashes, as paths do: a key, or what is left of one, and a minisign key. */
const LIKE_A_KEY = /^(?:(?:[\w.-]+:)?MI|RW)[A-Za-z0-9+/]+=*$/;

const PEM = /^-----BEGIN PUBLIC KEY-----\s([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/;

/**
 * The text of a key of formulae that a person gave with an option: the key itself, or the path of a file that holds it, as
 * the config has it or as PEM.
 *
 * @throws {PkgError} KEY_INVALID; PERMISSION_DENIED, FILE_SYSTEM
 */
export function formulaKeyText(text: string, option: string, directory: string): string {
  if (LIKE_A_KEY.test(text) || !/[/.]/.test(text)) return checked(text, option);
  const content = readKeyText(resolve(directory, text), text);
  return checked((PEM.exec(content)?.[1] ?? content).replaceAll(/\s/g, ""), option);
}

function checked(text: string, option: string): string {
  givenWith(option, () => parseFormulaKey(text));
  return text;
}

function readKeyText(path: string, typed: string): string {
  const tooLarge = (bytes: number) =>
    new PkgError(
      "KEY_INVALID",
      `Cannot read the key "${typed}": it is ${byteCount(bytes)}, at most ${MAX_KEY_FILE_BYTES} allowed`,
    );
  try {
    return readLocalFileSync(path, { maxBytes: MAX_KEY_FILE_BYTES, tooLarge }).toString("utf8");
  } catch (error) {
    throw error instanceof PkgError ? error : fileSystemError(error, `read "${typed}"`);
  }
}
