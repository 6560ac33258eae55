import { byteCount } from "../base/format-bytes.ts";
import { MAX_FILE_NAME_BYTES } from "../base/limits.ts";
import { PkgError } from "../errors.ts";

const MAX_PATH_BYTES = 1024;
const MAX_DEPTH = 32;

/** Control and formatting characters (bidi included), line and paragraph separators, lone surrogates. */
const isInvisible = (text: string) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text);

/** Windows device names, with or without an extension. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/i;

/** Matches `C:` and `C:/x`, but not `a:b`, which is an ordinary name. */
const WINDOWS_DRIVE = /^[a-z]:(?:\/|$)/i;

/**
 * Checks a file name in an artifact: returns `title` if it is a path, possibly with subdirectories, that stays inside
 * any directory it is joined to, on every system. The same rule holds for pushing, publishing, pulling and installing.
 *
 * @throws {PkgError} TITLE_INVALID
 * @see OCI image-spec 1.1, annotations.md, `org.opencontainers.image.title`
 */
export function safeTitlePath(title: string): string {
  return checked(title, pathProblem(title));
}

/**
 * As safeTitlePath(), but `title` must be a plain file name without a directory, as a program's is.
 *
 * @throws {PkgError} TITLE_INVALID
 */
export function safeTitle(title: string): string {
  return checked(title, title.includes("/") ? "it has a directory, expected a plain name" : pathProblem(title));
}

function checked(title: string, problem: string | null): string {
  if (problem === null) return title;
  throw new PkgError("TITLE_INVALID", `Cannot use file name "${shortened(title)}": ${problem}`, {
    hint: "It could lead out of its directory or mislead, so the file is refused; ask the publisher to rename it",
  });
}

function shortened(title: string): string {
  return title.length > MAX_FILE_NAME_BYTES ? `${title.slice(0, 80)}…` : title;
}

function pathProblem(title: string): string | null {
  if (title === "") return "it is empty";
  if (title.startsWith("/") || WINDOWS_DRIVE.test(title)) return "it is an absolute path";
  const bytes = Buffer.byteLength(title);
  if (bytes > MAX_PATH_BYTES) return `it has ${byteCount(bytes)}, expected at most ${MAX_PATH_BYTES}`;
  const names = title.split("/");
  if (names.length > MAX_DEPTH) return `it is ${names.length} levels deep, expected at most ${MAX_DEPTH}`;
  return names.map(nameProblem).find((problem) => problem !== null) ?? null;
}

function nameProblem(name: string): string | null {
  if (name === "") return "it has an empty part";
  if (name === "." || name === "..") return `it has "${name}" as a part`;
  if (name.includes("\\")) return "it has a backslash";
  if (isInvisible(name)) return "it has control or invisible characters";
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_FILE_NAME_BYTES)
    return `a part of it has ${byteCount(bytes)}, expected at most ${MAX_FILE_NAME_BYTES}`;
  if (/[. ]$/.test(name)) return "it ends in a dot or a space";
  return WINDOWS_DEVICE.test(name) ? "it is a device name on Windows" : null;
}
