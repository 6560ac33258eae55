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

export interface BlobUploadRequest {
  readonly endpoint: Endpoint;
  /** Which repository; its tag and digest say nothing here. */
  readonly reference: Reference;
  readonly blob: BlobUpload;
  readonly memory: UploadMemory;
  /** For each piece that is sent: what arrived counts as done. */
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

/** GHCR refuses larger ones. */
const CHUNK_BYTES = 4 * 1024 * 1024;
/** From here on a second cut would cost more than the requests that pieces take. */
const LARGE_BYTES = 16 * 1024 * 1024;
/** Times that an upload is begun anew, its session lost or its way refused. */
const MAX_STARTS = 4;

/** Times that an upload may forget bytes it took, no more coming to them, before its way is taken to be refused. */
const MAX_LOSSES = 2;

/** Refusals that are about how the bytes were sent, not about whether they may be. */
const WAY_REFUSALS: readonly number[] = [400, 404, 405, 411, 413, 415, 416, 501];

/** A registry that will not tell is pushed to. */
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

/** One blob on its way to a registry, in as many steps as it takes. */
export class PendingUpload {
  readonly #sender: RequestSender;
  readonly #request: BlobUploadRequest;
  readonly #feed: UploadFeed;
  readonly #kept: KeptUpload | null;
  #session: UploadSession | null = null;
  #way: UploadWay;
  /** Ways that were refused. */
  readonly #refused = new Set<UploadWay>();
  /** Bytes that the registry holds. */
  #offset = 0;
  /** The most that it ever held. */
  #furthest = 0;
  /** True after a failure: what the registry holds is to be asked. */
  #isUncertain = false;
  /** Where an earlier process had left off; null: nothing of it is used. */
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
      // Each step is tried by itself, so that progress renews the number of tries.
      const done = await retry(() => this.#step(), { ...this.#request.retry, signal: this.#request.signal });
      if (done !== null) return { how: done, bytesSent: this.#feed.bytesSent };
    }
  }

  /** True when an upload that an earlier process left has got no further: the next run is better off with a new one. */
  get isStuck(): boolean {
    return this.#resumedAt !== null && this.#furthest === this.#resumedAt;
  }

  /** Continues what an earlier process left, where the registry still knows it; whatever is wrong with it, a new one begins. */
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

  /** What a source failed with comes before what the registry made of it. */
  cause(error: unknown): unknown {
    return this.#feed.failure === null ? error : this.#feed.failure.error;
  }

  /** Sends one piece; null while there is more to do. */
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
      // Not worth another try, whatever its code: it would be read as the registry's.
      if (this.#feed.failure !== null) throw new Error("the source failed", { cause: error });
      throw error;
    }
  }

  async #start(): Promise<UploadSession | "mounted" | "sent"> {
    // An upload that is not known any more may have ended well, and only its answer been lost.
    if (this.#starts > 0 && (await hasBlob(this.#sender, this.#request))) return "sent";
    const { blob, signal } = this.#request;
    const mountFrom = this.#starts === 0 ? blob.mountFrom : null;
    let started = await startUpload(this.#sender, this.#place, { mountFrom, signal });
    if (started.kind === "refused" && mountFrom !== null && !PASSING_STATUSES.includes(started.response.status)) {
      // Some refuse a mount that they cannot make rather than answer 202.
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

  /** Finds out where to resume after a failure: from the start where the registry cannot tell. True when there is progress. */
  async #ask(session: UploadSession): Promise<boolean> {
    const held = await session.held(this.#request.signal);
    await this.#kept?.keep(session);
    this.#isUncertain = false;
    const { size } = this.#request.blob;
    const isInPieces = (held ?? 0) > 0 || size > LARGE_BYTES;
    // What was cut once may be cut again: from here on in pieces, unless they are refused.
    if (isInPieces && !this.#refused.has("chunks")) this.#way = "chunks";
    const before = this.#furthest;
    if (held === null || held > size) this.#restart(null);
    else this.#goOnFrom(held);
    // Where all had arrived, no cut was in the way: it is the registry that fails to end the upload.
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
    // Some never count on; what they hold in the end is told by the digest.
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
    // A registry may name what it stored by another algorithm.
    if (stored.split(":", 1)[0] !== digest.split(":", 1)[0]) return;
    throw new PkgError("DIGEST_MISMATCH", `Cannot push blob "${digest}": the registry stored "${stored}"`);
  }

  /** Goes over to the other way where this one was refused for what it is; else throws the refusal. */
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

  /** A refusal after bytes were taken the same way is about these: the upload was lost, or stands elsewhere. */
  async #isPutRight(status: number, error: PkgError): Promise<boolean> {
    if (this.#session === null || this.#losses >= MAX_LOSSES) return false;
    if (status !== 416 && (status !== 404 || this.#offset === 0)) return false;
    const held = status === 404 ? null : await this.#session.held(this.#request.signal);
    if (held === this.#offset || (held === null && this.#offset === 0)) return false;
    const isLost = held === null || held > this.#request.blob.size;
    // What was under way when the request before was cut is still arriving: where that ends is to be asked in a while.
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
