/** A library of the cache, as it was found when the cache was made. */
export interface CachedLibrary {
  /** Such as `libc.so.6`. */
  readonly name: string;
  readonly path: string;
}

const MAGIC = "glibc-ld.so.cache1.1";
const OLD_MAGIC = "ld.so-1.7.0";
const HEADER_BYTES = 48;
const ENTRY_BYTES = 24;
const OLD_HEADER_BYTES = 16;
const OLD_ENTRY_BYTES = 12;

/**
 * Reads the cache of glibc's dynamic linker, which holds libraries of every machine that this one can run. What needs a
 * certain processor is left out, because the same library is there for all. Of a cache that is damaged, or in another
 * format, nothing is read: then the linker looks in its own directories as well.
 *
 * @see glibc, sysdeps/generic/dl-cache.h
 */
export function readLibraryCache(bytes: Buffer): readonly CachedLibrary[] {
  const start = newFormatAt(bytes);
  if (start === null || start + HEADER_BYTES > bytes.length) return [];
  const cache = bytes.subarray(start);
  const count = Math.min(cache.readUInt32LE(20), Math.floor((cache.length - HEADER_BYTES) / ENTRY_BYTES));
  return Array.from({ length: count }, (_, index) => HEADER_BYTES + index * ENTRY_BYTES).flatMap((at) => {
    const [name, path] = [textAt(cache, cache.readUInt32LE(at + 4)), textAt(cache, cache.readUInt32LE(at + 8))];
    const isForAll = cache.readBigUInt64LE(at + 16) === 0n;
    return name !== "" && path.startsWith("/") && isForAll ? [{ name, path }] : [];
  });
}

/** The old format may come first, so that old linkers find something. */
function newFormatAt(bytes: Buffer): number | null {
  if (startsWith(bytes, 0, MAGIC)) return 0;
  if (!startsWith(bytes, 0, OLD_MAGIC) || bytes.length < OLD_HEADER_BYTES) return null;
  const end = OLD_HEADER_BYTES + bytes.readUInt32LE(12) * OLD_ENTRY_BYTES;
  const aligned = Math.ceil(end / 8) * 8;
  return startsWith(bytes, aligned, MAGIC) ? aligned : null;
}

function startsWith(bytes: Buffer, at: number, magic: string): boolean {
  return bytes.toString("latin1", at, at + magic.length) === magic;
}

function textAt(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at);
  return end < at ? "" : bytes.toString("utf8", at, end);
}
