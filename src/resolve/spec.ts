import { statSync } from "node:fs";
import { resolve } from "node:path";
import { hasCode, PkgError } from "../errors.ts";
import { type Location, parseLocation } from "../oci/location.ts";
import { looksLikeReference } from "../oci/reference.ts";
import { parseNamedSpec, type Spec } from "../package/spec.ts";

const LAYOUT = /^oci(?:-archive)?:/;
/** What marks a path, as in a shell: it begins with `/`, `./` or `../`. */
const PATH = /^\.{0,2}\//;

/**
 * Parses what a person typed: a reference if it begins with a registry, an OCI layout or a tar of one if it begins with
 * `oci:`, `oci-archive:`, `./` or `/`, else a package name with the parts that narrow it down.
 *
 * @param directory where relative paths begin
 * @throws {PkgError} SPEC_INVALID, REFERENCE_INVALID
 */
export function parseSpec(text: string, directory = "."): Spec {
  if (PATH.test(text)) return { kind: "reference", text, location: pathLocation(text, directory) };
  if (isReference(text)) return { kind: "reference", text, location: inside(parseLocation(text), directory) };
  return parseNamedSpec(text);
}

/**
 * The same for what is installed already: the layout or tar that a path names may be gone.
 *
 * @throws {PkgError} SPEC_INVALID, REFERENCE_INVALID
 */
export function parseInstalledSpec(text: string, directory: string): Spec {
  try {
    return parseSpec(text, directory);
  } catch (error) {
    if (!PATH.test(text) || !hasCode(error, "REFERENCE_INVALID")) throw error;
    return { kind: "reference", text, location: inside(parseLocation(`oci:${text}`), directory) };
  }
}

/** True for text that names a place instead of a package of a repository. */
export function isReference(text: string): boolean {
  return PATH.test(text) || LAYOUT.test(text) || looksLikeReference(text);
}

function inside(location: Location, directory: string): Location {
  return location.kind === "registry" ? location : { ...location, path: resolve(directory, location.path) };
}

/** A directory is an OCI layout, a file a tar of one; what follows the last colon is a tag, unless a file with that whole name exists. */
function pathLocation(text: string, directory: string): Location {
  const whole = kindOf(resolve(directory, text));
  if (whole !== null) return { kind: whole, path: resolve(directory, text), tag: null, digest: null };
  const named = inside(parseLocation(`oci:${text.replace(/^\/+/, "/")}`), directory);
  const kind = named.kind === "registry" ? null : kindOf(named.path);
  if (named.kind !== "registry" && kind !== null) return { ...named, kind };
  throw new PkgError("REFERENCE_INVALID", `Cannot use "${text}": there is no such file or directory`, {
    hint: "Name an OCI layout or a tar of one: ./layout:tag, ./tools.tar:tag, oci:DIRECTORY:tag",
  });
}

function kindOf(path: string): "layout" | "archive" | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  return stats.isDirectory() ? "layout" : "archive";
}
