import { uninterrupted } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import { bareDescriptor, buildManifest, descriptorOf, EMPTY_BLOB, EMPTY_DESCRIPTOR } from "./artifact.ts";
import { pushBytes } from "./blob-bytes.ts";
import type { Target } from "./content.ts";
import { type Descriptor, freezeDescriptor } from "./descriptor.ts";
import { isTag } from "./reference.ts";

/** What an artifact consists of; its blobs have been pushed. */
export interface PackOptions {
  /** What the artifact is, e.g. `application/vnd.example.notes`. Required unless there is a config. */
  readonly artifactType?: string | null;
  /** As pushBytes() gave it. Default: the empty config, which is pushed here. */
  readonly config?: Descriptor | null;
  /** As pushFile() and pushBytes() gave them, each with its title and annotations. Default: the empty blob alone. */
  readonly layers?: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
  /** The manifest in the same repository that the artifact refers to, as a signature does. Default: none. */
  readonly subject?: Descriptor | null;
  /** Default: none, it is found by its digest. */
  readonly tag?: string | null;
  /** Default: nothing interrupts. */
  readonly signal?: AbortSignal;
}

/**
 * Builds an image manifest, pushes it, and the empty blob where the manifest names that. The same options give the same
 * digest: nothing is added, a time neither.
 *
 * @returns the manifest's descriptor: what a copy begins with, or the subject of another
 * @throws {PkgError} MANIFEST_INVALID, as buildManifest; REFERENCE_INVALID for a tag that is not one; LAYER_MISSING of a registry that
 * has not the blobs; those of Target
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
      hint: "A tag begins with a letter, a digit or _, and has at most 128 characters",
    },
  );
}
