import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Source } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { verifiedBlob } from "../oci/verified-blob.ts";

export interface LayerToRead {
  readonly place: Source;
  readonly layer: Descriptor;
  /** The task that its progress is told of. */
  readonly id: string;
}

/**
 * The bytes of a layer or config, with their progress; the last of them come only when all hash to the digest.
 *
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH; and those of the place
 */
export async function* verifiedLayer(
  cap: Pick<Capabilities, "emit" | "retry" | "signal">,
  { place, layer, id }: LayerToRead,
): AsyncGenerator<Uint8Array> {
  const { digest, size } = layer;
  let bytes = 0;
  for await (const chunk of verifiedBlob(place, { digest, size }, cap)) {
    bytes += chunk.byteLength;
    cap.emit({ kind: "task-progress", id, bytes, totalBytes: size });
    yield chunk;
  }
}
