import { uninterrupted } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import { bareDescriptor, buildManifest, descriptorOf, EMPTY_BLOB, EMPTY_DESCRIPTOR } from "./artifact.ts";
import { pushBytes } from "./blob-bytes.ts";
import type { Target } from "./content.ts";
import { type Descriptor, freezeDescriptor } from "./descriptor.ts";
import { isTag } from "./reference.ts";

/** The parts of an artifact whose blobs have been pushed. */
export interface PackOptions {
  /** The artifact's type, e.g. `application/vnd.example.notes`. Required unless there is a config. */
  readonly artifactType?: string | null;
  /** A descriptor from pushBytes(). Default: the empty config, which packManifest() pushes. */
  readonly config?: Descriptor | null;
  /** Descriptors from pushFile() and pushBytes(), with title and annotations. Default: only the empty blob. */
  readonly layers?: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
  /** The manifest in the same repository that the artifact refers to, as a signature does. Default: none. */
  readonly subject?: Descriptor | null;
  /** Default: none, so that only its digest names it. */
  readonly tag?: string | null;
  /** Default: never aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Builds an image manifest and pushes it, together with the empty blob if the manifest names that. The same options
 * give the same digest: nothing is added, not even a time.
 *
 * @returns the manifest's descriptor, e.g. to copy it or to use it as a subject
 * @throws {PkgError} MANIFEST_INVALID, as buildManifest; REFERENCE_INVALID for a malformed tag; LAYER_MISSING if a
 * registry lacks the blobs; those of Target
 * @see OCI image-spec 1.1, manifest.md, "Guidelines for Artifact Usage"
 */
export async function packManifest(target: Target, options: PackOptions): Promise<Descriptor> {
  const { artifactType = null, config = null, layers = [], annotations = {}, subject = null, tag = null } = options;
  const { signal = uninterrupted() } = options;
  if (tag !== null && !isTag(tag)) throw invalidTag(tag);
  const manifest = buildManifest({ artifactType, config, layers, annotations, subject });
  if (config === null || layers.length === 0) {
    await pushBytes(target, EMPTY_BLOB, { mediaType: EMPTY_DESCRIPTOR.mediaType, signal });
  }
  await target.pushManifest({ ...manifest, tag }, signal);
  return freezeDescriptor({
    ...bareDescriptor(descriptorOf(manifest)),
    ...(artifactType === null ? {} : { artifactType }),
  });
}

function invalidTag(tag: string): PkgError {
  return new PkgError(
    "REFERENCE_INVALID",
    `Cannot tag a manifest "${tag}": expected letters, digits, "_", "." and "-"`,
    {
      hint: "A tag starts with a letter, digit or _, and has at most 128 characters",
    },
  );
}
