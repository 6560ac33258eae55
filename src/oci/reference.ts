import { isIPv6 } from "node:net";
import { MAX_PORT, MAX_REPOSITORY_CHARACTERS } from "../base/limits.ts";
import { refuseBareUserInfo, refuseUserInfo } from "../base/user-info.ts";
import { hasCode, PkgError } from "../errors.ts";
import { type Digest, parseDigest } from "./digest.ts";

/** A parsed `registry[:port]/name[:tag][@digest]`; if both are given, the digest takes precedence. */
export interface Reference {
  /** Host and optional port in lower case, e.g. `ghcr.io`, `127.0.0.1:5000`, `[::1]:5000`. */
  readonly registry: string;
  /** e.g. `pkgforge/bincache/curl/stunnel/trurl`. */
  readonly name: string;
  readonly tag: string | null;
  readonly digest: Digest | null;
}

const DEFAULT_HINT = "A reference looks like ghcr.io/owner/name:tag or ghcr.io/owner/name@sha256:…";

/** Far longer than any valid reference; limits the input of the patterns below. */
const MAX_REFERENCE_CHARACTERS = 1024;
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const NAME_COMPONENT = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/**
 * Parses `registry[:port]/name[:tag][@digest]`. To be distinct from a name, the registry must have a dot or a port, or
 * be `localhost` or a bracketed IPv6 address. There is no default tag.
 *
 * @throws {PkgError} REFERENCE_INVALID
 * @see OCI distribution-spec 1.1, "Pulling manifests"
 */
export function parseReference(text: string): Reference {
  if (text.length > MAX_REFERENCE_CHARACTERS) {
    throw invalid(
      `${text.slice(0, 64)}…`,
      `it has ${text.length} characters, expected at most ${MAX_REFERENCE_CHARACTERS}`,
    );
  }
  refuseUserInfo(text, "REFERENCE_INVALID");
  refuseBareUserInfo(text, "REFERENCE_INVALID");
  const slash = text.indexOf("/");
  const registry = text.slice(0, Math.max(slash, 0)).toLowerCase();
  if (!isRegistry(registry))
    throw invalid(text, `expected a registry such as "ghcr.io" before the first "/"`, { hint: schemeHint(text) });
  const { path, digest } = splitDigest(text, text.slice(slash + 1));
  const colon = path.indexOf(":");
  const name = colon < 0 ? path : path.slice(0, colon);
  const tag = colon < 0 ? null : path.slice(colon + 1);
  if (!isRepositoryName(name)) {
    const hint = isRepositoryName(name.toLowerCase())
      ? `Did you mean ${text.slice(0, slash + 1)}${name.toLowerCase()}${path.slice(name.length)}${digest === null ? "" : `@${digest}`}?`
      : tagHint(text);
    throw invalid(text, `name is "${name}", expected lower-case words separated by "/"`, { hint });
  }
  if (tag !== null && !isTag(tag)) {
    throw invalid(text, `tag is "${tag}", expected at most 128 letters, digits, "_", "." or "-"`, {
      hint: tagHint(text),
    });
  }
  return { registry, name, tag, digest };
}

/**
 * Parses a registry that is typed alone, such as `ghcr.io` or `localhost:5000`, with or without a slash at its end.
 *
 * @throws {PkgError} REFERENCE_INVALID
 */
export function parseRegistry(text: string): string {
  refuseUserInfo(text, "REFERENCE_INVALID");
  refuseBareUserInfo(text, "REFERENCE_INVALID");
  const bare = text.replace(/\/+$/, "");
  const registry = bare.toLowerCase();
  if (isRegistry(registry)) return registry;
  const expected = 'expected a host such as "ghcr.io" or "localhost:5000"';
  const scheme = schemeHint(text);
  if (scheme !== undefined) throw invalidRegistry(text, expected, scheme);
  const host = bare.split("/", 1)[0] ?? "";
  if (isRegistry(host.toLowerCase())) {
    throw invalidRegistry(text, `more follows the host, ${expected}`, `Leave out "${bare.slice(host.length)}"`);
  }
  throw invalidRegistry(text, expected, "Type its whole name, which has a dot or a port in it");
}

function invalidRegistry(text: string, problem: string, hint: string): PkgError {
  return new PkgError("REFERENCE_INVALID", `Cannot use registry "${text}": ${problem}`, { hint });
}

/** True if `text` can only be a reference: `ghcr.io/a/b`, `localhost/x`, `[::1]:5000/x`; not `family/name`. */
export function looksLikeReference(text: string): boolean {
  const slash = text.indexOf("/");
  return slash > 0 && slash <= MAX_REPOSITORY_CHARACTERS && isRegistry(text.slice(0, slash).toLowerCase());
}

/** Formats a reference so that parseReference() parses it to the same value. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === null ? "" : `:${reference.tag}`;
  const digest = reference.digest === null ? "" : `@${reference.digest}`;
  return `${reference.registry}/${reference.name}${tag}${digest}`;
}

/** True for a valid tag (OCI distribution-spec 1.1, "Pulling manifests"). */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** Replaces every character that a tag may not contain with `_`. */
export function tagText(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._-]/g, "_");
}

/** True for a valid repository name, e.g. `library/alpine` (OCI distribution-spec 1.1, "Pulling manifests"). */
export function isRepositoryName(name: string): boolean {
  return (
    name.length <= MAX_REPOSITORY_CHARACTERS && name.split("/").every((component) => NAME_COMPONENT.test(component))
  );
}

function isRegistry(text: string): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::([0-9]{1,5}))?$/.exec(text);
  const host = match?.[1];
  if (host === undefined || host.length > MAX_REPOSITORY_CHARACTERS) return false;
  const port = match?.[2];
  if (port !== undefined && (Number(port) < 1 || Number(port) > MAX_PORT)) return false;
  if (host.startsWith("[")) return isIPv6(host.slice(1, -1));
  return HOST.test(host) && (port !== undefined || host.includes(".") || host === "localhost");
}

function splitDigest(text: string, rest: string): { readonly path: string; readonly digest: Digest | null } {
  const at = rest.indexOf("@");
  if (at < 0) return { path: rest, digest: null };
  try {
    return { path: rest.slice(0, at), digest: parseDigest(rest.slice(at + 1)) };
  } catch (cause) {
    throw invalid(text, `digest is "${rest.slice(at + 1)}", expected "sha256:" and 64 hex characters`, {
      ...{ hint: tagHint(text), cause },
    });
  }
}

/** What is meant by `REF@1.0`, `REF=1.0`, `REF>=1` and `REF:1.0+5`: a tag of the same repository. */
function tagHint(text: string): string | undefined {
  const [, place, mark = "", version = ""] = /^([^@=<>~^!\s]+?)\s*(:(?=[^/]+$)|[@=<>~^!\s]+)\s*(.+)$/.exec(text) ?? [];
  const tag = tagText(version);
  if (place === undefined || /:[^/]*$/.test(place) || !/^[\w.+-]+$/.test(version) || !isTag(tag)) return undefined;
  if (/[<>~^!]/.test(mark))
    return `A reference takes a tag and no range: ${place}:TAG; \`pkg oci tags ${place}\` lists them`;
  const differs = tag === version ? "" : ` A tag has "_" where a version has "+"`;
  return `Did you mean ${place}:${tag}?${differs}`;
}

function schemeHint(text: string): string | undefined {
  const scheme = /^[a-z]+:\/\//i.exec(text)?.[0];
  return scheme === undefined ? undefined : `Leave out "${scheme}"`;
}

function invalid(
  text: string,
  problem: string,
  { hint = DEFAULT_HINT, cause }: { readonly hint?: string | undefined; readonly cause?: unknown } = {},
): PkgError {
  return new PkgError("REFERENCE_INVALID", `Cannot use reference "${text}": ${problem}`, { hint, cause });
}

/** The repository of a reference as text, without tag and digest; null when the text is not a reference. */
export function repositoryOf(text: string): string | null {
  try {
    return formatReference({ ...parseReference(text), tag: null, digest: null });
  } catch (error) {
    if (hasCode(error, "REFERENCE_INVALID", "DIGEST_INVALID")) return null;
    throw error;
  }
}
