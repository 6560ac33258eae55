import { byteCount } from "../base/format-bytes.ts";
import { MAX_MANIFEST_BYTES } from "../base/limits.ts";
import { PkgError } from "../errors.ts";
import type { Descriptor, DescriptorPlatform } from "./descriptor.ts";
import { type Digest, digestOf, sha256Digest } from "./digest.ts";
import { OCI_EMPTY, OCI_MANIFEST } from "./media-types.ts";

/** The content of the empty blob (OCI image-spec 1.1, manifest.md, "Guidance for an Empty Descriptor"). */
export const EMPTY_BLOB: Buffer = Buffer.from("{}");

/** The descriptor of `{}`, for manifests without a config or layers (OCI image-spec 1.1, manifest.md). */
export const EMPTY_DESCRIPTOR: Descriptor = Object.freeze({
  mediaType: OCI_EMPTY,
  digest: sha256Digest("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
  size: EMPTY_BLOB.length,
  annotations: Object.freeze({}),
});

/** The type of an artifact for which none is given, as in oras. */
export const UNKNOWN_ARTIFACT_TYPE = "application/vnd.unknown.artifact.v1";

/** RFC 6838, section 4.2, with optional parameters. */
const MEDIA_TYPE = /^[A-Za-z0-9][\w!#$&^.+-]{0,126}\/[A-Za-z0-9][\w!#$&^.+-]{0,126}(?:;[\x20-\x7e]{1,255})?$/;

/** A manifest or image index, ready to be pushed. */
export interface BuiltDocument {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly digest: Digest;
}

/** The parts of an image manifest. */
export interface ArtifactContent {
  /** Required if the config is empty. */
  readonly artifactType: string | null;
  /** Null: the empty descriptor. */
  readonly config: Descriptor | null;
  /** If empty, the manifest gets the empty descriptor as its only layer. */
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
  /** What the artifact refers to. */
  readonly subject: Descriptor | null;
}

/** True for a valid media type or artifact type. */
export function isMediaType(text: string): boolean {
  return MEDIA_TYPE.test(text);
}

/**
 * Builds the image manifest of an artifact. The same content gives the same bytes, here and in other tools.
 *
 * @throws {PkgError} MANIFEST_INVALID for an empty config without an artifact type, and for what registries would
 * refuse
 * @see OCI image-spec 1.1, manifest.md, "Guidelines for Artifact Usage"
 */
export function buildManifest({ artifactType, config, layers, annotations, subject }: ArtifactContent): BuiltDocument {
  const isEmpty = config === null || config.mediaType === OCI_EMPTY;
  if (artifactType === null && isEmpty) throw unbuildable("it has neither an artifact type nor a config");
  if (artifactType !== null && !isMediaType(artifactType)) {
    throw unbuildable(`artifact type is "${artifactType}", expected one such as "application/vnd.example.notes"`);
  }
  return buildDocument(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    ...(artifactType === null ? {} : { artifactType }),
    config: descriptorFields(config ?? EMPTY_DESCRIPTOR),
    layers: (layers.length === 0 ? [EMPTY_DESCRIPTOR] : layers).map(descriptorFields),
    ...(subject === null ? {} : { subject: descriptorFields(bareDescriptor(subject)) }),
    ...annotationFields(annotations),
  });
}

/** The descriptor without the annotations and platform that a place may list it with. */
export function bareDescriptor({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size, annotations: {} };
}

/** The descriptor of a built document, for an index entry or a subject. */
export function descriptorOf({ mediaType, digest, bytes }: BuiltDocument): Descriptor {
  return { mediaType, digest, size: bytes.length, annotations: {} };
}

/**
 * Serializes a document without spaces, its keys in the given order.
 *
 * @throws {PkgError} MANIFEST_INVALID if it is too large
 */
export function buildDocument(mediaType: string, fields: Readonly<Record<string, unknown>>): BuiltDocument {
  const bytes = Buffer.from(formatJson(fields));
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw unbuildable(`it has ${byteCount(bytes.length)}, expected at most ${MAX_MANIFEST_BYTES}`);
  }
  return Object.freeze({ bytes, mediaType, digest: digestOf(bytes) });
}

/**
 * The fields of a descriptor in the order that other tools use: mediaType, digest, size, annotations, data, platform,
 * artifactType.
 *
 * @throws {PkgError} MANIFEST_INVALID for a malformed media type
 */
export function descriptorFields(descriptor: Descriptor): Readonly<Record<string, unknown>> {
  const { mediaType, digest, size, annotations, platform, artifactType } = descriptor;
  if (!isMediaType(mediaType)) throw unbuildable(`media type is "${mediaType}", expected one such as "text/plain"`);
  return {
    mediaType,
    digest,
    size,
    ...annotationFields(annotations),
    ...(mediaType === OCI_EMPTY && digest === EMPTY_DESCRIPTOR.digest ? { data: EMPTY_BLOB.toString("base64") } : {}),
    ...(platform === undefined ? {} : { platform: platformFields(platform) }),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
}

/** A config that names the platform of an artifact that is not an image, in the same fields as an image's config. */
export function platformConfig(platform: DescriptorPlatform): Buffer {
  return Buffer.from(formatJson(platformFields(platform)));
}

function platformFields({ architecture, os, variant, osFeatures = [] }: DescriptorPlatform): object {
  return {
    architecture,
    os,
    ...(osFeatures.length === 0 ? {} : { "os.features": osFeatures }),
    ...(variant === undefined ? {} : { variant }),
  };
}

/** The annotations field, sorted by the bytes of the keys; no field if there are none. */
export function annotationFields(annotations: Readonly<Record<string, string>>): {
  readonly annotations?: Readonly<Record<string, string>>;
} {
  const entries = Object.entries(annotations).sort(([left], [right]) =>
    Buffer.compare(Buffer.from(left), Buffer.from(right)),
  );
  return entries.length === 0 ? {} : { annotations: Object.fromEntries(entries) };
}

/** JSON escaped as Go does, in which most OCI tools are written, so that the same artifact has the same digest. */
function formatJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function unbuildable(problem: string): PkgError {
  return new PkgError("MANIFEST_INVALID", `Cannot build the manifest: ${problem}`);
}
