import { asObject, type JsonObject, parseJson } from "../base/json.ts";
import { jsonProblem } from "../base/strict-json.ts";
import { hasCode, PkgError } from "../errors.ts";
import { decodeDescriptor } from "../oci/decode-descriptor.ts";
import { type Descriptor, freezeDescriptor } from "../oci/descriptor.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { OCI_INDEX } from "../oci/media-types.ts";

/** The content of the file `oci-layout`. */
export const OCI_LAYOUT_FILE = '{"imageLayoutVersion":"1.0.0"}';

/** The annotation that tags an entry of a layout's index (OCI image-spec 1.1, annotations.md). */
export const REF_NAME_ANNOTATION = "org.opencontainers.image.ref.name";

/** The largest `oci-layout` file that is read, in bytes: it holds only a version. */
export const MAX_LAYOUT_FILE_BYTES = 4096;

/** The largest `index.json` that is read, in bytes. */
export const MAX_LAYOUT_INDEX_BYTES = 128 * 1024 * 1024;

/** A manifest in an `index.json`. */
export interface LayoutEntry {
  /** The entry as it is in the file, with unknown fields. */
  readonly raw: unknown;
  readonly descriptor: Descriptor;
  /** The tag as written: `3.21`, or `library/alpine:3.21` from some tools; null: untagged. */
  readonly tag: string | null;
}

/** The `index.json` of a layout: its manifests and their tags. */
export interface LayoutIndex {
  /** The document as it is in the file; its `manifests` are ignored. */
  readonly document: JsonObject;
  readonly manifests: readonly LayoutEntry[];
  /** Entries that cannot be read, such as those with an unknown digest algorithm; they are kept. */
  readonly others: readonly unknown[];
}

/** The index of a layout without any manifest. */
export const EMPTY_LAYOUT_INDEX: LayoutIndex = Object.freeze({
  document: Object.freeze({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] }),
  manifests: [],
  others: [],
});

/**
 * Reads an `index.json`.
 *
 * @throws {PkgError} LAYOUT_INVALID
 * @see OCI image-spec 1.1, image-layout.md, "index.json file"
 */
export function parseLayoutIndex(bytes: Uint8Array): LayoutIndex {
  const document = asObject(parseJson(bytes, (cause) => invalid(jsonProblem(cause), cause)));
  if (document === null) throw invalid("it is not an object");
  const entries = document["manifests"];
  if (!Array.isArray(entries)) throw invalid("it has no list of manifests");
  const read = entries.map((raw: unknown) => ({ raw, entry: readEntry(raw) }));
  const manifests = read.map(({ entry }) => entry).filter((entry) => entry !== null);
  return { document, manifests, others: read.filter(({ entry }) => entry === null).map(({ raw }) => raw) };
}

/** Formats an index as JSON; unknown fields and entries are kept. */
export function formatLayoutIndex(index: LayoutIndex): Buffer {
  const manifests = [...index.manifests.map(({ raw }) => raw), ...index.others];
  return Buffer.from(JSON.stringify({ schemaVersion: 2, ...index.document, manifests }));
}

/**
 * Adds a manifest to the index: tagged, or if `tag` is null, untagged unless it is listed already. A manifest that had
 * the tag stays, untagged. Returns the same object if nothing changes.
 */
export function withManifest(index: LayoutIndex, descriptor: Descriptor, tag: string | null): LayoutIndex {
  const { digest } = descriptor;
  const isThere = (entry: LayoutEntry) =>
    tag === null ? entry.descriptor.digest === digest : entry.tag === tag && isSame(entry, descriptor);
  if (index.manifests.some(isThere)) return index;
  const base = tag === null ? index : withoutTag(index, tag);
  const kept = base.manifests.filter((entry) => entry.descriptor.digest !== digest || isElsewhere(entry, tag));
  return { ...base, manifests: [...kept, entryOf(descriptor, tag)] };
}

/** Removes a tag; its manifest stays, untagged. Returns the same object if the tag does not exist. */
export function withoutTag(index: LayoutIndex, tag: string): LayoutIndex {
  if (!index.manifests.some((entry) => entry.tag === tag)) return index;
  const seen = new Set<Digest>();
  for (const entry of index.manifests) if (entry.tag !== tag) seen.add(entry.descriptor.digest);
  const manifests = index.manifests.flatMap((entry) => {
    if (entry.tag !== tag) return [entry];
    if (seen.has(entry.descriptor.digest)) return [];
    seen.add(entry.descriptor.digest);
    return [untagged(entry)];
  });
  return { ...index, manifests };
}

/** Removes a manifest and its tags. Returns the same object if it is not listed. */
export function withoutManifest(index: LayoutIndex, digest: string): LayoutIndex {
  const manifests = index.manifests.filter((entry) => entry.descriptor.digest !== digest);
  return manifests.length === index.manifests.length ? index : { ...index, manifests };
}

/**
 * The descriptor that a tag or digest names; null if there is none. A tag also matches the end of a longer name, `3.21`
 * for `library/alpine:3.21`, if no entry has exactly that tag and only one has such a name.
 */
export function findManifest(index: LayoutIndex, key: string): Descriptor | null {
  if (isDigest(key)) return index.manifests.find(({ descriptor }) => descriptor.digest === key)?.descriptor ?? null;
  const exact = index.manifests.find(({ tag }) => tag === key);
  if (exact !== undefined) return exact.descriptor;
  const ending = index.manifests.filter(({ tag }) => tag?.endsWith(`:${key}`) === true);
  return ending.length === 1 ? (ending[0]?.descriptor ?? null) : null;
}

/** All tags, each once, in the order of the index. */
export function tagsOf(index: LayoutIndex): readonly string[] {
  return [...new Set(index.manifests.flatMap(({ tag }) => tag ?? []))];
}

function readEntry(raw: unknown): LayoutEntry | null {
  try {
    const descriptor = decodeDescriptor(raw, "an entry of index.json");
    return { raw, descriptor, tag: descriptor.annotations[REF_NAME_ANNOTATION] || null };
  } catch (error) {
    if (hasCode(error, "MANIFEST_INVALID")) return null;
    throw error;
  }
}

/** A different type, or an artifact type that was not recorded before, counts as a change. */
function isSame({ descriptor }: LayoutEntry, other: Descriptor): boolean {
  const { mediaType, digest, artifactType } = other;
  if (descriptor.digest !== digest || descriptor.mediaType !== mediaType) return false;
  return artifactType === undefined || artifactType === descriptor.artifactType;
}

/** True for an entry of the same manifest under another tag, which stays. */
function isElsewhere(entry: LayoutEntry, tag: string | null): boolean {
  return entry.tag !== null && entry.tag !== tag;
}

function entryOf(descriptor: Descriptor, tag: string | null): LayoutEntry {
  const { [REF_NAME_ANNOTATION]: _, ...others } = descriptor.annotations;
  const annotations = tag === null ? others : { ...others, [REF_NAME_ANNOTATION]: tag };
  const { mediaType, digest, size, platform, artifactType } = descriptor;
  const raw = {
    mediaType,
    digest,
    size,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...(platform === undefined ? {} : { platform }),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
  return { raw, descriptor: freezeDescriptor({ ...descriptor, annotations }), tag };
}

function untagged({ raw, descriptor }: LayoutEntry): LayoutEntry {
  const { [REF_NAME_ANNOTATION]: _, ...annotations } = descriptor.annotations;
  const { annotations: __, ...fields } = asObject(raw) ?? {};
  const kept = Object.keys(annotations).length === 0 ? {} : { annotations };
  return { raw: { ...fields, ...kept }, descriptor: freezeDescriptor({ ...descriptor, annotations }), tag: null };
}

function invalid(problem: string, cause?: unknown): PkgError {
  return new PkgError("LAYOUT_INVALID", `Cannot use index.json of the OCI layout: ${problem}`, {
    hint: "Create the layout again, or name another directory",
    cause,
  });
}
