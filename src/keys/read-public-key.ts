import { resolve } from "node:path";
import type { PublicKey } from "../package/public-key.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { type KeyDirectory, keyPlace, readKeyFile } from "./key-files.ts";

/** A key that was cut short is reported as such, not as the name of a missing key. */
const KEY_LINE = /^RW[A-Za-z0-9+/=]{20,}$/;

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
