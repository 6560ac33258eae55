import { lstatSync } from "node:fs";
import { join } from "node:path";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { type Digest, digestHex } from "../oci/digest.ts";
import { isInside } from "../package/place.ts";

const DIGEST_CHARACTERS = 12;
const MAX_SLUG_CHARACTERS = 100;

/** Where a package's files belong, relative to the packages directory: `trurl/8.14.1-0123456789ab`. */
export function packageDirectory(name: string, version: string, programDigest: Digest): string {
  return `${slug(name)}/${slug(version)}-${digestHex(programDigest).slice(0, DIGEST_CHARACTERS)}`;
}

/** Makes any `text` into a file name of `[A-Za-z0-9._-]` that is not hidden. */
export function slug(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9._-]/gu, "_").slice(0, MAX_SLUG_CHARACTERS);
  return safe.replace(/^\.+/, (dots) => "_".repeat(dots.length)) || "_";
}

/** The first of `name`, `name-2`, `name-3` … that neither exists in `directory` nor is `taken`. */
export function freeName(directory: string, name: string, taken: ReadonlySet<string> = new Set()): string {
  for (const candidate of numbered(name)) {
    if (!taken.has(candidate) && !exists(join(directory, candidate))) return candidate;
  }
  return name;
}

/** `name`, `name-2`, `name-3` …, without an end. */
export function* numbered(name: string): Generator<string> {
  yield name;
  for (let count = 2; ; count += 1) yield `${name}-${count}`;
}

/** The first name that is tried for what has to make room at `path`. */
export function savedName(path: string): string {
  return `${path}.pkg-saved`;
}

/** True when something is at the path, even a dangling symlink. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw fileSystemError(error, `look at "${path}"`);
  }
}

/**
 * The path `relative` below `root`. It was checked before it was recorded; this is the last defence against a record that somebody, or
 * a failing disk, has changed since, and which could reach a file somewhere else.
 *
 * @throws {PkgError} DATABASE_INVALID
 */
export function pathInside(root: string, relative: string): string {
  if (isInside(relative)) return before(root) + relative;
  throw new PkgError("DATABASE_INVALID", `Cannot use what is recorded: "${relative}" is not inside "${root}"`, {
    hint: "Run `pkg doctor --fix`, which saves what of the database can be used",
  });
}

/** What join() puts before a path that leads nowhere else. Taking the whole of a path apart for each file made most of the garbage. */
function before(root: string): string {
  const known = beginnings.get(root);
  if (known !== undefined) return known;
  if (beginnings.size === MAX_BEGINNINGS) beginnings.clear();
  const beginning = join(root, "x").slice(0, -1);
  beginnings.set(root, beginning);
  return beginning;
}

const MAX_BEGINNINGS = 64;
const beginnings = new Map<string, string>();
