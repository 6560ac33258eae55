import { hasCode, PkgError } from "../errors.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import type { ImageIndex, Manifest } from "../oci/manifest.ts";
import { selectPlatform } from "../oci/platform.ts";
import { formatReference, type Reference } from "../oci/reference.ts";
import { LIBC_FEATURES } from "../package/libc.ts";
import { type Machine, machinePlatform, unsupportedHint } from "../package/machine.ts";
import { ociPlatform } from "../package/platform.ts";
import type { RegistryClient } from "../registry-client/registry-client.ts";

export interface ManifestRequest {
  readonly registry: RegistryClient;
  readonly reference: Reference;
  readonly machine: Machine;
  readonly signal: AbortSignal;
}

/**
 * What a digest names is a manifest or a blob, and only the registry knows: the manifest is asked for first. Some
 * registries fail (500) rather than say that there is no manifest of that digest. A tag always names a manifest.
 */
export async function withManifestOrBlob<T>(
  request: ManifestRequest,
  work: { readonly manifest: (manifest: Manifest) => Promise<T>; readonly blob: (digest: Digest) => Promise<T> },
): Promise<T> {
  const { digest } = request.reference;
  if (digest === null) return work.manifest(await fetchImageManifest(request));
  const manifest = await fetchImageManifest(request, 1).catch((error: unknown) => notThere(error));
  if (!(manifest instanceof PkgError)) return work.manifest(manifest);
  return work.blob(digest).catch((error: unknown) => {
    throw hasCode(error, "HTTP_NOT_FOUND") ? manifest : error;
  });
}

function notThere(error: unknown): PkgError {
  if (hasCode(error, "HTTP_NOT_FOUND", "SERVER_FAILED")) return error;
  throw error;
}

/** The manifest a reference names; through an image index, the one for this machine. Asked for `attempts` times at most. */
export async function fetchImageManifest(request: ManifestRequest, attempts?: number): Promise<Manifest> {
  const { registry, reference, signal } = request;
  const document = await registry.fetchManifest(reference, signal, attempts);
  if (document.kind === "manifest") return document.manifest;
  const { digest } = selectForMachine(document.index, request);
  const inner = await registry.fetchManifest({ ...reference, digest }, signal);
  if (inner.kind === "manifest") return inner.manifest;
  throw new PkgError(
    "MANIFEST_INVALID",
    `Cannot use "${formatReference(reference)}": its image index leads to another image index`,
  );
}

function selectForMachine(index: ImageIndex, { reference, machine }: ManifestRequest): Descriptor {
  try {
    return selectPlatform(index, machinePlatform(machine), formatReference(reference));
  } catch (error) {
    if (!hasCode(error, "PLATFORM_UNSUPPORTED")) throw error;
    const { os, architecture } = ociPlatform(machine.host);
    const here = index.manifests.filter(
      ({ platform }) => platform?.os === os && platform.architecture === architecture,
    );
    const needsMusl = here.some(({ platform }) => platform?.osFeatures?.includes(LIBC_FEATURES.musl) === true);
    throw new PkgError(error.code, error.message, { hint: unsupportedHint(needsMusl), cause: error });
  }
}
