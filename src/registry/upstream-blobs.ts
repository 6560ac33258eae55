import { PkgError } from "../errors.ts";
import { type RetryPolicy, retry, sleep } from "../http/retry.ts";
import type { BlobStream } from "../oci/content.ts";
import { type Digest, digestAlgorithm } from "../oci/digest.ts";
import type { Reference } from "../oci/reference.ts";
import { Problem } from "./problem.ts";
import type { Upload } from "./upload.ts";
import type { UpstreamOptions } from "./upstream.ts";

/** Blobs fetched at a time. */
const MAX_FETCHES = 16;
const RETRY: RetryPolicy = { attempts: 5, baseMs: 200, capMs: 10_000 };

/**
 * Fetches blobs into the storage as uploads of the registry's own: what broke off is gone on with, and nothing appears
 * under a digest that it does not hash to.
 */
export function createBlobFetcher(options: UpstreamOptions): (name: string, digest: Digest) => Promise<void> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (name, digest) => {
    if (running >= MAX_FETCHES) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      await bringBlob(options, name, digest);
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

async function bringBlob(options: UpstreamOptions, name: string, digest: Digest): Promise<void> {
  const { storage, client, registry, signal } = options;
  if ((await storage.blobSize(name, digest)) !== null) return;
  const reference: Reference = { registry, name, tag: null, digest: null };
  // Asked also for bytes that are here for another repository: whether this one has them is not for us to say.
  const found = await client.headBlob({ reference, digest, size: null, signal });
  if (found === null) return;
  refuseTooLarge(found.size, options.maxBlobBytes);
  if (!(await storage.hasBytes(digest))) await fetchBlob(options, { reference, digest, size: found.size });
  await storage.linkBlob(name, digest);
}

interface WantedBlob {
  readonly reference: Reference;
  readonly digest: Digest;
  /** Bytes; null when the upstream does not say. */
  readonly size: number | null;
}

async function fetchBlob(options: UpstreamOptions, blob: WantedBlob): Promise<void> {
  const { uploads, signal } = options;
  const upload = await uploads.start(blob.reference.name, digestAlgorithm(blob.digest));
  try {
    const again = { policy: RETRY, signal, random: Math.random, sleep };
    await retry(() => appendRest(options, blob, upload), again);
    await uploads.finish(upload, blob.digest);
  } catch (error) {
    await uploads.cancel(upload);
    if (!(error instanceof Problem) || error.code !== "DIGEST_INVALID") throw error;
    throw new PkgError("DIGEST_MISMATCH", `Cannot use what "${options.registry}" sent: ${error.message}`, {
      cause: error,
    });
  }
}

/** Goes on where an earlier try broke off. */
async function appendRest(options: UpstreamOptions, blob: WantedBlob, upload: Upload): Promise<void> {
  const { client, signal, maxBlobBytes } = options;
  const stream = await client.openBlob({ ...blob, offset: upload.size, validator: null, signal });
  const chunks = skipped(stream, upload.size - stream.offset);
  await upload.append({ chunks, expectedBytes: null, maxSize: maxBlobBytes, isGone: () => true });
}

/** A server that begins anew sends what is here already. */
async function* skipped({ body }: BlobStream, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of body) {
    if (left < chunk.byteLength) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.byteLength);
  }
}

function refuseTooLarge(size: number | null, maxBytes: number): void {
  if (size === null || size <= maxBytes) return;
  throw new Problem("SIZE_INVALID", `the upstream's blob of ${size} bytes exceeds ${maxBytes} bytes`, { status: 502 });
}
