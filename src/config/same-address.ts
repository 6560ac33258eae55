import { basename, dirname, posix } from "node:path";
import { PkgError } from "../errors.ts";
import { INDEX_FILE_NAMES } from "../index/index-artifact.ts";
import { formatLocation } from "../oci/location.ts";
import { parseIndexUrl } from "./index-address.ts";

/**
 * True when two addresses of indexes lead to the same one, however they are written: with `http` or `https`, as the
 * directory of an index or the file in it, with `..` and needless escapes, with the tag `latest` or without a tag.
 */
export function isSameAddress(a: string, b: string): boolean {
  return a === b || plainAddress(a) === plainAddress(b);
}

function plainAddress(text: string): string {
  try {
    const address = parseIndexUrl(text);
    switch (address.kind) {
      case "file":
        return withoutIndexFile(address.path);
      case "http":
        return `${address.url.host}${withoutIndexFile(plainPath(address.url.pathname))}${address.url.search}`;
      case "place":
        return formatLocation(address.location);
    }
  } catch (error) {
    // An address that an older program took is only itself.
    if (error instanceof PkgError) return text;
    throw error;
  }
}

function plainPath(pathname: string): string {
  try {
    return posix.normalize(decodeURIComponent(pathname));
  } catch (error) {
    if (error instanceof URIError) return pathname;
    throw error;
  }
}

function withoutIndexFile(path: string): string {
  const directory = INDEX_FILE_NAMES.some((name) => name === basename(path)) ? dirname(path) : path;
  return directory.replace(/\/+$/, "");
}
