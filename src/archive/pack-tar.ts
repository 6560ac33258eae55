import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { openForReading } from "../fs/read-file.ts";
import { refuseWhenAborted } from "./archive-error.ts";
import { linkProblem } from "./entry-path.ts";
import { EntryTally } from "./entry-tally.ts";
import { EXTRACT_LIMITS, type ExtractLimits } from "./extract-limits.ts";
import { type TarInput, writeTar } from "./write-tar.ts";

const READ_BYTES = 64 * 1024;
const PERMISSION_BITS = 0o777;
const WRITE_BIT = 0o2;

export interface PackRequest {
  readonly directory: string;
  /** The path that all entries lie in, e.g. `docs` or `a/b`; null: the contents of the directory are at the top. */
  readonly root: string | null;
  /**
   * `all`: permission bits as they are. `owner`: group and others may read and run what the owner may, but not write,
   * so that the result does not depend on the umask with which the files were made.
   */
  readonly modes?: "all" | "owner";
  /** What whoever unpacks it will accept; default: EXTRACT_LIMITS. */
  readonly limits?: ExtractLimits;
  readonly signal: AbortSignal;
}

/**
 * Packs a directory into a tar stream that depends only on names, contents, permission bits and link targets: entries
 * in byte order, no times, no owners, hard links as separate files. Names that are long or not ASCII are written with
 * PAX.
 *
 * @throws {PkgError} ARCHIVE_INVALID for sockets, devices, FIFOs, names that are not UTF-8, links that point outside,
 * and for more than `limits`;
 * STATE_CHANGED when a file changes while it is read; PERMISSION_DENIED, FILE_SYSTEM
 */
export async function* packTar(request: PackRequest): AsyncGenerator<Uint8Array> {
  const { directory, root, modes = "all", limits = EXTRACT_LIMITS, signal } = request;
  const tally = new EntryTally(limits, (problem) => tooMuch(directory, problem));
  yield* writeTar(counted(packEntry({ place: directory, path: "", root, modes, signal }), tally));
}

async function* counted(entries: AsyncIterable<TarInput>, tally: EntryTally): AsyncGenerator<TarInput> {
  for await (const entry of entries) {
    // As it is written: a directory's name ends with a slash.
    tally.add({ ...entry, path: entry.kind === "directory" ? `${entry.name}/` : entry.name });
    yield entry;
  }
}

interface PackedEntry {
  readonly place: string;
  /** The path below the root; empty for the root itself. */
  readonly path: string;
  readonly root: string | null;
  readonly modes: "all" | "owner";
  readonly signal: AbortSignal;
}

async function* packEntry(entry: PackedEntry): AsyncGenerator<TarInput> {
  refuseWhenAborted(entry.signal);
  const stats = await attempt(entry, () => lstat(entry.place, { bigint: true }));
  if (stats.isDirectory()) yield* packDirectory(entry, stats);
  else if (stats.isFile()) yield packFile(entry, stats);
  else if (stats.isSymbolicLink()) yield packLink(entry, await attempt(entry, () => readlink(entry.place)));
  else throw unpackable(entry, `it is ${kindOf(stats)}`);
}

async function* packDirectory(entry: PackedEntry, stats: BigIntStats): AsyncGenerator<TarInput> {
  const isNameless = entry.path === "" && entry.root === null;
  if (!isNameless) yield { kind: "directory", name: nameOf(entry), mode: modeOf(entry, stats) };
  const names = await attempt(entry, () => readdir(entry.place));
  for (const name of names.sort(byBytes)) {
    const path = entry.path === "" ? name : `${entry.path}/${name}`;
    const child = { ...entry, place: join(entry.place, name), path };
    if (name.includes("\uFFFD") || name.includes("\\")) throw unpackable(child, "its name is not portable text");
    yield* packEntry(child);
  }
}

function packFile(entry: PackedEntry, stats: BigIntStats): TarInput {
  const size = Number(stats.size);
  const open = () => readUnchanged(entry, stats);
  return { kind: "file", name: nameOf(entry), mode: modeOf(entry, stats), size, open };
}

/** Yields the content of a file, which must not change from before the first byte until after the last. */
async function* readUnchanged(entry: PackedEntry, stats: BigIntStats): AsyncGenerator<Uint8Array> {
  const file = await attempt(entry, () => openForReading(entry.place, constants.O_NOFOLLOW));
  try {
    yield* readWhole(entry, file, Number(stats.size));
    if (isOther(stats, await file.stat({ bigint: true }))) throw changed(entry);
  } finally {
    await file.close();
  }
}

async function* readWhole(entry: PackedEntry, file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  let position = 0;
  while (position < size) {
    refuseWhenAborted(entry.signal);
    const chunk = Buffer.allocUnsafe(Math.min(READ_BYTES, size - position));
    const { bytesRead } = await attempt(entry, () => file.read(chunk, 0, chunk.length, position));
    if (bytesRead === 0) throw changed(entry);
    position += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

function packLink(entry: PackedEntry, target: string): TarInput {
  const problem = entry.path === "" ? null : linkProblem(entry.path, target);
  if (problem !== null) throw unpackable(entry, `it ${problem}`);
  return { kind: "symlink", name: nameOf(entry), target };
}

function nameOf({ root, path }: PackedEntry): string {
  return [root ?? "", path].filter((part) => part !== "").join("/");
}

function isOther(before: BigIntStats, after: BigIntStats): boolean {
  return (
    before.ino !== after.ino ||
    before.dev !== after.dev ||
    before.size !== after.size ||
    before.mtimeNs !== after.mtimeNs ||
    before.mode !== after.mode
  );
}

function modeOf({ modes }: PackedEntry, stats: BigIntStats): number {
  const bits = Number(stats.mode) & PERMISSION_BITS;
  if (modes === "all") return bits;
  const owner = bits >> 6;
  const others = owner & ~WRITE_BIT;
  return (owner << 6) | (others << 3) | others;
}

function kindOf(stats: BigIntStats): string {
  if (stats.isSocket()) return "a socket";
  if (stats.isFIFO()) return "a FIFO";
  return "a device";
}

function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

async function attempt<T>({ place }: PackedEntry, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileSystemError(error, `pack "${place}"`);
  }
}

function unpackable({ place }: PackedEntry, problem: string): PkgError {
  return new PkgError("ARCHIVE_INVALID", `Cannot pack "${place}": ${problem}`, {
    hint: "Leave it out; files, directories and links that stay inside can be packed",
  });
}

function tooMuch(directory: string, problem: string): PkgError {
  return new PkgError("ARCHIVE_INVALID", `Cannot pack "${directory}": ${problem}, which nobody could unpack`, {
    hint: "Leave files out, or put them into an archive of their own",
  });
}

function changed({ place }: PackedEntry): PkgError {
  return new PkgError("STATE_CHANGED", `Cannot pack "${place}": it changed while it was read`, {
    hint: "Run the command again when nothing writes there",
  });
}
