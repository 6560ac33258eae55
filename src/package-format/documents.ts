import { type BuiltDocument, buildManifest, descriptorOf } from "../oci/artifact.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../oci/descriptor.ts";
import { sha256Digest } from "../oci/digest.ts";
import { buildIndex } from "../oci/image-index-edit.ts";
import type { ImageIndex } from "../oci/manifest.ts";
import { PACKAGE_TYPE, TYPE_ANNOTATION } from "../package/artifact-types.ts";
import { furtherSignatureTitle, SIGNATURE_TYPE, signatureTitle } from "../package/file-names.ts";
import type { HashedFile } from "../package/publication.ts";
import type { Signer } from "../sign/signer.ts";
import { compareBuilds, listedPlatform, type PlatformBuild } from "./hosts.ts";

type Annotations = Readonly<Record<string, string>>;

/** The descriptor of the layer that holds a file. */
export function layerOf({ title, mediaType, size, sha256 }: Omit<HashedFile, "blake3" | "blake2b512">): Descriptor {
  return { mediaType, digest: sha256Digest(sha256), size, annotations: { [TITLE_ANNOTATION]: title } };
}

/** A small file in memory, with its media type. */
export interface SmallFile {
  readonly title: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/**
 * `FILE.sig` by the first key, and `FILE.KEYID.sig` by each further one. The same file and keys give the same bytes.
 *
 * @param timestamp seconds since the epoch; null: none
 */
export function signatureFiles(
  { title, blake2b512 }: Pick<HashedFile, "title" | "blake2b512">,
  signers: readonly Signer[],
  timestamp: number | null,
): readonly SmallFile[] {
  return signers.map(({ keyId, sign }, position) => ({
    title: position === 0 ? signatureTitle(title) : furtherSignatureTitle(title, keyId),
    mediaType: SIGNATURE_TYPE,
    bytes: sign({ blake2b512, fileName: title, timestamp }),
  }));
}

/** The manifest of one platform's package. @throws {PkgError} MANIFEST_INVALID if no registry would accept it */
export function packageManifest(layers: readonly Descriptor[], annotations: Annotations): BuiltDocument {
  return buildManifest({ artifactType: PACKAGE_TYPE, config: null, layers, annotations, subject: null });
}

/** The package of one platform, its manifest built. */
export interface BuiltPackage extends PlatformBuild {
  readonly manifest: BuiltDocument;
}

/**
 * The image index of all platforms' packages, in an order of its own, whatever the order they were typed in. Its type is an
 * annotation instead of an artifact type, so that every copy has the same digest.
 */
export function packageImageIndex(packages: readonly BuiltPackage[], annotations: Annotations): BuiltDocument {
  const manifests = packages.toSorted(compareBuilds).map(listedDescriptor);
  return buildIndex({
    artifactType: null,
    manifests,
    annotations: { ...annotations, [TYPE_ANNOTATION]: PACKAGE_TYPE },
    subject: null,
  });
}

/** True for an image index of packages. */
export function isPackageImageIndex({ annotations }: Pick<ImageIndex, "annotations">): boolean {
  return annotations[TYPE_ANNOTATION] === PACKAGE_TYPE;
}

/** The descriptor by which the image index lists a package. */
export function listedDescriptor(item: BuiltPackage): Descriptor {
  return { ...descriptorOf(item.manifest), platform: listedPlatform(item) };
}
