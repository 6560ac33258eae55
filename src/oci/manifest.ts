import { byteCount } from "../base/format-bytes.ts";
import { hashHex } from "../base/hashes.ts";
import { asObject, type JsonObject, parseJson } from "../base/json.ts";
import { MAX_MANIFEST_BYTES } from "../base/limits.ts";
import { jsonProblem } from "../base/strict-json.ts";
import { PkgError } from "../errors.ts";
import {
  decodeAnnotations,
  decodeDescriptor,
  decodeOptionalDescriptor,
  decodeOptionalText,
} from "./decode-descriptor.ts";
import { type Descriptor, TITLE_ANNOTATION } from "./descriptor.ts";
import { type Digest, digestAlgorithm, digestHex, digestOf } from "./digest.ts";
import { documentKind, isHtml, mediaTypeEssence, OCI_ARTIFACT, OCI_INDEX, OCI_MANIFEST } from "./media-types.ts";
import { safeTitlePath } from "./title.ts";
import { foundWebPage } from "./web-page.ts";

/** An image manifest whose bytes hash to `digest`. */
export interface Manifest {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly bytes: Buffer;
  readonly artifactType: string | null;
  readonly config: Descriptor | null;
  readonly layers: readonly Descriptor[];
  /** The manifest that this one refers to, as a signature does; null: none. */
  readonly subject: Descriptor | null;
  readonly annotations: Readonly<Record<string, string>>;
}

/** An image index (or Docker manifest list) whose bytes hash to `digest`. */
export interface ImageIndex {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly bytes: Buffer;
  readonly artifactType: string | null;
  readonly manifests: readonly Descriptor[];
  readonly subject: Descriptor | null;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A document that a tag or digest names, decoded. */
export type ManifestDocument =
  | { readonly kind: "manifest"; readonly manifest: Manifest }
  | { readonly kind: "index"; readonly index: ImageIndex };

const VAGUE_TYPES: readonly (string | null)[] = [
  null,
  "application/json",
  "application/octet-stream",
  "application/x-octet-stream",
  "binary/octet-stream",
  "text/json",
  "text/plain",
];

/**
 * Decodes an image manifest or image index after comparing its bytes with `expected`; if that is null, the document's
 * digest is the SHA-256 of its bytes. It is as strict as using the document requires, and no stricter: a missing list is
 * empty, and the config, the schema version and the media type may be missing. What is written is checked elsewhere.
 *
 * @throws {PkgError} NOT_A_REGISTRY for a web page; DIGEST_MISMATCH; MANIFEST_INVALID
 * @see OCI image-spec 1.1, manifest.md and image-index.md
 */
export function parseManifestDocument(
  bytes: Buffer,
  contentType: string | null,
  expected: Digest | null,
): ManifestDocument {
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw invalid(`it has ${byteCount(bytes.length)}, expected at most ${MAX_MANIFEST_BYTES}`);
  }
  // Checked first: a web page would otherwise be reported as a wrong digest, which is misleading.
  refuseWebPage(bytes, contentType);
  const digest = expected ?? digestOf(bytes);
  checkDigest(bytes, digest);
  return decodeDocument(parseObject(bytes), { bytes, digest, sent: sentMediaType(contentType) });
}

/**
 * Compares `bytes` with the digest that was requested or announced.
 *
 * @throws {PkgError} DIGEST_MISMATCH
 */
export function checkDigest(bytes: Uint8Array, digest: Digest): void {
  const algorithm = digestAlgorithm(digest);
  const found = hashHex(algorithm, bytes);
  if (found === digestHex(digest)) return;
  throw new PkgError(
    "DIGEST_MISMATCH",
    `Cannot use the content: expected digest "${digest}", found "${algorithm}:${found}"`,
    {
      hint: "The server sent other content than was requested; try again, or use another mirror",
    },
  );
}

/**
 * The layers of a manifest by their titles, which are safe file paths; layers without a title are skipped.
 *
 * Of two layers with the same title and content, the first counts.
 *
 * @throws {PkgError} TITLE_INVALID; MANIFEST_INVALID if two layers with different content have the same title
 * @see OCI image-spec 1.1, annotations.md, `org.opencontainers.image.title`
 */
export function layersByTitle(manifest: Manifest): ReadonlyMap<string, Descriptor> {
  const layers = new Map<string, Descriptor>();
  for (const layer of manifest.layers) {
    const written = layer.annotations[TITLE_ANNOTATION];
    if (written === undefined) continue;
    // As some tools write the paths that they were given.
    const title = written.replace(/^(?:\.\/+)+(?=.)/, "");
    const known = layers.get(safeTitlePath(title));
    if (known !== undefined && known.digest === layer.digest && known.size === layer.size) continue;
    if (known !== undefined) {
      throw new PkgError(
        "MANIFEST_INVALID",
        `Cannot use manifest "${manifest.digest}": two layers with different content are titled "${title}"`,
      );
    }
    layers.set(title, layer);
  }
  return layers;
}

interface Envelope {
  readonly bytes: Buffer;
  readonly digest: Digest;
  /** The media type that sentMediaType() returned. */
  readonly sent: string | null;
}

function decodeDocument(document: JsonObject, envelope: Envelope): ManifestDocument {
  const mediaType = mediaTypeOf(document, envelope.sent);
  const annotations = decodeAnnotations(document["annotations"], "the document");
  const artifactType = decodeOptionalText(document, "artifactType", "the document");
  const subject = decodeOptionalDescriptor(document["subject"], "subject");
  const common = { mediaType, digest: envelope.digest, bytes: envelope.bytes, artifactType, subject, annotations };
  if (documentKind(mediaType) === "index") {
    return { kind: "index", index: { ...common, manifests: decodeList(document, "manifests") } };
  }
  const isArtifact = mediaType === OCI_ARTIFACT;
  const config = isArtifact ? null : decodeOptionalDescriptor(document["config"], "config");
  const layers = decodeList(document, isArtifact ? "blobs" : "layers");
  return { kind: "manifest", manifest: { ...common, config, layers } };
}

/**
 * A document must not be readable as two kinds or under two types: it could be verified as one and used as the other
 * (CVE-2021-41190).
 */
function mediaTypeOf(document: JsonObject, sent: string | null): string {
  const shape = shapeOf(document);
  // With parameters or in capitals it is the same type.
  const written = mediaTypeEssence(decodeOptionalText(document, "mediaType", "the document"));
  const mediaType = written ?? sent ?? (shape === "index" ? OCI_INDEX : OCI_MANIFEST);
  if (sent !== null && sent !== mediaType) {
    throw invalid(`its mediaType is "${mediaType}" and it was sent as "${sent}"`);
  }
  const kind = documentKind(mediaType);
  if (kind !== shape) throw invalid(`its type is "${mediaType}" and its content is that of an image ${shape}`);
  const schemaVersion = document["schemaVersion"] ?? 2;
  if (schemaVersion !== 2 && schemaVersion !== "2" && mediaType !== OCI_ARTIFACT) {
    throw invalid(`expected schemaVersion 2, found ${JSON.stringify(schemaVersion)}`);
  }
  return mediaType;
}

/**
 * The media type that a document says it has, in lower case and without parameters, else the one that its fields show;
 * null if they show none.
 */
export function writtenMediaType(document: JsonObject): string | null {
  const { mediaType, config } = document;
  const written = typeof mediaType === "string" ? mediaTypeEssence(mediaType) : null;
  if (written !== null) return written;
  if (Object.hasOwn(document, "manifests")) return OCI_INDEX;
  // The config of an image, which is a document too, has a field of that name.
  const hasConfig = typeof asObject(config)?.["digest"] === "string";
  return hasConfig || Object.hasOwn(document, "layers") ? OCI_MANIFEST : null;
}

const MANIFEST_FIELDS: readonly string[] = ["layers", "blobs", "config"];
const INDEX_FIELDS: readonly string[] = ["manifests"];

function shapeOf(document: JsonObject): "manifest" | "index" {
  const has = (fields: readonly string[]) => fields.some((field) => (document[field] ?? null) !== null);
  const names = (fields: readonly string[]) => fields.some((field) => Object.hasOwn(document, field));
  if (has(MANIFEST_FIELDS) && has(INDEX_FIELDS)) throw invalid("it has both layers and manifests");
  if (Object.hasOwn(document, "fsLayers")) {
    throw invalid("it is a Docker schema 1 manifest, which cannot be verified by its digest");
  }
  if (has(MANIFEST_FIELDS)) return "manifest";
  if (has(INDEX_FIELDS)) return "index";
  // All that it has is null, as an empty list is in Go.
  if (names(MANIFEST_FIELDS) === names(INDEX_FIELDS)) throw invalid("it has neither layers nor manifests");
  return names(INDEX_FIELDS) ? "index" : "manifest";
}

function decodeList(document: JsonObject, field: "layers" | "blobs" | "manifests"): readonly Descriptor[] {
  const list = document[field] ?? [];
  if (!Array.isArray(list)) throw invalid(`its ${field} are not a list`);
  // What names no type is what the list is for.
  const untyped = field === "manifests" ? OCI_MANIFEST : "application/octet-stream";
  return list.map((value: unknown, position) => decodeDescriptor(value, `entry ${position + 1} of ${field}`, untyped));
}

/**
 * Parses a document, which must be a JSON object.
 *
 * @throws {PkgError} MANIFEST_INVALID
 */
export function parseObject(bytes: Buffer): JsonObject {
  const object = asObject(parseJson(bytes, (cause) => invalid(jsonProblem(cause), cause)));
  if (object === null) throw invalid("it is not an object");
  return object;
}

/**
 * The media type in a document's `Content-Type`, in lower case and without parameters; null if it is missing or one of
 * the generic types that static file servers and caches send.
 */
export function sentMediaType(contentType: string | null): string | null {
  const essence = mediaTypeEssence(contentType);
  return VAGUE_TYPES.includes(essence) ? null : essence;
}

/**
 * Refuses a web page, which a proxy or login page may send in place of a registry's answer.
 *
 * @throws {PkgError} NOT_A_REGISTRY
 */
export function refuseWebPage(bytes: Buffer, contentType: string | null): void {
  if (!isHtml(contentType) && !startsLikeMarkup(bytes)) return;
  throw foundWebPage("use manifest", "a manifest");
}

/** True if the first non-space character opens a tag, which JSON never does. */
function startsLikeMarkup(bytes: Buffer): boolean {
  return /^\uFEFF?\s*</.test(bytes.subarray(0, 1024).toString("utf8"));
}

function invalid(problem: string, cause?: unknown): PkgError {
  return new PkgError("MANIFEST_INVALID", `Cannot use manifest: ${problem}`, { cause });
}
