import { hasCode, isNotFound, PkgError } from "../errors.ts";
import type { BlobAddress, BlobUpload, BlobWritten, ManifestKey, Target } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { unlessHidden } from "./set-tag.ts";

/**
 * The same place, to which nothing is written: what would be is only remembered, so that what names it finds it, and to delete
 * what is not there fails as it would. Bytes are neither read nor sent.
 */
export function rehearsedPlace(place: Target): Target {
  const written = new Set<Digest>();
  const named = new Map<ManifestKey, Descriptor>();
  const isThere = async (digest: Digest, ask: () => Promise<boolean>) =>
    written.has(digest) || (await unlessHidden(ask)) === true;
  const hasBlob = (blob: BlobAddress, signal: AbortSignal) => isThere(blob.digest, () => place.hasBlob(blob, signal));
  const pushBlob = async (blob: BlobUpload, signal: AbortSignal): Promise<BlobWritten> => {
    if (await hasBlob(blob, signal)) return { how: "existed", bytesSent: 0 };
    written.add(blob.digest);
    return { how: "sent", bytesSent: blob.size };
  };
  return {
    ...place,
    hasBlob,
    hasManifest: (digest, signal) => isThere(digest, () => place.hasManifest(digest, signal)),
    // In a layout that is not there yet, which would be made, nothing is found.
    resolve: async (key, signal) => named.get(key) ?? (await found(place, key, signal)),
    listReferrers: async (subject, filter, signal) =>
      (await unlessHidden(() => place.listReferrers(subject, filter, signal))) ?? [],
    pushBlob,
    pushManifest: async ({ digest, mediaType, bytes, tag }) => {
      written.add(digest);
      for (const key of [digest, ...(tag === null ? [] : [tag])]) {
        named.set(key, { mediaType, digest, size: bytes.length, annotations: {} });
      }
      return { listedBy: null };
    },
    deleteManifest: async (key, signal) => {
      await found(place, key, signal);
    },
    deleteBlob: async (digest, signal) => {
      if (!(await place.hasBlob({ digest, size: null }, signal))) throw notThere(place, digest);
    },
  };
}

async function found(place: Target, key: ManifestKey, signal: AbortSignal): Promise<Descriptor> {
  try {
    return await place.resolve(key, signal);
  } catch (error) {
    throw isNotFound(error) && !hasCode(error, "HTTP_NOT_FOUND") ? notThere(place, key, error) : error;
  }
}

function notThere({ location }: Target, key: ManifestKey, cause?: unknown): PkgError {
  return new PkgError("HTTP_NOT_FOUND", `Cannot find "${key}" in "${location}": it is not there`, {
    hint: "Check the name, and the tag or digest",
    cause,
  });
}
