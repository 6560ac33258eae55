import { createMultiHash, type MultiHash } from "../base/hashes.ts";
import type { OnProgress } from "../base/on-progress.ts";
import { PkgError } from "../errors.ts";
import { type Digest, digestAlgorithm, digestHex } from "./digest.ts";
import { ResumedBlob, type ResumedBlobRequest } from "./resumed-blob.ts";

/** A blob to receive, and how. */
export interface HashedTransferRequest extends Omit<ResumedBlobRequest, "what" | "start" | "onRestart"> {
  readonly digest: Digest;
  /** Called with the bytes that have arrived. */
  readonly onProgress?: OnProgress;
}

/**
 * A blob that is used while it arrives: hashed on the way, resumed where its source breaks off. Nothing that was made of its
 * bytes may count before `finish()` has compared them with the digest.
 */
export class HashedTransfer {
  readonly #request: HashedTransferRequest;
  readonly #blob: ResumedBlob;
  readonly #hash: MultiHash;

  constructor(request: HashedTransferRequest) {
    this.#request = request;
    const what = `blob "${request.digest}"`;
    this.#blob = new ResumedBlob({ ...request, what, start: { offset: 0, validator: null } });
    this.#hash = createMultiHash([digestAlgorithm(request.digest)]);
  }

  /** The size in bytes, as it was known or the source announced it; null: neither, or nothing has arrived yet. */
  get size(): number | null {
    return this.#blob.size;
  }

  /** The bytes as they arrive. A reader may stop anywhere: `finish()` reads the rest. @throws {PkgError} as ResumedBlob */
  async *chunks(): AsyncGenerator<Uint8Array> {
    for (let chunk = await this.#next(); chunk !== null; chunk = await this.#next()) yield chunk;
  }

  /**
   * Reads what is left, and compares the digest; may be called once.
   *
   * @returns how many bytes there are
   * @throws {PkgError} DIGEST_MISMATCH; as ResumedBlob
   */
  async finish(): Promise<number> {
    while ((await this.#next()) !== null);
    const { digest } = this.#request;
    const algorithm = digestAlgorithm(digest);
    const found = this.#hash.digest()[algorithm];
    if (found === digestHex(digest)) return this.#blob.position;
    throw new PkgError(
      "DIGEST_MISMATCH",
      `Cannot use blob: expected digest "${digest}", found "${algorithm}:${found}"`,
      { hint: "The content read is not what was requested; try again, or use another source" },
    );
  }

  /** Ends the transfer, wherever it is. */
  close(): Promise<void> {
    return this.#blob.close();
  }

  async #next(): Promise<Uint8Array | null> {
    const chunk = await this.#blob.next();
    if (chunk === null) return null;
    this.#hash.update(chunk);
    this.#request.onProgress?.(this.#blob.position);
    return chunk;
  }
}
