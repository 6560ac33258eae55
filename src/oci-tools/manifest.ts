import { lstatSync } from "node:fs";
import { MAX_MANIFEST_BYTES } from "../base/limits.ts";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { type OutputFile, writeOutput } from "../fs/output-file.ts";
import { readLocalFileSync, streamFile } from "../fs/read-file.ts";
import type { ManifestKey } from "../oci/content.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../oci/descriptor.ts";
import { type Digest, digestOf, isDigest } from "../oci/digest.ts";
import { checkDigest, type ManifestDocument, parseManifestDocument } from "../oci/manifest.ts";
import { documentKind } from "../oci/media-types.ts";
import { isTag } from "../oci/reference.ts";
import { manifestKeyOf, openSource, openTarget, type PlaceCapabilities, withPlace } from "./open-place.ts";

/** A manifest and the reference that named it. */
export interface LocatedManifest {
  readonly reference: string;
  readonly mediaType: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** Resolves a reference to a descriptor without fetching its content. */
export function resolveArtifact(cap: PlaceCapabilities, text: string): Promise<LocatedManifest> {
  return withPlace(openSource(cap, text), async (opened) =>
    located(text, await opened.place.resolve(manifestKeyOf(opened), cap.signal)),
  );
}

/** A manifest with its bytes. */
export interface FetchedManifest extends LocatedManifest {
  readonly bytes: Buffer;
}

/** Fetches what a reference names, verified and byte for byte, whatever its media type. */
export function fetchManifest(cap: PlaceCapabilities, text: string): Promise<FetchedManifest> {
  return withPlace(openSource(cap, text), async (opened) => {
    const { bytes, digest, mediaType } = await opened.place.fetchDocument(manifestKeyOf(opened), cap.signal);
    return { reference: text, mediaType, digest, sizeBytes: bytes.length, bytes };
  });
}

/** One entry of a manifest or image index, as it is shown to people. */
export interface InspectedEntry {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly artifactType: string | null;
  readonly title: string | null;
  /** e.g. `linux/arm64/v8`. */
  readonly platform: string | null;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A manifest or image index, decoded; fields of the other kind are null or empty. */
export interface InspectedManifest extends LocatedManifest {
  readonly artifactType: string | null;
  readonly subject: InspectedEntry | null;
  readonly config: InspectedEntry | null;
  readonly layers: readonly InspectedEntry[];
  readonly manifests: readonly InspectedEntry[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** Fetches and decodes a manifest or image index, in one shape for both. */
export async function inspectManifest(cap: PlaceCapabilities, text: string): Promise<InspectedManifest> {
  const { bytes, ...outcome } = await fetchManifest(cap, text);
  const document = parseManifestDocument(bytes, outcome.mediaType, outcome.digest);
  const content = document.kind === "manifest" ? document.manifest : document.index;
  const manifest = document.kind === "manifest" ? document.manifest : null;
  const entryOrNull = (descriptor: Descriptor | null | undefined) => (descriptor ? inspectEntry(descriptor) : null);
  return {
    ...outcome,
    artifactType: content.artifactType,
    subject: entryOrNull(content.subject),
    config: entryOrNull(manifest?.config),
    layers: (manifest?.layers ?? []).map(inspectEntry),
    manifests: (document.kind === "index" ? document.index.manifests : []).map(inspectEntry),
    annotations: content.annotations,
  };
}

/** A descriptor as it is shown to people. */
export function inspectEntry({
  mediaType,
  digest,
  size,
  artifactType,
  platform,
  annotations,
}: Descriptor): InspectedEntry {
  const { os, architecture, variant } = platform ?? {};
  return {
    mediaType,
    digest,
    sizeBytes: size,
    artifactType: artifactType ?? null,
    title: annotations[TITLE_ANNOTATION] ?? null,
    platform:
      platform === undefined ? null : [os, architecture, variant].filter((part) => part !== undefined).join("/"),
    annotations,
  };
}

/**
 * Writes a manifest to a file atomically; a file that has the content already is left as it is.
 *
 * @throws {PkgError} PATH_CONFLICT for a file that must not be overwritten; FILE_SYSTEM, PERMISSION_DENIED, DISK_FULL
 */
export async function saveManifest(output: OutputFile, bytes: Buffer): Promise<void> {
  if (!isCopy(output.path, bytes)) await writeOutput(output, [bytes]);
}

function isCopy(path: string, bytes: Buffer): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size === bytes.length && readLocalFileSync(path).equals(bytes);
}

/**
 * Reads a manifest from a file or a stream.
 *
 * @throws {PkgError} BODY_TOO_LARGE over MAX_MANIFEST_BYTES; FILE_SYSTEM, PERMISSION_DENIED
 */
export async function readManifestFile(source: string | AsyncIterable<Uint8Array>): Promise<Buffer> {
  const name = typeof source === "string" ? source : "standard input";
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of typeof source === "string" ? streamFile(source) : source) {
      size += chunk.length;
      if (size > MAX_MANIFEST_BYTES) {
        throw new PkgError(
          "BODY_TOO_LARGE",
          `Cannot read "${name}": it has more than ${MAX_MANIFEST_BYTES} bytes, the limit for a manifest`,
        );
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw fileSystemError(error, `read "${name}"`);
  }
  return Buffer.concat(chunks);
}

/** A manifest to push, and where. */
export interface PushManifestRequest {
  readonly reference: string;
  readonly bytes: Buffer;
  /** Null: the one in the document. */
  readonly mediaType: string | null;
}

/** Pushes a manifest byte for byte under the reference's tag; without a tag, by its digest alone. */
export function pushManifest(cap: PlaceCapabilities, request: PushManifestRequest): Promise<LocatedManifest> {
  const { reference, bytes } = request;
  return withPlace(openTarget(cap, reference), async ({ place, tag, digest: expected }) => {
    const digest = digestFor(bytes, expected);
    const mediaType = mediaTypeOf(bytes, request.mediaType, digest);
    await place.pushManifest({ bytes, mediaType, digest, tag }, cap.signal);
    return { reference, mediaType, digest, sizeBytes: bytes.length };
  });
}

/** An unknown type is accepted as it is; a document of a known type must match it. */
function mediaTypeOf(bytes: Buffer, typed: string | null, digest: Digest): string {
  if (typed !== null && documentKind(typed) === null) return typed;
  return contentOf(parseManifestDocument(bytes, typed, digest)).mediaType;
}

/** A manifest and its new tags. */
export interface TagOutcome extends LocatedManifest {
  readonly tags: readonly string[];
}

/** Adds tags to what a reference names. @throws {PkgError} REFERENCE_INVALID for a malformed tag; those of the place */
export function tagManifest(
  cap: PlaceCapabilities,
  request: { readonly reference: string; readonly tags: readonly string[] },
): Promise<TagOutcome> {
  const { reference, tags } = request;
  for (const tag of tags) if (!isTag(tag)) throw invalidTag(tag);
  return withPlace(openTarget(cap, reference), async (opened) => {
    const { place } = opened;
    const { bytes, digest, mediaType } = await place.fetchDocument(manifestKeyOf(opened), cap.signal);
    for (const tag of tags) await place.pushManifest({ bytes, mediaType, digest, tag }, cap.signal);
    return { reference, mediaType, digest, sizeBytes: bytes.length, tags };
  });
}

/** What was deleted, and by which tag or digest. */
export interface DeletedManifest {
  readonly reference: string;
  readonly kind: "tag" | "manifest";
  readonly key: ManifestKey;
}

/** Deletes a tag, or a manifest by its digest together with all its tags. */
export function deleteManifest(cap: PlaceCapabilities, text: string): Promise<DeletedManifest> {
  return withPlace(openTarget(cap, text), async (opened) => {
    const key = manifestKeyOf(opened);
    await opened.place.deleteManifest(key, cap.signal);
    return { reference: text, kind: isDigest(key) ? "manifest" : "tag", key };
  });
}

/** The fields that manifests and image indexes have in common. */
export function contentOf(document: ManifestDocument): {
  readonly bytes: Buffer;
  readonly digest: Digest;
  readonly mediaType: string;
} {
  return document.kind === "manifest" ? document.manifest : document.index;
}

function located(reference: string, { mediaType, digest, size }: Descriptor): LocatedManifest {
  return { reference, mediaType, digest, sizeBytes: size };
}

function digestFor(bytes: Buffer, expected: Digest | null): Digest {
  if (expected === null) return digestOf(bytes);
  checkDigest(bytes, expected);
  return expected;
}

function invalidTag(tag: string): PkgError {
  return new PkgError(
    "REFERENCE_INVALID",
    `Cannot use tag "${tag}": expected at most 128 letters, digits, "_", "." or "-"`,
  );
}
