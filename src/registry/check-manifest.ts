import { asObject, isObject, type JsonObject, parseJson } from "../base/json.ts";
import { JsonProblem } from "../base/strict-json.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { documentKind, MANIFEST_ACCEPT, mediaTypeEssence, OCI_INDEX, OCI_MANIFEST } from "../oci/media-types.ts";
import { Problem } from "./problem.ts";

/** What a pushed manifest says it needs. */
export interface CheckedManifest {
  readonly mediaType: string;
  /** The digests of the config and of every layer that the registry must hold. */
  readonly blobs: readonly Digest[];
  /** The digests of all manifests that an image index lists. */
  readonly manifests: readonly Digest[];
  /** The manifest it refers to, which need not be in this registry. */
  readonly subject: Digest | null;
}

/** Layers that clients fetch from their `urls`, because their licence forbids others to distribute them. */
const ELSEWHERE = /\.(?:nondistributable|foreign)\./;

/**
 * Reads a pushed manifest or image index as far as a registry must understand it. It is served under the type that it
 * is pushed under, so only types of manifests are accepted: a browser would take other types for a page.
 *
 * @throws {Problem} MANIFEST_INVALID
 * @see OCI distribution-spec 1.1, "Pushing Manifests"
 */
export function checkManifest(bytes: Buffer, contentType: string | undefined): CheckedManifest {
  const document = parseManifestObject(bytes);
  const { mediaType, kind } = typeOf(document, contentType);
  // Some clients would take it for an image, others for an index (CVE-2021-41190).
  if ("layers" in document && "manifests" in document) throw invalid("it has both layers and manifests");
  const subject = subjectOf(document["subject"]);
  if (kind === "index") return { mediaType, blobs: [], manifests: childrenOf(document), subject };
  return { mediaType, blobs: blobsOf(document), manifests: [], subject };
}

/** A manifest as an object, whatever its type. @throws {Problem} MANIFEST_INVALID */
export function parseManifestObject(bytes: Buffer): JsonObject {
  const notJson = (cause: unknown) =>
    cause instanceof JsonProblem
      ? invalid(`it ${cause.message}`)
      : new Problem("MANIFEST_INVALID", "manifest is not JSON", { cause });
  const object = asObject(parseJson(bytes, notJson));
  if (object === null) throw invalid("it is not an object");
  return object;
}

interface ManifestType {
  readonly mediaType: string;
  readonly kind: "manifest" | "index";
}

function typeOf(document: JsonObject, contentType: string | undefined): ManifestType {
  const written = document["mediaType"];
  const mediaType = mediaTypeEssence(contentType ?? null) ?? written ?? typeByShape(document);
  if (typeof mediaType !== "string") throw invalid("it names no media type");
  const kind = documentKind(mediaType);
  if (kind === null) throw invalid(`its type is "${mediaType}", expected one of ${MANIFEST_ACCEPT}`);
  if (written !== undefined && written !== mediaType) {
    throw invalid(`its mediaType contradicts the Content-Type "${mediaType}"`);
  }
  return { mediaType, kind };
}

function typeByShape(document: JsonObject): string | null {
  if ("manifests" in document) return OCI_INDEX;
  return "layers" in document ? OCI_MANIFEST : null;
}

function blobsOf(document: JsonObject): readonly Digest[] {
  const { config, layers, blobs } = document;
  if ("manifests" in document) throw invalid("it is an image manifest by its type and an index by its content");
  if (config === undefined && layers === undefined && blobs === undefined) {
    throw invalid("it has neither config nor layers");
  }
  const configs = config === undefined || config === null ? [] : [config];
  return [...configs, ...list(layers), ...list(blobs)].filter((entry) => !isElsewhere(entry)).map(digestOf);
}

function childrenOf(document: JsonObject): readonly Digest[] {
  if (!("manifests" in document)) throw invalid("it is an image index by its type and has no manifests");
  return list(document["manifests"]).map(digestOf);
}

function isElsewhere(entry: unknown): boolean {
  const mediaType = isObject(entry) ? entry["mediaType"] : undefined;
  return typeof mediaType === "string" && ELSEWHERE.test(mediaType);
}

function subjectOf(value: unknown): Digest | null {
  if (value === undefined || value === null) return null;
  const digest = isObject(value) ? value["digest"] : undefined;
  if (typeof digest === "string" && isDigest(digest)) return digest;
  throw invalid("its subject has no valid digest");
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw invalid("its layers or manifests are not a list");
}

function digestOf(descriptor: unknown): Digest {
  const digest = isObject(descriptor) ? descriptor["digest"] : undefined;
  if (typeof digest === "string" && isDigest(digest)) return digest;
  throw invalid("a descriptor has no valid digest");
}

function invalid(reason: string): Problem {
  return new Problem("MANIFEST_INVALID", `manifest cannot be accepted: ${reason}`);
}
