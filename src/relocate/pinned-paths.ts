import { byteCount } from "../base/format-bytes.ts";
import { RelocationFault } from "./fault.ts";
import { findWord, type Word } from "./find-word.ts";
import type { Prefix } from "./prefix.ts";

/** Where Homebrew builds for Linux; a pinned bottle has it in its programs' data. */
export const BUILD_PREFIX = "/home/linuxbrew/.linuxbrew";
/** The same, to be looked for. */
export const PINNED: Word = { whole: BUILD_PREFIX, part: "xbrew/." };

const SLASH = 0x2f;
/** What to do where the prefix is too long for a bottle. */
export const SHORTER_PREFIX_HINT = "Set a shorter `prefix` in the repository's section of config.toml";

/** Whether a file has anything that `replacePinned()` would change. */
export function hasPinnedPath(bytes: Buffer): boolean {
  return pinnedPaths(bytes).next().done !== true;
}

/**
 * Replaces the build machine's prefix in data, where nothing may move: a shorter prefix is filled up with slashes, of which
 * many mean the same as one. So a path keeps its length, whether the program counts it, ends it with a NUL, or knows it from
 * when it was compiled; a C string that was moved up would be wrong for two of these.
 *
 * @returns a copy, of the same size
 * @throws {RelocationFault} when the prefix is longer than the one that it replaces
 */
export function replacePinned(bytes: Buffer, { path }: Prefix): Buffer {
  const [room, size] = [BUILD_PREFIX.length, Buffer.byteLength(path)];
  if (size > room)
    throw new RelocationFault(
      `it is built for a prefix of ${byteCount(room)}, and "${path}" has ${size}`,
      SHORTER_PREFIX_HINT,
    );
  const filled = Buffer.alloc(room, SLASH);
  filled.write(path);
  const copy = Buffer.from(bytes);
  for (const at of pinnedPaths(bytes)) filled.copy(copy, at);
  return copy;
}

/** Replaces it in text, where everything may move. */
export function replacePinnedText(bytes: Buffer, { path }: Prefix): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (const at of pinnedPaths(bytes)) {
    parts.push(bytes.subarray(done, at), Buffer.from(path));
    done = at + BUILD_PREFIX.length;
  }
  return Buffer.concat([...parts, bytes.subarray(done)]);
}

/** Where the prefix begins, but for directories whose names only begin as it does. */
function* pinnedPaths(bytes: Buffer): Generator<number, void, void> {
  for (let at = 0; ; at += BUILD_PREFIX.length) {
    at = findWord(bytes, PINNED, at);
    if (at === -1) return;
    if (!isNameByte(bytes[at + BUILD_PREFIX.length])) yield at;
  }
}

function isNameByte(byte: number | undefined): boolean {
  return byte !== undefined && /[\w.-]/.test(String.fromCharCode(byte));
}
