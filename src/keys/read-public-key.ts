import { resolve } from "node:path";
import { givenWith } from "../base/given-with.ts";
import { isFormulaKey } from "../config/formula-keys.ts";
import type { PublicKey } from "../package/public-key.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { KEY_LINE, type KeyDirectory, keyPlace, readKeyFile } from "./key-files.ts";

/**
 * The public key that a person named: the base64 line itself, a file of two lines, or the name of a kept key.
 *
 * @param from where keys are kept, and where relative paths begin
 * @throws {PkgError} KEY_INVALID, KEY_MISSING, USAGE; PERMISSION_DENIED, FILE_SYSTEM
 */
export function readPublicKey(
  text: string,
  from: { readonly paths: KeyDirectory; readonly directory: string },
): PublicKey {
  if (KEY_LINE.test(text)) return parsePublicKey(text);
  const path = /[/.]/.test(text) ? resolve(from.directory, text) : keyPlace(from.paths, text).publicFile;
  return parsePublicKey(readKeyFile(path, text).toString("utf8"));
}

/**
 * The text of a public key that a person gave with an option: the key itself, or the path of a file that holds it, such as
 * `./release.pub`. What is neither is left to whoever parses it.
 *
 * @throws {PkgError} KEY_INVALID, KEY_MISSING; PERMISSION_DENIED, FILE_SYSTEM
 */
export function publicKeyText(text: string, option: string, directory: string): string {
  if (text.startsWith("RW") || isFormulaKey(text) || !/[/.]/.test(text)) return text;
  return givenWith(option, () => parsePublicKey(readKeyFile(resolve(directory, text), text).toString("utf8")).text);
}
