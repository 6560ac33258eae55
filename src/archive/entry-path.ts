import { posix } from "node:path";
import { byteCount } from "../base/format-bytes.ts";
import { MAX_FILE_NAME_BYTES } from "../base/limits.ts";
import { invalidArchive } from "./archive-error.ts";

/** How long and how deep the paths in an archive may be. */
export interface PathLimits {
  readonly maxPathBytes: number;
  /** The most names, separated by slashes, that a path may have. */
  readonly maxDepth: number;
}

/**
 * The path of an entry below the root, without `.` and without a slash at its end; empty for the root itself.
 *
 * @throws {PkgError} ARCHIVE_INVALID for a path that is absolute, has `..` or unsafe characters, or is too long
 */
export function entryPath(text: string, { maxPathBytes, maxDepth }: PathLimits): string {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxPathBytes)
    throw refuse(`${text.slice(0, 80)}…`, `has ${byteCount(bytes)}, at most ${maxPathBytes} are read`);
  if (text.startsWith("/")) throw refuse(text, "is absolute");
  const names = text.split("/").filter((name) => name !== "" && name !== ".");
  if (names.length > maxDepth) throw refuse(`${text.slice(0, 80)}…`, `is ${names.length} deep, at most ${maxDepth} is`);
  for (const name of names) checkName(text, name);
  return names.join("/");
}

/** Why a symlink at `path` must not point to `target`; null if it stays inside, whatever other links there are. */
export function linkProblem(path: string, target: string): string | null {
  if (target === "") return "points to nothing";
  if (target.includes("\0") || target.includes("\uFFFD")) return "points to a name that is not text";
  if (Buffer.byteLength(target) > 4095) return "points to a name that is too long";
  if (target.startsWith("/")) return `points to "${target}", which is absolute`;
  if (target.includes("\\")) return `points to "${target}", which has a backslash`;
  const names = target.split("/").filter((name) => name !== "" && name !== ".");
  const descent = names.findIndex((name) => name !== "..");
  // After a name that may itself be a link, the text alone does not show where `..` leads.
  if (descent >= 0 && names.includes("..", descent)) return `points to "${target}", with ".." in its middle`;
  const inside = posix.join(posix.dirname(path), target);
  return inside === ".." || inside.startsWith("..") ? `points to "${target}", outside of the archive` : null;
}

function checkName(text: string, name: string): void {
  if (name === "..") throw refuse(text, 'has ".."');
  if (name.includes("\0")) throw refuse(text, "has a NUL character");
  if (name.includes("\uFFFD")) throw refuse(text, "is not UTF-8");
  // Some systems and programs take it for a separator.
  if (name.includes("\\")) throw refuse(text, "has a backslash");
  if (Buffer.byteLength(name) > MAX_FILE_NAME_BYTES) {
    throw refuse(`${text.slice(0, 80)}…`, `has a name of more than ${MAX_FILE_NAME_BYTES} bytes`);
  }
}

function refuse(text: string, problem: string): Error {
  return invalidArchive(`the path "${text}" ${problem}`);
}
