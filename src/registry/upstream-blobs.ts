import { byteCount } from "../base/format-bytes.ts";
import { MAX_BLOB_BYTES } from "../base/limits.ts";
import { DEFAULT_RETRY_POLICY, sleep } from "../base/retry.ts";
import { Turns } from "../base/turns.ts";
import { PkgError } from "../errors.ts";
import { type Digest, digestAlgorithm } from "../oci/digest.ts";
import type { Reference } from "../oci/reference.ts";
import { ResumedBlob } from "../oci/resumed-blob.ts";
import { type ComingBlob, type ComingUpload, openComing, Progress } from "./coming-blob.ts";
import type { DescriptorSizes } from "./descriptor-sizes.ts";
import { Problem } from "./problem.ts";
import type { Upload } from "./upload.ts";
import type { UpstreamOptions } from "./upstream-options.ts";

/** Blobs fetched at a time. */
const MAX_FETCHES = 16;

/** One fetch, however many requests wait for it. */
interface Fetch {
  /** The upload that it fills; null when it ended before there was an upload. */
  readonly upload: Promise<ComingUpload | null>;
  readonly done: Promise<void>;
}

/**
 * Fetches blobs into the storage as uploads of the registry itself: a fetch that broke off is resumed, and nothing
 * appears under a digest that it does not have. A fetch continues when the clients that wait for it leave, so that they
 * find the blob when they come back.
 */
export class BlobFetcher {
  readonly #options: UpstreamOptions;
  readonly #sizes: DescriptorSizes;
  readonly #onFailure: (error: unknown) => void;
  readonly #fetches = new Map<string, Fetch>();
  readonly #turns = new Turns(MAX_FETCHES);

  /**
   * @param sizes the sizes that blobs must have
   * @param onFailure called once for each fetch that failed
   */
  constructor(options: UpstreamOptions, sizes: DescriptorSizes, onFailure: (error: unknown) => void) {
    this.#options = options;
    this.#sizes = sizes;
    this.#onFailure = onFailure;
  }

  /** Fetches a blob that is not here, if the upstream has it. @throws {PkgError | Problem} when the fetch fails */
  async bring(name: string, digest: Digest): Promise<void> {
    await this.#fetch(name, digest).done;
  }

  /** A blob while it is fetched; null if the upstream lacks it or does not give its size, or if it is here by now. */
  async open(name: string, digest: Digest): Promise<ComingBlob | null> {
    const { upload, done } = this.#fetch(name, digest);
    const coming = await Promise.race([upload, done.then(() => null)]);
    return coming === null ? null : openComing(coming);
  }

  #fetch(name: string, digest: Digest): Fetch {
    const key = `${name}@${digest}`;
    const running = this.#fetches.get(key);
    if (running !== undefined) return running;
    const upload = Promise.withResolvers<ComingUpload | null>();
    const done = this.#turns
      .run(() => this.#bring(name, digest, upload.resolve))
      .finally(() => {
        this.#fetches.delete(key);
        upload.resolve(null);
      });
    // All clients may have left before it fails.
    done.catch(this.#onFailure);
    const fetch = { upload: upload.promise, done };
    this.#fetches.set(key, fetch);
    return fetch;
  }

  async #bring(name: string, digest: Digest, onUpload: (upload: ComingUpload) => void): Promise<void> {
    const { storage, client, registry, signal, maxBlobBytes } = this.#options;
    if ((await storage.blobSize(name, digest)) !== null) return;
    const reference: Reference = { registry, name, tag: null, digest: null };
    // Asked even when another repository here has the bytes: only the upstream knows whether this one has them.
    const found = await client.headBlob({ reference, digest, size: await this.#sizes.of(name, digest), signal });
    if (found === null) return;
    if (found.size !== null && found.size > maxBlobBytes) throw tooLarge(found.size, maxBlobBytes);
    const progress = new Progress();
    try {
      const wanted = { reference, digest, size: found.size, progress, onUpload };
      if (!(await storage.hasBytes(digest))) await fillUpload(this.#options, wanted);
      await storage.linkBlob(name, digest);
      progress.end(null);
    } catch (error) {
      progress.end(error);
      throw error;
    }
  }
}

interface WantedBlob {
  readonly reference: Reference;
  readonly digest: Digest;
  /** Its size in bytes; null when the upstream does not say. */
  readonly size: number | null;
  readonly progress: Progress;
  readonly onUpload: (upload: ComingUpload) => void;
}

async function fillUpload(options: UpstreamOptions, blob: WantedBlob): Promise<void> {
  const { uploads, registry } = options;
  const { digest, size, progress } = blob;
  if (size !== null) await uploads.checkRoom(size);
  const upload = await uploads.start(blob.reference.name, digestAlgorithm(digest), "upstream");
  if (size !== null) blob.onUpload({ upload, size, progress });
  try {
    await fill(options, blob, upload);
    await uploads.finish(upload, digest);
  } catch (error) {
    await uploads.cancel(upload);
    if (!(error instanceof Problem) || error.code !== "DIGEST_INVALID") throw error;
    throw new PkgError("DIGEST_MISMATCH", `Cannot use what "${registry}" sent: ${error.message}`, { cause: error });
  }
}

async function fill(options: UpstreamOptions, blob: WantedBlob, upload: Upload): Promise<void> {
  const { client, signal, maxBlobBytes } = options;
  const { reference, digest, size, progress } = blob;
  const reading = new ResumedBlob({
    open: (position) => client.openBlob({ reference, digest, size, ...position, signal }),
    what: `blob "${digest}"`,
    size,
    start: { offset: 0, validator: null },
    retry: { policy: DEFAULT_RETRY_POLICY, random: Math.random, sleep },
    signal,
  });
  const chunks = told(reading.chunks(), progress);
  const maxSize = Math.min(size ?? MAX_BLOB_BYTES, maxBlobBytes);
  await upload.append({ chunks, expectedBytes: null, maxSize, isGone: () => true });
}

/** Reports each chunk once it has been written. */
async function* told(chunks: AsyncIterable<Uint8Array>, progress: Progress): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk;
    progress.tell();
  }
}

function tooLarge(size: number, maxBytes: number): Problem {
  return new Problem("SIZE_INVALID", `the upstream's blob of ${byteCount(size)} exceeds ${byteCount(maxBytes)}`, {
    status: 502,
  });
}
