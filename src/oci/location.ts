import { PkgError } from "../errors.ts";
import { type Digest, isDigest } from "./digest.ts";
import { formatReference, isTag, parseReference, type Reference } from "./reference.ts";

/** A place to copy from or to, as typed on the command line. */
export type Location =
  | { readonly kind: "registry"; readonly reference: Reference }
  | LayoutLocation<"layout">
  /** A tar of a layout. */
  | LayoutLocation<"archive">;

/** A layout, or a tar of one, as typed on the command line. */
export interface LayoutLocation<Kind extends string = "layout" | "archive"> {
  readonly kind: Kind;
  /** The path of the directory or file, as it was typed. */
  readonly path: string;
  readonly tag: string | null;
  readonly digest: Digest | null;
}

const SCHEMES = { layout: "oci:", archive: "oci-archive:" } as const;

/** A reference as a URL, the form that the config uses: it never names a directory. */
const REFERENCE_URL = "oci://";

/** Places that skopeo and others know, and that are not read here. */
const OTHER_PLACE = /^(?:docker-archive|docker-daemon|containers-storage):|^dir:[./]/;

/** Only this form starts a digest, as a path may contain "@" too. */
const DIGEST_START = /@(?=sha(?:256|512):[^@]*$)/;

const HINT = "A place looks like ghcr.io/owner/name:tag, oci:DIRECTORY:tag or oci-archive:FILE.tar:tag";

/**
 * Parses `REFERENCE`, the same as `oci://REFERENCE`, `oci:DIRECTORY[:TAG][@DIGEST]` or
 * `oci-archive:FILE[:TAG][@DIGEST]`. The part after a path's last
 * colon is taken as a tag if it could be one; to prevent that, add a slash or a colon to the path.
 *
 * @throws {PkgError} REFERENCE_INVALID
 */
export function parseLocation(text: string): Location {
  refuseOtherPlace(text);
  if (text.startsWith(REFERENCE_URL)) return { kind: "registry", reference: parseUrl(text) };
  if (/^oci-archive:\/\/[^/]/.test(text)) throw invalid(text, 'a path has no "//", and a registry holds no archives');
  if (text.startsWith(SCHEMES.layout)) return parsePath("layout", text);
  if (text.startsWith(SCHEMES.archive)) return parsePath("archive", text);
  return { kind: "registry", reference: parseReference(text) };
}

/** Refuses a place that other programs know, with what to do about it. @throws {PkgError} REFERENCE_INVALID */
export function refuseOtherPlace(text: string): void {
  const [scheme] = OTHER_PLACE.exec(text) ?? [];
  if (scheme === undefined) return;
  const problem = `places that begin with "${scheme.replace(/[./]$/, "")}" are not read`;
  throw new PkgError("REFERENCE_INVALID", `Cannot use "${text}": ${problem}`, {
    hint: `Convert it: skopeo copy ${text} oci-archive:NEW.tar; then name oci-archive:NEW.tar`,
  });
}

/** Formats a location so that parseLocation() parses it to the same value. */
export function formatLocation(location: Location): string {
  if (location.kind === "registry") return formatReference(location.reference);
  const { kind, tag, digest } = location;
  // What begins with two slashes would read as a URL.
  const path = location.path.replace(/^\/{2,}/, "/");
  const isMistakable = tag === null && (path.endsWith(":") || splitTag(path).tag !== null);
  const suffix = tag === null ? "" : tag;
  const colon = tag === null && !isMistakable ? "" : ":";
  return `${SCHEMES[kind]}${path}${colon}${suffix}${digest === null ? "" : `@${digest}`}`;
}

/** @throws {PkgError} REFERENCE_INVALID */
function parseUrl(text: string): Reference {
  const rest = text.slice(REFERENCE_URL.length);
  if (!rest.startsWith("/")) return parseReference(rest);
  throw new PkgError("REFERENCE_INVALID", `Cannot use place "${text}": expected a registry after "${REFERENCE_URL}"`, {
    hint: `For a directory, write ${SCHEMES.layout}${rest.replace(/^\/+/, "/")}`,
  });
}

function parsePath<Kind extends "layout" | "archive">(kind: Kind, text: string): LayoutLocation<Kind> {
  const { rest, digest } = splitDigest(text, text.slice(SCHEMES[kind].length));
  const { path, tag } = splitTag(rest);
  if (path === "")
    throw invalid(text, `expected a ${kind === "layout" ? "directory" : "file"} after "${SCHEMES[kind]}"`);
  if (path === "-") throw invalid(text, 'standard input and output cannot be used; "./-" is a place of that name');
  if (kind === "archive" && path.endsWith("/")) throw invalid(text, `a tar is a file, and "${path}" names a directory`);
  if (path.includes("\0")) throw invalid(text, "its path contains a NUL character");
  return { kind, path, tag, digest };
}

function splitDigest(text: string, rest: string): { readonly rest: string; readonly digest: Digest | null } {
  const at = rest.search(DIGEST_START);
  if (at < 0) return { rest, digest: null };
  const digest = rest.slice(at + 1);
  if (!isDigest(digest)) throw invalid(text, `digest is "${digest}", expected "sha256:" and 64 hex characters`);
  return { rest: rest.slice(0, at), digest };
}

function splitTag(rest: string): { readonly path: string; readonly tag: string | null } {
  const colon = rest.lastIndexOf(":");
  const tag = rest.slice(colon + 1);
  if (colon < 0 || (tag !== "" && !isTag(tag))) return { path: rest, tag: null };
  return { path: rest.slice(0, colon), tag: tag === "" ? null : tag };
}

function invalid(text: string, problem: string): PkgError {
  return new PkgError("REFERENCE_INVALID", `Cannot use place "${text}": ${problem}`, { hint: HINT });
}

/** The tag and digest that name a manifest in a place; the digest takes precedence. */
export type LocationKey = { readonly tag: string | null; readonly digest: Digest | null };

/** The tag and digest of a location. */
export function keyIn(location: Location): LocationKey {
  return location.kind === "registry" ? location.reference : location;
}

/** A copy of the location with another tag and digest. */
export function withKey(location: Location, key: LocationKey): Location {
  return location.kind === "registry"
    ? { ...location, reference: { ...location.reference, ...key } }
    : { ...location, ...key };
}
