import { byteCount } from "../base/format-bytes.ts";
import { interruption } from "../base/interruption.ts";
import { KeyedTurns } from "../base/keyed-turns.ts";
import { PkgError } from "../errors.ts";
import type { BlobUpload } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import type { LocalTarget } from "../oci/local-target.ts";
import { checkDigest } from "../oci/manifest.ts";
import type { LayoutFiles } from "./files.ts";
import { EMPTY_LAYOUT_INDEX } from "./index-json.ts";
import { layoutTarget } from "./target.ts";

/** The size of the copies that are handed out. */
const PIECE_BYTES = 1024 * 1024;

/**
 * A repository in memory: for tests, and for content that is built before it is pushed. It keeps copies and hands out
 * copies, so changes to the caller's buffers do not change its content.
 *
 * @param location its name in messages
 */
export function memoryRepository(location = "memory:"): LocalTarget {
  return layoutTarget(memoryFiles(location));
}

function memoryFiles(location: string): LayoutFiles {
  const blobs = new Map<Digest, Buffer>();
  const turns = new KeyedTurns();
  let index = EMPTY_LAYOUT_INDEX;
  return {
    location,
    readIndex: async () => index,
    changeIndex: (edit) =>
      turns.run("index", async () => {
        index = await edit(index);
      }),
    blobSize: async (digest) => blobs.get(digest)?.length ?? null,
    readBlob: (digest, offset) => partOf(blobs.get(digest), offset),
    async writeBlob(blob, signal) {
      if (blobs.get(blob.digest)?.length === blob.size) return { how: "existed", bytesSent: 0 };
      const bytes = await collect(blob, signal);
      checkDigest(bytes, blob.digest);
      blobs.set(blob.digest, bytes);
      return { how: "sent", bytesSent: bytes.length };
    },
    removeBlob: async (digest) => blobs.delete(digest),
    sharesBlobs: async () => false,
  };
}

async function collect({ digest, size, open, onProgress }: BlobUpload, signal: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of await open(0, signal)) {
    if (signal.aborted) throw interruption(signal.reason, `Cannot write blob "${digest}": it was interrupted`);
    received += chunk.byteLength;
    if (received > size) break;
    // The source may reuse the chunk's memory.
    chunks.push(new Uint8Array(chunk));
    onProgress?.(received);
  }
  if (received === size) return Buffer.concat(chunks);
  const found = received > size ? "more" : String(received);
  throw new PkgError("SIZE_MISMATCH", `Cannot write blob "${digest}": expected ${byteCount(size)}, found ${found}`);
}

async function* partOf(bytes: Buffer | undefined, offset: number): AsyncGenerator<Uint8Array> {
  if (bytes === undefined) return;
  for (let start = offset; start < bytes.length; start += PIECE_BYTES) {
    yield new Uint8Array(bytes.subarray(start, start + PIECE_BYTES));
  }
}
