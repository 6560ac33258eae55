/**
 * What other programs may use of this room: `import { copy, openLayout } from "pkg/oci"`. docs/oci.md explains it by
 * example. Everything else may change from one version to the next.
 */
export { ERROR_CODES, hasCode, PkgError } from "../errors.ts";
export { type ArchiveTarget, openLayoutArchive } from "./archive-layout.ts";
export {
  type ArtifactContent,
  type BuiltDocument,
  buildManifest,
  descriptorOf,
  EMPTY_BLOB,
  EMPTY_DESCRIPTOR,
} from "./artifact.ts";
export type { RegistryClient } from "./client.ts";
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
} from "./content.ts";
export { type CopyHooks, type CopyOptions, type CopySummary, copy } from "./copy.ts";
export { type Credential, type Credentials, credentialChain, memoryCredentials } from "./credentials.ts";
export { type Descriptor, type DescriptorPlatform, TITLE_ANNOTATION } from "./descriptor.ts";
export { type Difference, diffDocuments } from "./diff.ts";
export { type Digest, isDigest, parseDigest } from "./digest.ts";
export { buildIndex, editIndex, type IndexContent, type IndexEdit } from "./image-index-edit.ts";
export { openLayout } from "./layout.ts";
export { type LayoutReport, type ListedManifest, listLayout, verifyLayout } from "./layout-check.ts";
export { formatLocation, type Location, parseLocation } from "./location.ts";
export { type ImageIndex, type Manifest, type ManifestDocument, parseManifestDocument } from "./manifest.ts";
export { memoryRepository } from "./memory.ts";
export { formatPlatform, parsePlatform } from "./platform.ts";
export { formatReference, parseReference, type Reference } from "./reference.ts";
export {
  COPY_DEFAULTS,
  DEFAULT_RETRY,
  openRegistries,
  type RegistryAccess,
  type RegistryAccessOptions,
} from "./registry-access.ts";
export { registryRepository } from "./registry-repository.ts";
export { type VerifiedBlobOptions, verifiedBlob } from "./verified-blob.ts";
