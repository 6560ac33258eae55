import { PkgError } from "../errors.ts";
import type { RegistryClient } from "../oci/client.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { ImageIndex, Manifest } from "../oci/manifest.ts";
import { formatReference, type Reference } from "../oci/reference.ts";
import { ociPlatform } from "../package/platform.ts";

/** The manifest a reference names; through an image index, the one for this machine. */
export async function fetchImageManifest(
  registry: RegistryClient,
  reference: Reference,
  host: string,
  signal: AbortSignal,
): Promise<Manifest> {
  const document = await registry.fetchManifest(reference, signal);
  if (document.kind === "manifest") return document.manifest;
  const { digest } = choosePlatform(document.index, reference, host);
  const inner = await registry.fetchManifest({ ...reference, digest }, signal);
  if (inner.kind === "manifest") return inner.manifest;
  throw new PkgError(
    "MANIFEST_INVALID",
    `Cannot use "${formatReference(reference)}": its image index leads to another image index`,
  );
}

function choosePlatform(index: ImageIndex, reference: Reference, host: string): Descriptor {
  const wanted = ociPlatform(host);
  const found = index.manifests.find(
    ({ platform }) =>
      platform !== undefined && platform.os === wanted.os && platform.architecture === wanted.architecture,
  );
  if (found !== undefined) return found;
  const there = index.manifests.flatMap(({ platform }) =>
    platform ? [`${platform.os}/${platform.architecture}`] : [],
  );
  throw new PkgError(
    "PLATFORM_UNSUPPORTED",
    `Cannot use "${formatReference(reference)}": expected ${wanted.os}/${wanted.architecture}, found ${there.join(", ") || "no platform"}`,
  );
}
