import { existsSync } from "node:fs";
import { posix } from "node:path";
import { type ExtractLimits, PACKAGE_LIMITS } from "../archive/extract-limits.ts";
import { type StartedStream, splitStart } from "../archive/split-start.ts";
import { isObject } from "../base/json.ts";
import { MAX_BLOB_BYTES } from "../base/limits.ts";
import type { StoredBlob } from "../blobs/blob-store.ts";
import { hasCode, type PkgError, reworded } from "../errors.ts";
import { askingAgain, type BlobSenders } from "../oci/blob-senders.ts";
import type { BlobAddress } from "../oci/content.ts";
import { HashedTransfer } from "../oci/hashed-transfer.ts";
import { pathInPrefix } from "../package/place.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { ElfLinking } from "../relocate/elf-linking.ts";
import type { Prefix } from "../relocate/prefix.ts";
import type { FetchContext } from "../sources/fetch-context.ts";
import { FetchProgress } from "../sources/fetch-progress.ts";
import type { PackageSource } from "../sources/package-source.ts";
import type { Installations } from "../state/installations.ts";
import { type BeginKegRequest, type KegTaking, takeHere } from "./begin-keg.ts";
import { certificateBundle } from "./certificate-bundle.ts";
import { editKeg, needsContents } from "./edit-keg.ts";
import { takeInThread, warmKegThreads } from "./keg-threads.ts";
import { type PostInstalled, postInstall } from "./post-install.ts";
import type { LinkedFile, TakenKeg } from "./take-keg.ts";

/** What pouring bottles takes. */
export interface PourContext extends Omit<FetchContext, "now"> {
  readonly installations: Pick<Installations, "get">;
  /** Where bottles are poured; absolute. */
  readonly prefix: string;
  /** The dynamic linker of this machine; null: it has none. */
  readonly interpreter: string | null;
  /** Called with how the files of a bottle are linked, while they become durable; must not throw. */
  readonly lookUp?: (linked: readonly LinkedFile[]) => void;
  /** Default: PACKAGE_LIMITS. */
  readonly limits?: ExtractLimits;
  /** How large a bottle is that is unpacked on another thread, in bytes; default: THREAD_BYTES. */
  readonly threadBytes?: number;
}

/** A bottle whose files are in the store. */
export interface PouredBottle {
  /** The archive; the store does not hold it. */
  readonly blob: StoredBlob;
  readonly taken: TakenKeg;
  /** What became of the steps that follow. */
  readonly after: PostInstalled;
  /** Bytes that came over the network. */
  readonly receivedBytes: number;
}

/** How large a bottle is that is unpacked on another thread, in bytes: one starts in the time that half of this takes. */
const THREAD_BYTES = 1024 ** 2;

/**
 * Receives a bottle and takes its files into the store in one pass: while it arrives, it is hashed, unpacked and relocated.
 * Unless its digest is right in the end, nothing of it is in the store.
 *
 * @throws {PkgError} DIGEST_MISMATCH; as takeKeg, as ResumedBlob; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export async function pourBottle(
  context: PourContext,
  source: PackageSource,
  resolution: Resolution,
): Promise<PouredBottle> {
  const { main } = source;
  if (main === null) throw new Error(`the digest of the bottle of "${resolution.name}" is not known`);
  // It is unpacked while it arrives, so a part of it is of no use to the next run.
  const progress = new FetchProgress(context.emit, resolution, false);
  try {
    return await askingAgain((senders) => pour(context, { source, main, resolution, progress, senders }));
  } catch (error) {
    throw hasCode(error, "DIGEST_MISMATCH", "ARCHIVE_INVALID", "RELOCATION_FAILED")
      ? naming(error, resolution.name)
      : error;
  }
}

async function pour(context: PourContext, request: Transfer): Promise<PouredBottle> {
  const { main, resolution, progress } = request;
  const transfer = startTransfer(context, request);
  try {
    const { taken, after, size } = await takeIn(context, transfer, resolution);
    const hashes = { sha256: main.digest.slice("sha256:".length) };
    return { blob: { digest: main.digest, size, hashes }, taken, after, receivedBytes: progress.received };
  } catch (error) {
    throw await cause(transfer, error);
  } finally {
    await transfer.close();
  }
}

interface Transfer {
  readonly source: PackageSource;
  readonly main: BlobAddress;
  readonly resolution: Resolution;
  readonly progress: FetchProgress;
  readonly senders: BlobSenders;
}

function startTransfer(
  { emit, retry, signal }: PourContext,
  { source, main, resolution, progress, senders }: Transfer,
): HashedTransfer {
  return new HashedTransfer({
    ...{ digest: main.digest, size: main.size, maxBytes: MAX_BLOB_BYTES, retry, signal },
    open: (position, ownSignal) => {
      emit({ kind: "task-step", id: resolution.name, step: "fetch" });
      return source.openBlob(main, position, ownSignal);
    },
    onStream: ({ size, ...stream }) => {
      senders.note(stream);
      progress.expect([{ size }]);
    },
    onProgress: progress.of(main.digest),
  });
}

async function takeIn(
  context: PourContext,
  transfer: HashedTransfer,
  resolution: Resolution,
): Promise<Pick<PouredBottle, "taken" | "after"> & { readonly size: number }> {
  const { blobs, signal, discard, limits = PACKAGE_LIMITS, threadBytes = THREAD_BYTES } = context;
  const { version } = resolution;
  // Only then is it known how large it is.
  const { whole } = await begun(transfer);
  const bytes = transfer.size ?? 0;
  const taking = begin(bytes >= threadBytes ? bytes : null, {
    keg: { name: resolution.packageName, version },
    prefix: prefixOf(context, resolution),
    ...{ blobs, limits, signal },
  });
  const edits = blobs.intake(signal);
  let inStore: TakenKeg["files"] | null = null;
  try {
    const unpacked = await taking.take(whole);
    const size = await transfer.finish();
    context.arrived?.();
    const after = afterPour(context, resolution, unpacked);
    if (needsContents(after)) {
      await taking.finish();
      inStore = unpacked.files;
    }
    const editing = { intake: edits, blobs, prefix: prefixOf(context, resolution), maxRatio: limits.maxRatio };
    const { taken, undone } = await editKeg(editing, unpacked, after);
    await edits.finish();
    const finished = inStore === null ? taking.finish() : null;
    context.lookUp?.(taken.linked);
    await finished;
    if (inStore !== null) discard(inStore.filter(isNotIn(taken)));
    return { taken, after: { ...after, undone: [...after.undone, ...undone] }, size };
  } catch (error) {
    discard([...(await edits.abandon()), ...(inStore ?? (await taking.abandon()))]);
    throw error;
  }
}

/** What other files were made of is of no use in the store. */
function isNotIn({ files }: TakenKeg): (file: Pick<StoredBlob, "digest">) => boolean {
  const digests = new Set(files.map(({ digest }) => digest));
  return ({ digest }) => !digests.has(digest);
}

function prefixOf({ prefix }: Pick<PourContext, "prefix">, { dependencies }: Resolution): Prefix {
  const java = dependencies.find((one) => /^openjdk(?:@|$)/.test(one));
  return { path: prefix, ...(java === undefined ? {} : { java }) };
}

/** How many bottles are asked for of which nothing has arrived. */
let awaited = 0;

async function begun(transfer: HashedTransfer): Promise<StartedStream> {
  awaited += 1;
  warmKegThreads(awaited);
  try {
    return await splitStart(transfer.chunks(), 1);
  } finally {
    awaited -= 1;
  }
}

/** @param bytes of a bottle that is large enough for a thread; null: it is not */
function begin(bytes: number | null, request: BeginKegRequest): KegTaking {
  const { keg, prefix, limits, blobs } = request;
  const threaded = bytes === null ? null : takeInThread({ keg, prefix, limits, root: blobs.root, bytes });
  return threaded ?? takeHere(request);
}

/** What follows when a bottle is poured. A file that the same keg has placed before does not count as one that was there: it is to be placed again. */
export function afterPour(
  context: Pick<PourContext, "installations" | "prefix" | "interpreter">,
  resolution: Resolution,
  { files, linked }: Pick<TakenKeg, "files" | "linked">,
): PostInstalled {
  const { installations, prefix } = context;
  const { name, version, keg } = resolution;
  const startsHere = ({ linking }: LinkedFile) => startsBy(linking, `${prefix}/lib/ld.so`);
  const own = new Set(installations.get(name)?.links.map(({ path }) => `${prefix}/${pathInPrefix(path)}`));
  return postInstall({
    keg: { name: resolution.packageName, version },
    prefix,
    paths: files.map(({ path }) => path),
    postInstall: keg?.postInstall ?? { kind: "none" },
    exists: (path) => !own.has(path) && existsSync(path),
    certificates: certificateBundle(),
    interpreter: hasPacked(keg) || linked.some(startsHere) ? context.interpreter : null,
  });
}

/** What its programs start by is known only once they are unpacked. */
function hasPacked(keg: Resolution["keg"]): boolean {
  const steps = keg?.postInstall.kind === "steps" ? keg.postInstall.steps : [];
  return steps.some((step) => isObject(step) && step["type"] === "install_gzipped_executable");
}

/** In a pinned bottle, there may be more slashes in its path than one. */
function startsBy({ interpreter }: ElfLinking, path: string): boolean {
  return interpreter !== null && posix.normalize(interpreter) === path;
}

/** An archive that cannot be used may be another one than was asked for: then that is what counts. */
async function cause(transfer: HashedTransfer, error: unknown): Promise<unknown> {
  if (!hasCode(error, "ARCHIVE_INVALID", "RELOCATION_FAILED")) return error;
  try {
    await transfer.finish();
    return error;
  } catch (other) {
    return hasCode(other, "DIGEST_MISMATCH", "SIZE_MISMATCH") ? other : error;
  }
}

/** The same, with what it is about. */
function naming(error: PkgError, name: string): PkgError {
  return reworded(error, `Cannot install "${name}": ${uncapitalized(error.message)}`);
}

function uncapitalized(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
