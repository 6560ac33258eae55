import { basename, dirname, join } from "node:path";
import { randomName } from "./random-name.ts";

/** Long enough for a person to recognise the name; with what is added, still far below the limit of 255 bytes. */
const KEPT_BYTES = 100;

/** A path next to `path` for a file that is renamed to it once complete: hidden, and different each time. */
export function draftPath(path: string, ending = "part"): string {
  return join(dirname(path), `.${nameStart(basename(path))}.${randomName()}.${ending}`);
}

/** The start of a file's name, at most 100 bytes, to be continued. A character that would be cut is left out. */
export function nameStart(name: string): string {
  return Buffer.from(name)
    .subarray(0, KEPT_BYTES)
    .toString("utf8")
    .replace(/\uFFFD+$/, "");
}
