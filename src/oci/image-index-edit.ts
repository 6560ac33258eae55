import { asObject, type JsonObject } from "../base/json.ts";
import { PkgError } from "../errors.ts";
import {
  annotationFields,
  type BuiltDocument,
  bareDescriptor,
  buildDocument,
  descriptorFields,
  isMediaType,
} from "./artifact.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { parseManifestDocument, parseObject } from "./manifest.ts";
import { OCI_INDEX } from "./media-types.ts";

/** The parts of an image index. */
export interface IndexContent {
  /** The entries, with the `platform` and `annotations` they get in the index. */
  readonly manifests: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType: string | null;
  readonly subject: Descriptor | null;
}

/**
 * Builds an image index. The same content gives the same bytes.
 *
 * @throws {PkgError} MANIFEST_INVALID for what registries would refuse
 * @see OCI image-spec 1.1, image-index.md
 */
export function buildIndex({ manifests, annotations, artifactType, subject }: IndexContent): BuiltDocument {
  if (artifactType !== null && !isMediaType(artifactType)) throw unusable(`artifact type is "${artifactType}"`);
  return buildDocument(OCI_INDEX, {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    ...(artifactType === null ? {} : { artifactType }),
    manifests: manifests.map(descriptorFields),
    ...(subject === null ? {} : { subject: descriptorFields(bareDescriptor(subject)) }),
    ...annotationFields(annotations),
  });
}

/** The changes to make to an image index. */
export interface IndexEdit {
  /** Entries to append; an entry with the same digest is replaced in its position. */
  readonly add?: readonly Descriptor[];
  readonly remove?: readonly Digest[];
  /** Annotations to set; null removes one. */
  readonly annotations?: Readonly<Record<string, string | null>>;
  /** What messages call it; default: "the image index". */
  readonly name?: string;
}

/**
 * Changes an image index or Docker manifest list; everything else is kept, including unknown fields.
 *
 * @throws {PkgError} MANIFEST_INVALID if `bytes` are not an index; HTTP_NOT_FOUND for an entry to remove that is
 * missing
 */
export function editIndex(bytes: Buffer, edit: IndexEdit): BuiltDocument {
  const document = parseManifestDocument(bytes, null, null);
  const { name = "the image index" } = edit;
  if (document.kind !== "index") throw noIndex(name);
  const fields = parseObject(bytes);
  const entries = removed(entriesOf(fields), edit.remove ?? [], name);
  return buildDocument(document.index.mediaType, {
    ...withoutAnnotations(fields),
    manifests: (edit.add ?? []).reduce(withEntry, entries),
    ...annotationFields(changed(document.index.annotations, edit.annotations ?? {})),
  });
}

function entriesOf(fields: JsonObject): readonly JsonObject[] {
  const { manifests } = fields;
  return Array.isArray(manifests) ? manifests.map((entry: unknown) => asObject(entry) ?? {}) : [];
}

function removed(entries: readonly JsonObject[], digests: readonly Digest[], name: string): readonly JsonObject[] {
  for (const digest of digests) {
    if (entries.some((entry) => entry["digest"] === digest)) continue;
    throw new PkgError("HTTP_NOT_FOUND", `Cannot remove "${digest}" from ${name}: it is not in it`);
  }
  return entries.filter((entry) => !digests.some((digest) => digest === entry["digest"]));
}

function withEntry(entries: readonly JsonObject[], descriptor: Descriptor): readonly JsonObject[] {
  const position = entries.findIndex((entry) => entry["digest"] === descriptor.digest);
  const entry = descriptorFields(descriptor);
  return position < 0 ? [...entries, entry] : entries.with(position, entry);
}

function changed(
  annotations: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string>> {
  const merged = { ...annotations, ...changes };
  return Object.fromEntries(Object.entries(merged).flatMap(([key, text]) => (text === null ? [] : [[key, text]])));
}

function withoutAnnotations(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== "annotations"));
}

function unusable(problem: string): PkgError {
  return new PkgError("MANIFEST_INVALID", `Cannot change the image index: ${problem}`);
}

function noIndex(name: string): PkgError {
  return new PkgError("MANIFEST_INVALID", `Cannot change ${name}: it is an image manifest, expected an image index`, {
    hint: "`pkg oci index create` makes an image index of manifests, under a tag of its own",
  });
}
