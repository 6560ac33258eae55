import { isUtf8 } from "node:buffer";
import type { Entry } from "yauzl";
import type { ArchiveEntry } from "./archive-entry.ts";
import { invalidArchive } from "./archive-error.ts";

/** The system that wrote an entry: only Unix and macOS store a mode. APPNOTE 6.3.10, 4.4.2. */
const UNIX = 3;
const MACOS = 19;
/** Set where the name is UTF-8. */
const UTF8_FLAG = 0x800;

/** Kinds of files, as `stat` has them. */
const KINDS: ReadonlyMap<number, ArchiveEntry["kind"]> = new Map([
  [0, "file"],
  [0o100000, "file"],
  [0o040000, "directory"],
  [0o120000, "symlink"],
]);
const OTHERS: ReadonlyMap<number, string> = new Map([
  [0o010000, "a FIFO"],
  [0o020000, "a character device"],
  [0o060000, "a block device"],
  [0o140000, "a socket"],
]);

/** What the central directory says about an entry. */
export interface ZipEntryFacts {
  readonly kind: ArchiveEntry["kind"];
  readonly path: string;
  /** Permission bits, special ones included; null when the entry has none. */
  readonly mode: number | null;
}

/**
 * Reads what an entry is.
 *
 * @param decode decodes a name that is not known to be UTF-8; throws an Error for one that leads out
 * @throws {PkgError} ARCHIVE_INVALID for a device, a FIFO or a socket
 */
export function describeZipEntry(entry: Entry, decode: (name: Buffer) => string): ZipEntryFacts {
  const path = nameOf(entry, decode);
  const isUnix = [UNIX, MACOS].includes(entry.versionMadeBy >>> 8);
  const attributes = isUnix ? entry.externalFileAttributes >>> 16 : 0;
  const type = attributes & 0o170000;
  const kind = KINDS.get(type);
  if (kind === undefined) throw invalidArchive(`"${path}" is ${OTHERS.get(type) ?? "of an unknown kind"}`);
  const mode = (attributes & 0o7777) === 0 ? null : attributes & 0o7777;
  return { kind: kind === "file" && path.endsWith("/") ? "directory" : kind, path, mode };
}

/** Many writers on Unix write UTF-8 without saying so. */
function nameOf(
  { fileNameRaw, generalPurposeBitFlag, versionMadeBy }: Entry,
  decode: (name: Buffer) => string,
): string {
  const saysUtf8 = (generalPurposeBitFlag & UTF8_FLAG) !== 0;
  if (saysUtf8 || (versionMadeBy >>> 8 === UNIX && isUtf8(fileNameRaw))) return fileNameRaw.toString("utf8");
  return decode(fileNameRaw);
}
