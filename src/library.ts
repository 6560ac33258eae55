/**
 * What other programs may use: `import { copy, openLayout } from "pkg/oci"`. docs/oci.md explains it by example, and
 * packages/oci makes a package of it. Everything else may change from one version to the next.
 */

export type { OnProgress } from "./base/on-progress.ts";
export { DEFAULT_RETRY, type RetryOptions, type RetryPolicy, type RetrySettings, type Sleep } from "./base/retry.ts";
export { type Credential, type Credentials, credentialChain, memoryCredentials } from "./credentials/credentials.ts";
export { ERROR_CODES, type ErrorCode, hasCode, isNotFound, PkgError } from "./errors.ts";
export type { ProxyOptions } from "./http/proxy.ts";
export { type LayoutArchive, memoryRepository, openLayout, openLayoutArchive } from "./library/places.ts";
export {
  type DockerCredentialsOptions,
  dockerCredentials,
  openRegistries,
  type Registries,
  type RegistriesOptions,
} from "./library/registries.ts";
export type { Repository } from "./library/repository.ts";
export {
  type ArtifactContent,
  type BuiltDocument,
  buildManifest,
  descriptorOf,
  EMPTY_BLOB,
  EMPTY_DESCRIPTOR,
} from "./oci/artifact.ts";
export {
  DEFAULT_MAX_BYTES,
  type FetchBytesOptions,
  type FetchOptions,
  fetchBytes,
  type PushOptions,
  pushBytes,
} from "./oci/blob-bytes.ts";
export { type FetchFileOptions, fetchFile, type PushFileOptions, pushFile } from "./oci/blob-file.ts";
export type {
  BlobAddress,
  BlobPosition,
  BlobSender,
  BlobStream,
  BlobUpload,
  BlobWritten,
  ManifestKey,
  ManifestUpload,
  ManifestWritten,
  RawDocument,
  ReadOptions,
  ReferrersFilter,
  Source,
  Target,
} from "./oci/content.ts";
export { copy } from "./oci/copy.ts";
export { COPY_DEFAULTS, type CopyHooks, type CopyOptions, type CopySummary } from "./oci/copy-options.ts";
export { type Descriptor, type DescriptorPlatform, TITLE_ANNOTATION } from "./oci/descriptor.ts";
export { type Change, type Difference, type DiffSide, diffDocuments } from "./oci/diff.ts";
export { type Digest, digestOf, isDigest, parseDigest } from "./oci/digest.ts";
export { buildIndex, editIndex, type IndexContent, type IndexEdit } from "./oci/image-index-edit.ts";
export { formatLocation, type LayoutLocation, type Location, parseLocation } from "./oci/location.ts";
export {
  type ImageIndex,
  layersByTitle,
  type Manifest,
  type ManifestDocument,
  parseManifestDocument,
} from "./oci/manifest.ts";
export { type PackOptions, packManifest } from "./oci/pack-manifest.ts";
export { formatPlatform, parsePlatform, selectPlatform } from "./oci/platform.ts";
export { formatReference, parseReference, type Reference } from "./oci/reference.ts";
export { type VerifiedBlobOptions, verifiedBlob } from "./oci/verified-blob.ts";
export { type LayoutReport, type ListedManifest, listLayout, verifyLayout } from "./oci-layout/check.ts";
export type { LayoutProblem } from "./oci-layout/problem.ts";
export type { RegistryAccess, RegistryAccessOptions } from "./registry-client/registry-access.ts";
