import { resolve } from "node:path";
import type { Config } from "../config/config.ts";
import type { PublicKey } from "../package/public-key.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { keyPlace, readKeyFile } from "./key-files.ts";

/** One that was cut off is told as such, not as a name that is not there. */
const KEY_LINE = /^RW[A-Za-z0-9+/=]{20,}$/;

/**
 * The public key that a person named: the base64 line itself, a file of two lines, or the name of a key that is kept here.
 *
 * @throws {PkgError} KEY_INVALID, KEY_MISSING, USAGE; PERMISSION_DENIED, FILE_SYSTEM
 */
export function readPublicKey(cap: { readonly config: Config }, text: string, directory: string): PublicKey {
  if (KEY_LINE.test(text)) return parsePublicKey(text);
  const path = /[/.]/.test(text) ? resolve(directory, text) : keyPlace(cap.config.paths, text).publicFile;
  return parsePublicKey(readKeyFile(path, text).toString("utf8"));
}
