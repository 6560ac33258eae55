import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
} from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { withDefaultSignals } from "../base/default-signals.ts";
import { byteCount } from "../base/format-bytes.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "./errors.ts";
import { openFile } from "./open-file.ts";

/** Opening a FIFO would otherwise wait for a writer, perhaps for ever. */
const READ_AT_ONCE = constants.O_RDONLY | constants.O_NONBLOCK;
const PIECE_BYTES = 64 * 1024;
/** The most bytes of one file that are read into memory where the caller gives no limit of its own. */
const MAX_BYTES = 1024 * 1024 * 1024;

/** Names of what is open already, such as a shell's `<(command)`; to read from these is what was asked for. */
const OPEN_ALREADY = /^\/dev\/(?:stdin|null|fd\/[0-9]{1,9})$|^\/proc\/(?:self|[0-9]{1,9})\/fd\/[0-9]{1,9}$/;

/** How much of a file is read into memory. */
export interface ReadLimit {
  readonly maxBytes: number;
  /** The error for a file of more bytes; `bytes` is its size, or for a stream what was read so far. */
  readonly tooLarge?: (bytes: number) => Error;
}

/** True for a path that names something open, e.g. `/dev/stdin` or `/dev/fd/63`, which may be a pipe. */
export function isOpenAlready(path: string): boolean {
  return OPEN_ALREADY.test(path);
}

/**
 * Opens a file for reading without ever waiting. What is neither a file nor a directory is refused at once, unless the
 * path names something that is open already. Directories are left to the first read, which gives EISDIR.
 *
 * @param flags further flags for open(2), such as O_NOFOLLOW
 * @throws {PkgError} FILE_SYSTEM for a FIFO, a socket or a device; the system's own errors
 */
export async function openForReading(path: string, flags = 0): Promise<FileHandle> {
  const handle = await openFile(path, flagsFor(path) | flags).catch((error: unknown) => {
    throw noStream(path, error);
  });
  try {
    // What is open is known without waiting, and a turn on another thread takes longer than asking.
    refuseSpecial(path, fstatSync(handle.fd));
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Opens something that exists, without waiting, for a caller that checks itself what it has opened.
 *
 * @param flags for open(2)
 * @throws the system's own errors
 */
export function openPlainFile(path: string, flags: number): Promise<FileHandle> {
  return openFile(path, flags | constants.O_NONBLOCK);
}

/**
 * Refuses what cannot be read, before work that takes long; nothing is read.
 *
 * @throws {PkgError} as openForReading; PERMISSION_DENIED, FILE_SYSTEM
 */
export async function expectReadable(path: string): Promise<void> {
  // To open a pipe and to close it again would take its content from whoever reads it later.
  if (isOpenAlready(path)) return;
  try {
    await (await openForReading(path)).close();
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
}

/** As openForReading(), at once; returns a file descriptor. @throws as openForReading */
export function openForReadingSync(path: string, flags = 0): number {
  const descriptor = openAtOnce(path, flagsFor(path) | flags);
  try {
    refuseSpecial(path, fstatSync(descriptor));
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/**
 * The content of a file, or of what is open already under that name, up to a limit.
 *
 * @throws {PkgError} FILE_SYSTEM for more bytes, unless the limit has an error of its own; as openForReading
 */
export function readLocalFileSync(path: string, limit: ReadLimit = { maxBytes: MAX_BYTES }): Buffer {
  const descriptor = openForReadingSync(path);
  // Its other end may never write, nor close it.
  const restore = isOpenAlready(path) ? withDefaultSignals() : () => {};
  try {
    const { size } = fstatSync(descriptor);
    refuseLarge(path, size, limit);
    return readAll(descriptor, size, (bytes) => refuseLarge(path, bytes, limit));
  } finally {
    restore();
    closeSync(descriptor);
  }
}

/**
 * Hands the content of a file to `take`, piece by piece; each piece is valid during the call alone.
 *
 * @param flags further flags for open(2), such as O_NOFOLLOW
 * @throws as openForReading
 */
export function readInPieces(path: string, flags: number, take: (piece: Buffer) => void): void {
  const descriptor = openForReadingSync(path, flags);
  try {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (let count = readSome(descriptor, piece); count > 0; count = readSome(descriptor, piece)) {
      take(piece.subarray(0, count));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** As readLocalFileSync(), without blocking other work. @throws as readLocalFileSync */
export async function readLocalFile(path: string, limit: ReadLimit = { maxBytes: MAX_BYTES }): Promise<Buffer> {
  const handle = await openForReading(path);
  const restore = isOpenAlready(path) ? withDefaultSignals() : () => {};
  try {
    refuseLarge(path, (await handle.stat()).size, limit);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: PIECE_BYTES })) {
      bytes += chunk.length;
      refuseLarge(path, bytes, limit);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    restore();
    await handle.close();
  }
}

/** What part of a file to stream, and how. */
export interface StreamOptions {
  /** Bytes to skip. */
  readonly start?: number;
  /** How many bytes are read at a time. */
  readonly pieceBytes?: number;
  readonly signal?: AbortSignal;
}

/**
 * The bytes of a file as a stream; the file is opened when the first of them is asked for. Each chunk has its own
 * memory.
 *
 * @throws {PkgError} as openForReading; the reason of an aborted signal
 */
export async function* streamFile(path: string, options: StreamOptions = {}): AsyncGenerator<Buffer> {
  const { start, pieceBytes = PIECE_BYTES, signal } = options;
  const handle = await openForReading(path);
  try {
    const stream = handle.createReadStream({
      autoClose: false,
      highWaterMark: pieceBytes,
      ...(start === undefined ? {} : { start }),
      ...(signal === undefined ? {} : { signal }),
    });
    yield* isOpenAlready(path) && !(await handle.stat()).isFile() ? endedBySignals(stream) : stream;
  } finally {
    await handle.close();
  }
}

/** Each wait for more, which nothing may ever end, is ended by a signal, and the process with it. */
async function* endedBySignals(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = stream[Symbol.asyncIterator]();
  for (;;) {
    const restore = withDefaultSignals();
    const next = await chunks.next().finally(restore);
    if (next.done === true) return;
    yield next.value;
  }
}

/** The bytes of a file descriptor that is open already. It stays open: a wrong number may be one that Node itself needs. */
export function streamDescriptor(descriptor: number): AsyncIterable<Buffer> {
  return createReadStream("", { fd: descriptor, autoClose: false });
}

/**
 * Whether a descriptor is one that Node opened for itself, as far as Linux tells: reading it would take the news that Node
 * waits for, and nothing but SIGKILL would end the process. Those are no files, or pipes of which both ends are here.
 */
export function isOfNode(descriptor: number): boolean {
  const target = (fd: number | string) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  };
  const own = target(descriptor);
  if (!own.startsWith("pipe:")) return own.startsWith("anon_inode:");
  const others = readdirSync("/proc/self/fd").filter((fd) => Number(fd) > 2 && fd !== String(descriptor));
  return others.some((fd) => target(fd) === own);
}

function openAtOnce(path: string, flags: number): number {
  try {
    return openSync(path, flags);
  } catch (error) {
    throw noStream(path, error);
  }
}

/** The system only says "no such device or address" of a socket, and of a device that nothing drives. */
function noStream(path: string, error: unknown): unknown {
  return systemCode(error) === "ENXIO" ? notAFile(path, "a socket, or a device without a driver") : error;
}

function flagsFor(path: string): number {
  return isOpenAlready(path) ? constants.O_RDONLY : READ_AT_ONCE;
}

/** What a special file is, as messages name it; null for a file, a directory or a link. */
export function specialKind(stats: Pick<Stats, "isFIFO" | "isSocket" | "isBlockDevice" | "isCharacterDevice">) {
  if (stats.isFIFO()) return "a FIFO";
  if (stats.isSocket()) return "a socket";
  return stats.isBlockDevice() || stats.isCharacterDevice() ? "a device" : null;
}

function refuseSpecial(path: string, stats: Stats): void {
  const kind = isOpenAlready(path) ? null : specialKind(stats);
  if (kind === null) return;
  throw notAFile(path, kind);
}

function notAFile(path: string, kind: string): PkgError {
  return new PkgError("FILE_SYSTEM", `Cannot read "${path}": it is ${kind}, expected a file`, {
    hint: "Name a file; for the output of a command, use <(COMMAND) or /dev/stdin",
  });
}

function refuseLarge(path: string, bytes: number, { maxBytes, tooLarge }: ReadLimit): void {
  if (bytes <= maxBytes) return;
  throw (
    tooLarge?.(bytes) ??
    new PkgError("FILE_SYSTEM", `Cannot read "${path}": it has ${byteCount(bytes)}, at most ${maxBytes} are read`)
  );
}

/**
 * @param size what the file says of itself, for which one piece is made; what is no file says 0, and one that grows says too little
 */
function readAll(descriptor: number, size: number, check: (bytes: number) => void): Buffer {
  const full: Buffer[] = [];
  // With one byte more than there should be, so that the end shows without another piece.
  let piece = Buffer.allocUnsafe(size === 0 ? PIECE_BYTES : size + 1);
  let filled = 0;
  for (let bytes = 0; ; ) {
    const count = readSome(descriptor, piece.subarray(filled));
    if (count === 0) break;
    bytes += count;
    filled += count;
    check(bytes);
    if (filled < piece.length) continue;
    full.push(piece);
    piece = Buffer.allocUnsafe(PIECE_BYTES);
    filled = 0;
  }
  const rest = piece.subarray(0, filled);
  return full.length === 0 ? rest : Buffer.concat([...full, rest]);
}

/** An open terminal or pipe may be in non-blocking mode, which another process can have set. */
function readSome(descriptor: number, piece: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, piece);
    } catch (error) {
      if (systemCode(error) === "EOF") return 0;
      if (systemCode(error) !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
