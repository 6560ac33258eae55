import { basename, dirname, join } from "node:path";
import { randomName } from "../base/random-name.ts";

/** So long that a person recognises the name, and with what is added far below the 255 bytes that a name may have. */
const KEPT_BYTES = 100;

/** A path beside `path` for what is to be renamed to it when it is complete: hidden, and new each time. */
export function draftPath(path: string, ending = "part"): string {
  return join(dirname(path), `.${nameStart(basename(path))}.${randomName()}.${ending}`);
}

/** The beginning of a file's name, at most 100 bytes, for a name with more to follow. A character that is cut is left out. */
export function nameStart(name: string): string {
  return Buffer.from(name)
    .subarray(0, KEPT_BYTES)
    .toString("utf8")
    .replace(/\uFFFD+$/, "");
}
