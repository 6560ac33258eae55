import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { refuseBareUserInfo, refuseUserInfo } from "../base/user-info.ts";
import { PkgError } from "../errors.ts";
import { formatLocation, type Location, parseLocation } from "../oci/location.ts";
import { looksLikeReference } from "../oci/reference.ts";

/** Where an index of packages is. */
export type IndexAddress =
  | { readonly kind: "http"; readonly url: URL }
  /** A file, or the directory that it is in; absolute. */
  | { readonly kind: "file"; readonly path: string }
  /** An artifact in a registry, an OCI layout, or a tar of one. */
  | { readonly kind: "place"; readonly location: Location };

const OCI_URL = "oci://";

const DEFAULT_TAG = "latest";

/** Schemes of the URLs at which an index may be. */
const SCHEMES: readonly string[] = ["https:", "http:", "file:", "oci:"];

/**
 * Parses where an index is, as the config has it: a URL with one of the schemes `https`, `http`, `file` and `oci`,
 * `oci:DIRECTORY[:TAG]` or `oci-archive:FILE[:TAG]`. A place without a tag means `latest`.
 *
 * @throws {PkgError} REFERENCE_INVALID
 */
export function parseIndexUrl(text: string): IndexAddress {
  refuseUserInfo(text, "REFERENCE_INVALID");
  const place = text.startsWith(OCI_URL) ? text.slice(OCI_URL.length) : isLayoutAddress(text) ? text : null;
  if (place !== null) return { kind: "place", location: tagged(parseLocation(place)) };
  const url = URL.parse(text);
  if (url === null || !SCHEMES.includes(url.protocol)) throw noIndexUrl(text);
  if (url.protocol !== "file:") return { kind: "http", url };
  if (url.host !== "" || /%2f/i.test(url.pathname)) throw noIndexUrl(text);
  return { kind: "file", path: fileURLToPath(url) };
}

function tagged(location: Location): Location {
  if (location.kind !== "registry") return { ...location, tag: location.tag ?? DEFAULT_TAG };
  const { reference } = location;
  return { kind: "registry", reference: { ...reference, tag: reference.tag ?? DEFAULT_TAG } };
}

function noIndexUrl(text: string): PkgError {
  return new PkgError(
    "REFERENCE_INVALID",
    `Cannot use "${text}": expected a URL that begins with ${SCHEMES.join(" or ")}`,
  );
}

/**
 * Turns what a person typed into the URL that the config holds. It may be a URL, a reference such as
 * `ghcr.io/me/index`, `oci:DIRECTORY`, `oci-archive:FILE`, a file, or the directory that a file is in.
 *
 * @param directory the directory that relative paths are relative to
 * @throws {PkgError} REFERENCE_INVALID
 */
export function indexUrlOf(text: string, directory: string): string {
  if (/^(?:https?|file|oci):\/\//.test(text)) return text;
  if (isLayoutAddress(text)) return formatLocation(absolute(parseLocation(text), directory));
  if (looksLikeReference(text)) return `${OCI_URL}${text}`;
  refuseBareUserInfo(text, "REFERENCE_INVALID");
  return pathToFileURL(resolve(directory, text)).href;
}

function absolute(location: Location, directory: string): Location {
  return location.kind === "registry" ? location : { ...location, path: resolve(directory, location.path) };
}

/** True for an index on this machine's disk, which is read without any network. */
export function isOnDisk(address: IndexAddress): boolean {
  return address.kind === "file" || (address.kind === "place" && address.location.kind !== "registry");
}

/** True for `oci:DIRECTORY` and `oci-archive:FILE`. */
function isLayoutAddress(text: string): boolean {
  return /^oci(?:-archive)?:(?!\/\/)/.test(text);
}
