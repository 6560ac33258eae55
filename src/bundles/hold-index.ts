import { hashStream } from "../base/hashes.ts";
import { hasCode } from "../errors.ts";
import { streamFile } from "../fs/read-file.ts";
import { INDEX_LAYER, INDEX_SIGNATURE_LAYER } from "../index/index-artifact.ts";
import { pushBytes } from "../oci/blob-bytes.ts";
import type { Target } from "../oci/content.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../oci/descriptor.ts";
import { type Digest, sha256Digest } from "../oci/digest.ts";
import { packManifest } from "../oci/pack-manifest.ts";
import { INDEX_ARTIFACT_TYPE } from "../package/artifact-types.ts";
import { type FetchedIndex, missingSignatures } from "../repositories/fetched-index.ts";

export interface HeldIndex {
  readonly manifest: Digest;
  /** The same that are kept, to judge it by. @throws {PkgError} SIGNATURE_MISSING */
  readonly signatures: FetchedIndex["signatures"];
}

/**
 * Keeps an index and its signatures, byte for byte, as an artifact of the form in which indexes are published.
 *
 * @throws {PkgError} those of the network, and of `held`
 */
export async function holdIndex(
  { fetched, isSignedInside }: { readonly fetched: FetchedIndex; readonly isSignedInside: boolean },
  held: Target,
  signal: AbortSignal,
): Promise<HeldIndex> {
  const signature = isSignedInside ? null : await signaturesOf(fetched.signatures);
  const { title, mediaType } = INDEX_SIGNATURE_LAYER;
  const layers = [
    await holdDocument(fetched.download, held, signal),
    ...(signature === null ? [] : [await pushBytes(held, signature, { title, mediaType, signal })]),
  ];
  const { digest } = await packManifest(held, { artifactType: INDEX_ARTIFACT_TYPE, layers, signal });
  const signatures = async () => {
    if (signature === null) throw missingSignatures("read the index");
    return signature;
  };
  return { manifest: digest, signatures };
}

async function holdDocument(
  { path, bytes: size }: FetchedIndex["download"],
  held: Target,
  signal: AbortSignal,
): Promise<Descriptor> {
  const hashed = hashStream(streamFile(path, { signal }), "sha256");
  for await (const _ of hashed.chunks) signal.throwIfAborted();
  const digest = sha256Digest(hashed.hex());
  const open = async (start: number) => streamFile(path, { signal, start });
  await held.pushBlob({ digest, size, open, mountFrom: null }, signal);
  const { mediaType, title } = INDEX_LAYER;
  return { mediaType, digest, size, annotations: { [TITLE_ANNOTATION]: title } };
}

/** Whether it needs any is decided when it is judged. */
async function signaturesOf(signatures: FetchedIndex["signatures"]): Promise<Buffer | null> {
  try {
    return await signatures();
  } catch (error) {
    if (hasCode(error, "SIGNATURE_MISSING", "HTTP_NOT_FOUND")) return null;
    throw error;
  }
}
