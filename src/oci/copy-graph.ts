import { byteCount } from "../base/format-bytes.ts";
import { interruption } from "../base/interruption.ts";
import { MAX_MANIFEST_BYTES } from "../base/limits.ts";
import type { OnProgress } from "../base/on-progress.ts";
import { Turns } from "../base/turns.ts";
import { hasCode, PkgError } from "../errors.ts";
import { EMPTY_BLOB, EMPTY_DESCRIPTOR } from "./artifact.ts";
import { fetchBytes } from "./blob-bytes.ts";
import { askingAgain } from "./blob-senders.ts";
import type { BlobUpload, RawDocument, Source, Target } from "./content.ts";
import type { CopyHooks, CopySettings, CopySummary } from "./copy-options.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { digestsIn, isForeignLayer, isOpaque, namedBy } from "./graph.ts";
import { checkDigest } from "./manifest.ts";
import { documentKind } from "./media-types.ts";
import { verifiedBlob } from "./verified-blob.ts";

/** How deep indexes and referrers may be nested. */
export const MAX_COPY_DEPTH = 16;
const MAX_COPY_NODES = 100_000;
const INTERRUPTED = "Cannot continue: the copy was interrupted";

/** The settings of one copy. */
export type GraphOptions = Pick<CopySettings, "concurrency" | "mountFrom" | "retry" | "signal"> & {
  readonly hooks?: CopyHooks;
  /** Aborts everything that runs under `signal`. */
  readonly fail: (reason: unknown) => void;
};

/**
 * One copy: each document and blob is copied once, however often it is named. Digests are checked, so a document cannot
 * name itself, directly or through others.
 */
export class Copying {
  readonly #source: Source;
  readonly #target: Target;
  readonly #options: GraphOptions;
  readonly #turns: Turns;
  readonly #running = new Set<Promise<unknown>>();
  readonly #blobs = new Map<Digest, Promise<void>>();
  readonly #manifests = new Map<Digest, Promise<void>>();
  readonly #counts = { manifests: { sent: 0, existed: 0 }, blobs: { sent: 0, existed: 0, mounted: 0 }, bytesSent: 0 };

  constructor(source: Source, target: Target, options: GraphOptions) {
    this.#source = source;
    this.#target = target;
    this.#options = options;
    this.#turns = new Turns(Math.max(1, options.concurrency));
  }

  /** The digests of every manifest and index found so far. */
  get manifests(): readonly Digest[] {
    return [...this.#manifests.keys()];
  }

  counts(): Pick<CopySummary, "manifests" | "blobs" | "bytesSent"> {
    const { manifests, blobs, bytesSent } = this.#counts;
    return { manifests: Object.freeze({ ...manifests }), blobs: Object.freeze({ ...blobs }), bytesSent };
  }

  /** Runs `work`; if it fails, all parts of the copy are stopped. */
  async guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const isInterrupted = this.#options.signal.aborted;
      this.#options.fail(error);
      while (this.#running.size > 0) await Promise.allSettled(this.#running);
      throw isInterrupted ? interruption(error, INTERRUPTED) : error;
    }
  }

  /** Runs `work` within the limit on concurrency. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const piece = this.#turns.run(async () => {
      if (this.#options.signal.aborted) throw interruption(this.#options.signal.reason, INTERRUPTED);
      return await work();
    });
    this.#running.add(piece);
    const ended = () => this.#running.delete(piece);
    piece.then(ended, ended);
    return piece;
  }

  /** Copies a document with everything it names, and tags it if `tag` is not null. */
  copyRoot(document: RawDocument, tag: string | null): Promise<void> {
    return this.#once(document.digest, async () => {
      const isThere = await this.#has(document);
      if (!isThere || !isManifest(document)) await this.#copyNamed(document, 0);
      if (isThere) return this.#tell(document, tag === null ? "existed" : await this.tag(document, tag));
      await this.#put(document, tag);
      this.#tell(document, "sent");
    });
  }

  /** Tags a document whose parts have been copied, unless the tag names it already. */
  async tag(document: RawDocument, tag: string): Promise<"existed" | "sent"> {
    if (await this.run(() => this.#names(tag, document.digest))) return "existed";
    await this.#put(document, tag);
    return "sent";
  }

  /** Copies a referrer with everything it names; one that exists but is not listed is written again, to be listed. */
  copyReferrer({ digest }: Descriptor, isListed: boolean): Promise<void> {
    return this.#once(digest, async () => {
      const document = await this.#fetch(digest);
      const isThere = await this.#has(document);
      if (!isThere || !isManifest(document)) await this.#copyNamed(document, 0);
      if (isThere && isListed) return this.#tell(document, "existed");
      await this.#put(document, null);
      this.#tell(document, "sent");
    });
  }

  async #copyNamed(document: RawDocument, depth: number): Promise<void> {
    if (depth >= MAX_COPY_DEPTH) throw tooMuch(document.digest, `indexes nest more than ${MAX_COPY_DEPTH} deep`);
    if (isOpaque(document)) throw opaque(document);
    const { blobs, manifests } = namedBy(document);
    if (!isManifest(document)) {
      const strays = blobs.map((blob) => this.#copyStray(blob, depth + 1));
      await Promise.all([...strays, ...manifests.map((child) => this.#copyChild(child, depth + 1))]);
      return;
    }
    const [first, ...others] = blobs;
    // Some registries refuse other blobs before the config.
    if (first !== undefined) await this.#copyBlob(first);
    await Promise.all(others.map((blob) => this.#copyBlob(blob)));
  }

  #copyChild(child: Descriptor, depth: number): Promise<void> {
    return this.#once(child.digest, async () => {
      if (isManifest(child) && (await this.#has(child))) return this.#tell(child, "existed");
      const document = { ...(await this.#fetch(child.digest)), mediaType: child.mediaType };
      checkSize(child, document.bytes.length);
      await this.#copyNamed(document, depth);
      if (!isManifest(child) && (await this.#has(child))) return this.#tell(child, "existed");
      await this.#put(document, null);
      this.#tell(document, "sent");
    });
  }

  /** Copies an index entry of an unknown media type, which may be a blob or a document. */
  async #copyStray(child: Descriptor, depth: number): Promise<void> {
    try {
      if (await this.#isOpaqueBlob(child)) throw opaque(child);
      await this.#copyBlob(child);
    } catch (error) {
      if (!hasCode(error, "HTTP_NOT_FOUND")) throw error;
      await this.#copyChild(child, depth);
    }
  }

  /** In a layout, every document can be read as a blob too, so a small blob may name other content. */
  async #isOpaqueBlob(child: Descriptor): Promise<boolean> {
    if (child.size > MAX_MANIFEST_BYTES) return false;
    const { retry, signal } = this.#options;
    const bytes = await this.run(() => fetchBytes(this.#source, child, { retry, signal }));
    return digestsIn(bytes).length > 0;
  }

  #once(digest: Digest, work: () => Promise<void>): Promise<void> {
    const known = this.#manifests.get(digest);
    if (known !== undefined) return known;
    this.#refuseTooMany(digest);
    const copied = work();
    // Prevents an unhandled rejection; everyone who awaits the promise still gets the error.
    copied.catch(() => {});
    this.#manifests.set(digest, copied);
    return copied;
  }

  #copyBlob(blob: Descriptor): Promise<void> {
    const known = this.#blobs.get(blob.digest);
    if (known !== undefined) return known;
    this.#refuseTooMany(blob.digest);
    const copied = this.run(() => this.#sendBlob(blob));
    copied.catch(() => {});
    this.#blobs.set(blob.digest, copied);
    return copied;
  }

  async #sendBlob(blob: Descriptor): Promise<void> {
    const { hooks, signal } = this.#options;
    if (isForeignLayer(blob) && !(await this.#sourceHas(blob))) return hooks?.onSkipped?.(blob);
    const { how, bytesSent } = await askingAgain(() => this.#target.pushBlob(this.#uploadOf(blob), signal));
    this.#counts.blobs[how] += 1;
    this.#counts.bytesSent += bytesSent;
    hooks?.onBlob?.(blob, how);
  }

  #uploadOf(blob: Descriptor): BlobUpload {
    const { digest, size } = blob;
    const { mountFrom, hooks, retry } = this.#options;
    const open = async (offset: number, signal: AbortSignal) =>
      digest === EMPTY_DESCRIPTOR.digest
        ? emptyFrom(offset)
        : verifiedBlob(this.#source, { digest, size }, { offset, retry, signal });
    const onProgress: OnProgress = (bytes, resumed) => hooks?.onProgress?.(blob, bytes, resumed);
    return { digest, size, open, mountFrom, onProgress };
  }

  async #sourceHas({ digest, size }: Descriptor): Promise<boolean> {
    try {
      const position = { offset: 0, validator: null };
      const { body } = await this.#source.openBlob({ digest, size }, position, this.#options.signal);
      await body[Symbol.asyncIterator]().return?.();
      return true;
    } catch (error) {
      if (hasCode(error, "HTTP_NOT_FOUND")) return false;
      throw error;
    }
  }

  async #fetch(digest: Digest): Promise<RawDocument> {
    const document = await this.run(() => this.#source.fetchDocument(digest, this.#options.signal));
    checkDigest(document.bytes, digest);
    return document;
  }

  #has({ digest }: { readonly digest: Digest }): Promise<boolean> {
    return this.run(() => this.#target.hasManifest(digest, this.#options.signal));
  }

  async #names(tag: string, digest: Digest): Promise<boolean> {
    try {
      return (await this.#target.resolve(tag, this.#options.signal)).digest === digest;
    } catch (error) {
      // A repository that does not exist yet may look forbidden to an account that may create it.
      if (hasCode(error, "HTTP_NOT_FOUND", "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN")) return false;
      throw error;
    }
  }

  async #put(document: RawDocument, tag: string | null): Promise<void> {
    await this.run(() => this.#target.pushManifest({ ...document, tag }, this.#options.signal));
    this.#counts.bytesSent += document.bytes.length;
  }

  #tell({ digest, mediaType }: Omit<RawDocument, "bytes">, how: "existed" | "sent"): void {
    this.#counts.manifests[how] += 1;
    this.#options.hooks?.onManifest?.({ digest, mediaType }, how);
  }

  #refuseTooMany(digest: Digest): void {
    if (this.#manifests.size + this.#blobs.size < MAX_COPY_NODES) return;
    throw tooMuch(digest, `it is more than the ${MAX_COPY_NODES}th thing to copy`);
  }
}

/** False for an index, which may have been copied in part, and for an unknown type, which names nothing. */
function isManifest({ mediaType }: { readonly mediaType: string }): boolean {
  return documentKind(mediaType) === "manifest";
}

async function* emptyFrom(offset: number): AsyncGenerator<Uint8Array> {
  if (offset < EMPTY_BLOB.length) yield EMPTY_BLOB.subarray(offset);
}

function checkSize({ digest, size }: Descriptor, found: number): void {
  if (found === size) return;
  throw new PkgError("SIZE_MISMATCH", `Cannot copy manifest "${digest}": expected ${byteCount(size)}, found ${found}`);
}

function opaque({ digest, mediaType }: Pick<RawDocument, "digest" | "mediaType">): PkgError {
  const problem = `its type is "${mediaType}", so what it names cannot be found`;
  return new PkgError("MANIFEST_INVALID", `Cannot copy "${digest}" with all that belongs to it: ${problem}`, {
    hint: "Use the tool that made it; `pkg oci manifest fetch` and `pkg oci blob fetch` read its parts one by one",
  });
}

function tooMuch(digest: Digest, problem: string): PkgError {
  return new PkgError("MANIFEST_INVALID", `Cannot copy "${digest}": ${problem}`);
}
