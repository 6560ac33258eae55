/**
 * What other programs may use of this room: `import { copy, openLayout } from "pkg/oci"`. docs/oci.md explains it by
 * example. Everything else may change from one version to the next.
 */

export { DEFAULT_RETRY, type RetryPolicy, type RetrySettings } from "./base/retry.ts";
export { type Credential, type Credentials, credentialChain, memoryCredentials } from "./credentials/credentials.ts";
export { ERROR_CODES, type ErrorCode, hasCode, isNotFound, PkgError } from "./errors.ts";
export {
  type ArtifactContent,
  type BuiltDocument,
  buildManifest,
  descriptorOf,
  EMPTY_BLOB,
  EMPTY_DESCRIPTOR,
} from "./oci/artifact.ts";
export type {
  BlobAddress,
  BlobPosition,
  BlobStream,
  BlobUpload,
  BlobWritten,
  ManifestKey,
  ManifestUpload,
  RawDocument,
  ReferrersFilter,
  Source,
  Target,
} from "./oci/content.ts";
export { copy } from "./oci/copy.ts";
export { COPY_DEFAULTS, type CopyHooks, type CopyOptions, type CopySummary } from "./oci/copy-options.ts";
export { type Descriptor, type DescriptorPlatform, TITLE_ANNOTATION } from "./oci/descriptor.ts";
export { type Difference, diffDocuments } from "./oci/diff.ts";
export { type Digest, isDigest, parseDigest } from "./oci/digest.ts";
export { buildIndex, editIndex, type IndexContent, type IndexEdit } from "./oci/image-index-edit.ts";
export { formatLocation, type Location, parseLocation } from "./oci/location.ts";
export { type ImageIndex, type Manifest, type ManifestDocument, parseManifestDocument } from "./oci/manifest.ts";
export { formatPlatform, parsePlatform } from "./oci/platform.ts";
export { formatReference, parseReference, type Reference } from "./oci/reference.ts";
export { type VerifiedBlobOptions, verifiedBlob } from "./oci/verified-blob.ts";
export { type ArchiveTarget, openLayoutArchive } from "./oci-layout/archive-layout.ts";
export { openLayout } from "./oci-layout/layout.ts";
export { type LayoutReport, type ListedManifest, listLayout, verifyLayout } from "./oci-layout/layout-check.ts";
export { memoryRepository } from "./oci-layout/memory.ts";
export {
  openRegistries,
  type RegistryAccess,
  type RegistryAccessOptions,
} from "./registry-client/registry-access.ts";
export type { RegistryClient } from "./registry-client/registry-client.ts";
export { registryRepository } from "./registry-client/registry-repository.ts";
