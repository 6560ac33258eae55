import { BLOB_TYPE } from "../bundle-format/table.ts";
import { PkgError } from "../errors.ts";
import { pushedDescriptor } from "../oci/blob-bytes.ts";
import { askingAgain } from "../oci/blob-senders.ts";
import type { BlobAddress } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { packManifest } from "../oci/pack-manifest.ts";
import { verifiedBlob } from "../oci/verified-blob.ts";
import type { Resolution } from "../plan/resolution.ts";
import { openPackageSource } from "../sources/open-source.ts";
import type { PackageSource } from "../sources/package-source.ts";
import type { TakingContext } from "./taking.ts";

/** `ghcr.io/owner/name` */
export function placeName({ origin }: Resolution): string {
  if (origin.kind === "download" || origin.location.kind !== "registry")
    throw new Error(`"${origin.text}" has no registry`);
  const { registry, name } = origin.location.reference;
  return `${registry}/${name}`;
}

/** Takes the one blob that a package is, in a manifest of its own, as only manifests are copied from registry to registry. */
export async function takeBlob(
  context: TakingContext,
  resolution: Resolution,
): Promise<{ readonly manifest: Digest; readonly blob: Digest }> {
  const { target, signal } = context;
  const source = await openPackageSource({ network: context.network, machine: context.machine }, resolution);
  try {
    if (source.main === null) throw new Error(`the digest of "${resolution.origin.text}" is not known`);
    const size = source.main.size ?? (await sizeOf(source, source.main, signal));
    await pushBlob(context, { resolution, source, digest: source.main.digest, size });
    const layer = pushedDescriptor({ digest: source.main.digest, size }, { title: titleOf(resolution) });
    const { digest } = await packManifest(target, { artifactType: BLOB_TYPE, layers: [layer], signal });
    return { manifest: digest, blob: source.main.digest };
  } finally {
    await source.close();
  }
}

async function sizeOf(source: PackageSource, blob: BlobAddress, signal: AbortSignal): Promise<number> {
  const { size, body } = await source.openBlob(blob, { offset: 0, validator: null }, signal);
  await body[Symbol.asyncIterator]().return?.();
  if (size !== null) return size;
  throw new PkgError(
    "HTTP_UNEXPECTED",
    `Cannot take ${source.what ?? `blob "${blob.digest}"`}: nobody says how large it is`,
  );
}

interface BlobToPush {
  readonly resolution: Resolution;
  readonly source: PackageSource;
  readonly digest: Digest;
  readonly size: number;
}

async function pushBlob({ target, retry, emit, signal }: TakingContext, push: BlobToPush): Promise<void> {
  const { resolution, source, digest, size } = push;
  const upload = {
    ...{ digest, size, mountFrom: null },
    open: async (offset: number, stop: AbortSignal) =>
      verifiedBlob(source, { digest, size }, { offset, retry, signal: stop }),
    onProgress: (bytes: number) =>
      emit({ kind: "task-progress", id: resolution.name, bytes, totalBytes: size, resumedBytes: 0 }),
  };
  await askingAgain(() => target.pushBlob(upload, signal));
}

/** A file name that says what it is. */
function titleOf({ name, version }: Resolution): string {
  return `${name}-${version}`.replaceAll(/[^\w.+@-]/g, "_");
}
