import type { Digest } from "../oci/digest.ts";
import type { Manifest } from "../oci/manifest.ts";
import type { Reference } from "../oci/reference.ts";
import * as choose from "../oci-tools/choose-manifest.ts";
import type { Machine } from "../package/machine.ts";
import { manifestKey } from "../registry-client/manifests.ts";
import type { RegistryClient } from "../registry-client/registry-client.ts";
import { registryRepository } from "../registry-client/registry-repository.ts";

export interface ManifestRequest {
  readonly registry: RegistryClient;
  readonly reference: Reference;
  readonly machine: Machine;
  readonly signal: AbortSignal;
}

/** As in oci-tools/choose-manifest.ts, of a registry. */
export function withManifestOrBlob<T>(
  request: ManifestRequest,
  work: { readonly manifest: (manifest: Manifest) => Promise<T>; readonly blob: (digest: Digest) => Promise<T> },
): Promise<T> {
  return choose.withManifestOrBlob(choiceOf(request), (found) =>
    found.kind === "manifest" ? work.manifest(found.manifest) : work.blob(found.digest),
  );
}

/** The manifest a reference names; through an image index, the one for this machine. */
export async function fetchImageManifest(request: ManifestRequest): Promise<Manifest> {
  return choose.chooseManifest(choiceOf(request));
}

function choiceOf({ registry, reference, machine, signal }: ManifestRequest): choose.ManifestChoice {
  const source = registryRepository(registry, reference);
  return { source, key: manifestKey(reference), machine, platform: null, signal };
}
