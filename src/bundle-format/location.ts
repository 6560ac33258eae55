import { statSync } from "node:fs";
import { resolve } from "node:path";
import { PkgError } from "../errors.ts";
import { keyIn, type Location, parseLocation, withKey } from "../oci/location.ts";
import { looksLikeReference } from "../oci/reference.ts";

/** The tag of a bundle in its layout. */
export const BUNDLE_TAG = "bundle";

const SCHEME = /^oci(?:-archive)?:/;
/** Tars that no tool would find a layout in. */
const PACKED = /\.(?:tgz|tar\.[a-z0-9]+|zip|7z)$/i;

/**
 * Where a bundle is, or is to be: `oci:DIR`, `oci-archive:FILE`, a repository of a registry, or a path. A directory is a layout,
 * a file a tar of one; of what does not exist, a name that ends in `.tar` is a tar.
 *
 * @param directory where relative paths begin
 * @throws {PkgError} REFERENCE_INVALID, USAGE
 */
export function bundleLocation(text: string, directory: string): Location {
  if (SCHEME.test(text)) return tagged(within(parseLocation(text), directory));
  if (!isPath(text, directory) && looksLikeReference(text)) return tagged(parseLocation(text));
  const path = resolve(directory, text);
  return { kind: kindOf(text, path), path, tag: BUNDLE_TAG, digest: null };
}

/** @throws {PkgError} FILE_SYSTEM when there is nothing where a bundle on this machine should be */
export function expectThere(location: Location): void {
  if (location.kind === "registry" || statSync(location.path, { throwIfNoEntry: false }) !== undefined) return;
  throw new PkgError("FILE_SYSTEM", `Cannot read the bundle "${location.path}": there is no such file or directory`, {
    hint: "Name one that `pkg bundle create NAME --output FILE` made",
  });
}

/** True for what is a path, whatever else it looks like: something of that name is there. */
function isPath(text: string, directory: string): boolean {
  return /^\.{0,2}\//.test(text) || statSync(resolve(directory, text), { throwIfNoEntry: false }) !== undefined;
}

function kindOf(text: string, path: string): "layout" | "archive" {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats !== undefined) return stats.isDirectory() ? "layout" : "archive";
  if (PACKED.test(text)) {
    throw new PkgError("USAGE", `Cannot use "${text}" as a bundle: it is a directory, or a plain tar`, {
      hint: "Name it with .tar: what is in it is packed already",
    });
  }
  return /\.tar$/i.test(text) ? "archive" : "layout";
}

function within(location: Location, directory: string): Location {
  return location.kind === "registry" ? location : { ...location, path: resolve(directory, location.path) };
}

function tagged(location: Location): Location {
  const { tag, digest } = keyIn(location);
  return digest === null && tag === null ? withKey(location, { tag: BUNDLE_TAG, digest }) : location;
}
