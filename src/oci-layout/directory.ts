import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, rm } from "node:fs/promises";
import { join } from "node:path";
import { byteCount } from "../base/format-bytes.ts";
import { asObject, parseJsonOrNull } from "../base/json.ts";
import { KeyedTurns } from "../base/keyed-turns.ts";
import { PkgError, type PkgErrorOptions, systemCode } from "../errors.ts";
import { sharedDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { refuseSpecialOutput } from "../fs/output-file.ts";
import { openForReading } from "../fs/read-file.ts";
import { stampAt } from "../fs/stamp.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";
import { writeLayoutBlob } from "./blob-writer.ts";
import { missing } from "./documents.ts";
import type { LayoutFiles, LayoutIndexEdit } from "./files.ts";
import {
  EMPTY_LAYOUT_INDEX,
  formatLayoutIndex,
  type LayoutIndex,
  MAX_LAYOUT_FILE_BYTES,
  MAX_LAYOUT_INDEX_BYTES,
  OCI_LAYOUT_FILE,
  parseLayoutIndex,
} from "./index-json.ts";
import { withLockFile } from "./lock.ts";
import { readFileFrom } from "./read-file.ts";

const LAYOUT_FILE = "oci-layout";
const INDEX_FILE = "index.json";

const TURNS = new KeyedTurns();

/**
 * A layout in a directory. Symlinks are not followed, except `blobs` itself, which may point to a store that several
 * layouts share.
 *
 * Edits of `index.json` by several processes are serialized by the lock file `.index.json.lock`. Blobs need no lock:
 * each writer has its own file until it is renamed to the digest.
 */
export function layoutDirectory(directory: string, location = `oci:${directory}`): LayoutFiles {
  const context: Directory = { directory, location, blobs: join(directory, "blobs"), cached: null };
  return {
    location,
    readIndex: () => readIndex(context),
    changeIndex: (edit, signal) => changeIndex(context, edit, signal),
    blobSize: (digest) => blobSize(context, digest),
    readBlob: (digest, offset, signal) => readBlob(context, { digest, offset, signal }),
    async writeBlob(blob, signal) {
      if ((await blobSize(context, blob.digest)) === blob.size) return { how: "existed", bytesSent: 0 };
      await prepare(context, signal);
      sharedDirectory(join(context.blobs, digestAlgorithm(blob.digest)));
      return { how: "sent", bytesSent: await writeLayoutBlob(blobPath(context, blob.digest), blob, signal) };
    },
    async removeBlob(digest) {
      if ((await blobSize(context, digest)) === null) return false;
      const path = blobPath(context, digest);
      await checked(`remove "${path}"`, () => rm(path, { force: true }));
      return true;
    },
    sharesBlobs: async () => (await statsOf(context.blobs))?.isSymbolicLink() === true,
  };
}

interface Directory {
  readonly directory: string;
  readonly location: string;
  readonly blobs: string;
  cached: { readonly stamp: string; readonly index: LayoutIndex } | null;
}

/**
 * Checks the file `oci-layout`.
 *
 * @throws {PkgError} LAYOUT_INVALID
 * @see OCI image-spec 1.1, image-layout.md, "oci-layout file"
 */
export function checkLayoutFile(bytes: Uint8Array, location: string): void {
  const version = asObject(parseJsonOrNull(bytes))?.["imageLayoutVersion"];
  if (typeof version === "string" && /^1\./.test(version)) return;
  const found = typeof version === "string" ? `"${version}"` : "none";
  throw invalidLayout(location, `expected imageLayoutVersion "1.0.0" in its file "oci-layout", found ${found}`);
}

async function readIndex(context: Directory): Promise<LayoutIndex> {
  const path = join(context.directory, INDEX_FILE);
  const stamp = await stampAt(path);
  if (stamp !== null && context.cached?.stamp === stamp) return context.cached.index;
  const index = await readIndexFile(context);
  context.cached = stamp === null ? null : { stamp, index };
  return index;
}

async function readIndexFile(context: Directory): Promise<LayoutIndex> {
  checkLayoutFile(await readSmall(context, LAYOUT_FILE, MAX_LAYOUT_FILE_BYTES), context.location);
  return parseLayoutIndex(await readSmall(context, INDEX_FILE, MAX_LAYOUT_INDEX_BYTES));
}

async function changeIndex(context: Directory, edit: LayoutIndexEdit, signal: AbortSignal): Promise<void> {
  await prepare(context, signal);
  await locked(context, signal, async (path) => {
    for (;;) {
      const stamp = await stampAt(path);
      const before = await readIndexFile(context);
      const after = await edit(before);
      if (after === before) return;
      // A writer that ignores the lock, or took it for abandoned, may have changed the file.
      if ((await stampAt(path)) !== stamp) continue;
      await writeStreamAtomic(path, [formatLayoutIndex(after)]);
      return;
    }
  });
}

/** Creates the files that make the directory a layout. */
async function prepare(context: Directory, signal: AbortSignal): Promise<void> {
  if (await isPrepared(context)) return;
  sharedDirectory(context.directory);
  await locked(context, signal, async (path) => {
    if (await isPrepared(context)) return;
    if ((await statsOf(context.blobs)) === null) sharedDirectory(context.blobs);
    const marker = join(context.directory, LAYOUT_FILE);
    // Links that lead nowhere look missing, and must not be replaced.
    for (const file of [path, marker]) refuseSpecialOutput(file);
    if ((await stampAt(path)) === null) await writeStreamAtomic(path, [formatLayoutIndex(EMPTY_LAYOUT_INDEX)]);
    await writeStreamAtomic(marker, [Buffer.from(OCI_LAYOUT_FILE)]);
  });
}

async function isPrepared(context: Directory): Promise<boolean> {
  if ((await stampAt(join(context.directory, LAYOUT_FILE))) === null) return false;
  checkLayoutFile(await readSmall(context, LAYOUT_FILE, MAX_LAYOUT_FILE_BYTES), context.location);
  return (await stampAt(join(context.directory, INDEX_FILE))) !== null;
}

/** Runs `work` with exclusive access to the index; edits of this process queue before they take the lock. */
function locked({ directory }: Directory, signal: AbortSignal, work: (path: string) => Promise<void>): Promise<void> {
  const lock = join(directory, ".index.json.lock");
  return TURNS.run(directory, () => withLockFile(lock, signal, () => work(join(directory, INDEX_FILE))));
}

async function blobSize(context: Directory, digest: Digest): Promise<number | null> {
  const algorithm = join(context.blobs, digestAlgorithm(digest));
  const stats = await statsOf(blobPath(context, digest));
  if (stats === null) return null;
  if (stats.isFile() && (await statsOf(algorithm))?.isDirectory() === true) return stats.size;
  throw invalidLayout(context.location, `its blob "${digest}" is not a plain file, or is behind a symlink`);
}

async function* readBlob(
  context: Directory,
  { digest, offset, signal }: { readonly digest: Digest; readonly offset: number; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const path = blobPath(context, digest);
  const handle = await openForReading(path, constants.O_NOFOLLOW).catch((error: unknown) => {
    if (systemCode(error) !== "ENOENT") throw fileSystemError(error, `read "${path}"`);
    // It existed when its size was read.
    throw missing(context, digest, "it is not there");
  });
  try {
    yield* readFileFrom(handle, { start: offset }, signal);
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  } finally {
    await handle.close();
  }
}

function blobPath({ blobs }: Directory, digest: Digest): string {
  return join(blobs, digestAlgorithm(digest), digestHex(digest));
}

async function readSmall({ directory, location }: Directory, name: string, maxBytes: number): Promise<Buffer> {
  const path = join(directory, name);
  let handle: FileHandle;
  try {
    handle = await openForReading(path, constants.O_NOFOLLOW);
  } catch (error) {
    if (error instanceof PkgError || systemCode(error) === "ELOOP")
      throw invalidLayout(location, `"${name}" is not a plain file`, { cause: error });
    if (!["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) throw fileSystemError(error, `read "${path}"`);
    // Without this file it is not a layout yet; without any other it is a damaged one.
    const isAbsence = name === LAYOUT_FILE;
    const { why = "", ...hint } = isAbsence ? await whyNoLayout(directory) : {};
    throw invalidLayout(location, `it has no file "${name}"${why}`, { cause: error, isAbsence, ...hint });
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw invalidLayout(location, `"${name}" is not a plain file`);
    if (stats.size > maxBytes)
      throw invalidLayout(location, `"${name}" has ${byteCount(stats.size)}, at most ${maxBytes} are read`);
    return await handle.readFile();
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  } finally {
    await handle.close();
  }
}

/** People name a directory that is not there, or a tar. */
async function whyNoLayout(directory: string): Promise<{ readonly why?: string; readonly hint?: string }> {
  const stats = await statsOf(directory);
  if (stats === null) return { why: ", since there is no such directory" };
  if (!stats.isFile()) return {};
  return { why: ", since it is a file", hint: `For a tar of an OCI layout, write oci-archive:${directory}` };
}

async function statsOf(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return null;
    throw fileSystemError(error, `read "${path}"`);
  }
}

async function checked<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileSystemError(error, what);
  }
}

/** The error for a layout that cannot be used. */
export function invalidLayout(
  location: string,
  problem: string,
  options: Pick<PkgErrorOptions, "cause" | "isAbsence" | "hint"> = {},
): PkgError {
  return new PkgError("LAYOUT_INVALID", `Cannot use OCI layout "${location}": ${problem}`, {
    hint: "Name a directory that holds an OCI layout; copying into a new directory creates one",
    ...options,
  });
}
