import { type RetrySettings, retry } from "../base/retry.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { HttpResponse } from "../http/request.ts";
import type { BlobUpload, BlobWritten } from "../oci/content.ts";
import type { Reference } from "../oci/reference.ts";
import { headBlob } from "./blobs.ts";
import type { Endpoint } from "./endpoints.ts";
import type { KeptUpload } from "./kept-upload.ts";
import type { RequestSender } from "./request-sender.ts";
import { UploadFeed } from "./upload-feed.ts";
import type { UploadMemory, UploadWay } from "./upload-memory.ts";
import { heldOf, PASSING_STATUSES, startUpload, UploadSession, uploadRefused } from "./upload-session.ts";

/** A blob to upload to one endpoint. */
export interface BlobUploadRequest {
  readonly endpoint: Endpoint;
  /** The repository; its tag and digest are ignored. */
  readonly reference: Reference;
  readonly blob: BlobUpload;
  readonly memory: UploadMemory;
  /** Applies to each piece that is sent: what has arrived is not sent again. */
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

/** The size of chunks: GHCR refuses larger ones. */
const CHUNK_BYTES = 4 * 1024 * 1024;
/** From this size on, a second interruption would cost more than the extra requests for chunks. */
const LARGE_BYTES = 16 * 1024 * 1024;
/** How many times an upload is started over because its session was lost or its way refused. */
const MAX_STARTS = 4;

/** How many times an upload may lose bytes without progress before its way counts as refused. */
const MAX_LOSSES = 2;

/** Statuses that may refuse the way the bytes were sent, rather than the blob. */
const WAY_REFUSALS: readonly number[] = [400, 404, 405, 411, 413, 415, 416, 501];

/** True if the registry has the blob. If it refuses to say, the answer is false, so that the blob is pushed. */
export async function hasBlob(
  sender: RequestSender,
  { endpoint, reference, blob, signal }: BlobUploadRequest,
): Promise<boolean> {
  const { digest, size } = blob;
  try {
    const found = await headBlob(sender, { endpoint, reference, digest, size, signal });
    return found !== null && (found.size === null || found.size === size);
  } catch (error) {
    if (hasCode(error, "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN", "HTTP_UNEXPECTED", "HTTP_NOT_FOUND")) return false;
    throw error;
  }
}

/** The upload of one blob to a registry, in as many steps as needed. */
export class PendingUpload {
  readonly #sender: RequestSender;
  readonly #request: BlobUploadRequest;
  readonly #feed: UploadFeed;
  readonly #kept: KeptUpload | null;
  #session: UploadSession | null = null;
  #way: UploadWay;
  /** The ways that were refused. */
  readonly #refused = new Set<UploadWay>();
  /** The bytes that the registry holds. */
  #offset = 0;
  /** The most bytes that it has ever held. */
  #furthest = 0;
  /** True after a failure: the registry must be asked what it holds. */
  #isUncertain = false;
  /** Where the upload of an earlier process is resumed; null: it is not. */
  #resumedAt: number | null = null;
  #starts = 0;
  #losses = 0;

  constructor(sender: RequestSender, request: BlobUploadRequest, kept: KeptUpload | null) {
    this.#sender = sender;
    this.#request = request;
    this.#kept = kept;
    this.#feed = new UploadFeed(request.blob, request.signal);
    this.#way = request.memory.wayOf(request.endpoint) ?? "whole";
  }

  async run(): Promise<BlobWritten> {
    await this.#resume();
    for (;;) {
      // Each step is retried separately, so that progress resets the number of attempts.
      const done = await retry(() => this.#step(), { ...this.#request.retry, signal: this.#request.signal });
      if (done !== null) return { how: done, bytesSent: this.#feed.bytesSent };
    }
  }

  /** True if an upload resumed from an earlier process has made no progress: the next run should start a new one. */
  get isStuck(): boolean {
    return this.#resumedAt !== null && this.#furthest === this.#resumedAt;
  }

  /** Resumes the upload of an earlier process if the registry still knows it; after any error, a new one is started. */
  async #resume(): Promise<void> {
    const { signal, blob } = this.#request;
    const state = this.#kept?.state ?? null;
    if (state === null) return;
    const session = new UploadSession(this.#sender, this.#place, state);
    try {
      const held = await session.held(signal);
      if (held === null || held === 0 || held > blob.size) return;
      this.#session = session;
      this.#way = "chunks";
      this.#resumedAt = held;
      this.#goOnFrom(held);
    } catch (error) {
      if (!(error instanceof PkgError) || error.code === "INTERRUPTED") throw error;
    }
  }

  async cancel(): Promise<void> {
    await this.#session?.cancel();
  }

  close(): Promise<void> {
    return this.#feed.close();
  }

  /** The error to report: the source's failure takes precedence over the registry's response to it. */
  cause(error: unknown): unknown {
    return this.#feed.failure === null ? error : this.#feed.failure.error;
  }

  /** Sends one piece; null if more remain. */
  async #step(): Promise<"sent" | "mounted" | null> {
    try {
      if (this.#session !== null && this.#isUncertain && (await this.#ask(this.#session))) return null;
      const session = this.#session ?? (await this.#start());
      if (session === "mounted" || session === "sent") return session;
      const left = this.#request.blob.size - this.#offset;
      const chunk = Math.max(CHUNK_BYTES, session.minChunkBytes);
      if (this.#way === "whole" || left <= chunk) return await this.#finish(session, left);
      await this.#sendChunk(session, chunk);
      return null;
    } catch (error) {
      this.#isUncertain = true;
      // A plain Error is not retried, whatever the source's code, which would be taken for the registry's.
      if (this.#feed.failure !== null) throw new Error("the source failed", { cause: error });
      throw error;
    }
  }

  async #start(): Promise<UploadSession | "mounted" | "sent"> {
    // An upload that the registry no longer knows may have succeeded, with only its response lost.
    if (this.#starts > 0 && (await hasBlob(this.#sender, this.#request))) return "sent";
    const { blob, signal } = this.#request;
    const mountFrom = this.#starts === 0 ? blob.mountFrom : null;
    let started = await startUpload(this.#sender, this.#place, { mountFrom, signal });
    if (started.kind === "refused" && mountFrom !== null && !PASSING_STATUSES.includes(started.response.status)) {
      // Some registries refuse a mount that they cannot make instead of answering 202.
      await started.response.discard();
      started = await startUpload(this.#sender, this.#place, { mountFrom: null, signal });
    }
    if (started.kind === "refused") throw await uploadRefused(started.response, this.#place);
    if (started.kind === "mounted") return "mounted";
    this.#starts += 1;
    this.#session = started.session;
    this.#offset = 0;
    this.#isUncertain = false;
    await this.#kept?.keep(started.session);
    return started.session;
  }

  /** Asks where to resume after a failure: from the start if the registry cannot say. True if there was progress. */
  async #ask(session: UploadSession): Promise<boolean> {
    const held = await session.held(this.#request.signal);
    await this.#kept?.keep(session);
    this.#isUncertain = false;
    const { size } = this.#request.blob;
    const isInPieces = (held ?? 0) > 0 || size > LARGE_BYTES;
    // What was interrupted once may be interrupted again, so the rest is sent in chunks, unless they are refused.
    if (isInPieces && !this.#refused.has("chunks")) this.#way = "chunks";
    const before = this.#furthest;
    if (held === null || held > size) this.#restart(null);
    else this.#goOnFrom(held);
    // If all bytes had arrived, the connection was not at fault: the registry failed to complete the upload.
    return this.#furthest > before && this.#offset < size;
  }

  #goOnFrom(offset: number): void {
    this.#offset = offset;
    if (offset <= this.#furthest) return;
    this.#furthest = offset;
    this.#losses = 0;
  }

  async #sendChunk(session: UploadSession, size: number): Promise<void> {
    const response = await session.patch(this.#offset, this.#feed.piece(this.#offset, size), this.#request.signal);
    if (response.status !== 202) return this.#refusedWay("chunks", response);
    await response.discard();
    await this.#kept?.keep(session);
    const expected = this.#offset + size;
    const told = heldOf(response);
    // Some registries never advance their count; the digest will show whether they have all bytes.
    this.#goOnFrom(told === null || told <= this.#offset ? expected : Math.min(told, expected));
  }

  async #finish(session: UploadSession, left: number): Promise<"sent" | null> {
    const response = await session.put(this.#offset, this.#feed.piece(this.#offset, left), this.#request.signal);
    if (response.status !== 201 && response.status !== 204 && response.status !== 200) {
      await this.#refusedWay(this.#way, response);
      return null;
    }
    await response.discard();
    this.#session = null;
    this.#checkStored(response);
    return "sent";
  }

  #checkStored(response: HttpResponse): void {
    const { digest } = this.#request.blob;
    const stored = response.header("docker-content-digest");
    if (stored === null || stored === digest) return;
    // A registry may use another digest algorithm.
    if (stored.split(":", 1)[0] !== digest.split(":", 1)[0]) return;
    throw new PkgError("DIGEST_MISMATCH", `Cannot push blob "${digest}": the registry stored "${stored}"`);
  }

  /** Switches to the other way if this one was refused as such; else throws the refusal. */
  async #refusedWay(way: UploadWay, response: HttpResponse): Promise<void> {
    const error = await uploadRefused(response, this.#place);
    if (!WAY_REFUSALS.includes(response.status)) throw error;
    if (await this.#isPutRight(response.status, error)) return;
    const other: UploadWay = way === "whole" ? "chunks" : "whole";
    this.#refused.add(way);
    if (this.#refused.has(other)) throw error;
    this.#request.memory.remember(this.#request.endpoint, other);
    this.#way = other;
    await this.#session?.cancel();
    return this.#restart(error);
  }

  /**
   * Handles a refusal after bytes were accepted in the same way: the upload was lost, or is at another offset. True if
   * it can continue.
   */
  async #isPutRight(status: number, error: PkgError): Promise<boolean> {
    if (this.#session === null || this.#losses >= MAX_LOSSES) return false;
    if (status !== 416 && (status !== 404 || this.#offset === 0)) return false;
    const held = status === 404 ? null : await this.#session.held(this.#request.signal);
    if (held === this.#offset || (held === null && this.#offset === 0)) return false;
    const isLost = held === null || held > this.#request.blob.size;
    // Bytes of the interrupted request are still arriving; the offset must be asked for again later.
    if (!isLost && held > this.#offset) {
      throw new PkgError("SERVER_BUSY", error.message, { hint: "Try again later", cause: error });
    }
    this.#losses += 1;
    if (isLost) this.#restart(error);
    else this.#goOnFrom(held);
    return true;
  }

  #restart(reason: PkgError | null): void {
    this.#session = null;
    this.#offset = 0;
    if (this.#starts < MAX_STARTS) return;
    const { digest } = this.#request.blob;
    throw (
      reason ?? new PkgError("HTTP_UNEXPECTED", `Cannot push blob "${digest}": the registry keeps losing the upload`)
    );
  }

  get #place() {
    const { endpoint, reference, blob } = this.#request;
    return { endpoint, reference, digest: blob.digest };
  }
}
