import { type Digest, isDigest } from "../oci/digest.ts";
import { isRepositoryName, isTag } from "../oci/reference.ts";
import { Problem } from "./problem.ts";

/** What a request's path asks for; every part is checked and safe to use in a file's path. */
export type Route =
  | { readonly kind: "version" }
  | { readonly kind: "manifest"; readonly name: string; readonly reference: ManifestReference }
  | { readonly kind: "blob"; readonly name: string; readonly digest: Digest }
  | { readonly kind: "uploads"; readonly name: string }
  | { readonly kind: "upload"; readonly name: string; readonly id: string }
  | { readonly kind: "tags"; readonly name: string }
  | { readonly kind: "referrers"; readonly name: string; readonly subject: Digest }
  | { readonly kind: "catalog" }
  | { readonly kind: "index"; readonly file: string };

/** How a manifest is asked for. */
export type ManifestReference =
  | { readonly kind: "tag"; readonly tag: string }
  | { readonly kind: "digest"; readonly digest: Digest };

const UPLOAD_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INDEX_FILE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * Parses a URL's path. For an invalid tag, a PUT is refused, and any other request is told that it does not exist.
 *
 * @throws {Problem} NAME_INVALID, DIGEST_INVALID, MANIFEST_INVALID, MANIFEST_UNKNOWN, BLOB_UPLOAD_UNKNOWN, NAME_UNKNOWN
 * @see OCI distribution-spec 1.1, "Endpoints"
 */
export function parseRoute(method: string, encodedPath: string): Route {
  const path = decode(encodedPath);
  if (path === "/v2/" || path === "/v2") return { kind: "version" };
  if (path === "/v2/_catalog") return { kind: "catalog" };
  const index = /^\/index\/([^/]+)$/.exec(path)?.[1];
  if (index !== undefined) return { kind: "index", file: parseIndexFile(index) };
  const [, name, kind, rest] =
    /^\/v2\/(.+?)\/(manifests|blobs|tags|referrers)\/([^/]*|uploads\/[^/]*)$/.exec(path) ?? [];
  if (name === undefined || kind === undefined || rest === undefined) throw unknownPath(path);
  return parseEndpoint({ method, path, name: parseName(name), kind, rest });
}

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly name: string;
  readonly kind: string;
  readonly rest: string;
}

function parseEndpoint({ method, path, name, kind, rest }: Endpoint): Route {
  if (kind === "manifests") return { kind: "manifest", name, reference: parseManifestReference(method, rest) };
  if (kind === "referrers") return { kind: "referrers", name, subject: parseBlobDigest(rest) };
  if (kind === "tags" && rest === "list") return { kind: "tags", name };
  if (kind === "blobs" && (rest === "uploads/" || rest === "uploads")) return { kind: "uploads", name };
  if (kind === "blobs" && rest.startsWith("uploads/")) {
    return { kind: "upload", name, id: parseUploadId(rest.slice("uploads/".length)) };
  }
  if (kind === "blobs") return { kind: "blob", name, digest: parseBlobDigest(rest) };
  throw unknownPath(path);
}

/** The name of a repository, checked. @throws {Problem} NAME_INVALID */
export function parseName(name: string): string {
  // No component starts with "_", as the folders of the storage do.
  if (isRepositoryName(name)) return name;
  throw new Problem("NAME_INVALID", `repository name "${name}" is not lower-case components separated by "/"`);
}

/** The digest of a blob, checked. @throws {Problem} DIGEST_INVALID */
export function parseBlobDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new Problem("DIGEST_INVALID", `digest "${text}" is neither sha256 nor sha512 in lower-case hex`);
}

function parseManifestReference(method: string, text: string): ManifestReference {
  if (text.includes(":")) return { kind: "digest", digest: parseBlobDigest(text) };
  if (method !== "PUT" && !isTag(text)) throw new Problem("MANIFEST_UNKNOWN", `tag "${text}" does not exist`);
  return { kind: "tag", tag: parseTag(text) };
}

/** A tag to be written, checked. @throws {Problem} MANIFEST_INVALID */
export function parseTag(text: string): string {
  if (isTag(text)) return text;
  throw new Problem("MANIFEST_INVALID", `tag "${text}" is not 1 to 128 characters of [A-Za-z0-9._-]`);
}

function parseUploadId(text: string): string {
  if (UPLOAD_ID.test(text)) return text;
  throw new Problem("BLOB_UPLOAD_UNKNOWN", `upload "${text}" is not known`);
}

function parseIndexFile(text: string): string {
  if (INDEX_FILE.test(text)) return text;
  throw new Problem("NAME_UNKNOWN", `index file "${text}" does not exist`);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new Problem("NAME_INVALID", `path "${path}" is badly encoded`, { cause: error });
  }
}

function unknownPath(path: string): Problem {
  return new Problem("NAME_UNKNOWN", `path "${path}" is not served here`);
}
