const MAGIC = "glibc-ld.so.cache1.1";
const OLD_MAGIC = "ld.so-1.7.0";
const HEADER_BYTES = 48;
const ENTRY_BYTES = 24;
const OLD_HEADER_BYTES = 16;
const OLD_ENTRY_BYTES = 12;

/** The cache of glibc's dynamic linker: the libraries that were there when it was made. */
export interface LibraryCache {
  /** Paths of the libraries with a name, such as `libc.so.6`, in their order. */
  pathsOf(name: string): readonly string[];
}

/**
 * Reads the cache of glibc's dynamic linker, which holds libraries of every machine that this one can run. What needs a
 * certain processor is left out, because the same library is there for all. Of a cache that is damaged, or in another
 * format, nothing is read: then the linker looks in its own directories as well.
 *
 * @see glibc, sysdeps/generic/dl-cache.h
 */
export function readLibraryCache(bytes: Buffer): LibraryCache {
  const start = newFormatAt(bytes);
  if (start === null || start + HEADER_BYTES > bytes.length) return { pathsOf: () => [] };
  const cache = bytes.subarray(start);
  const byName = entriesOf(cache);
  return {
    pathsOf: (name) =>
      (byName.get(name) ?? []).map((at) => textAt(cache, at)).filter((path) => name !== "" && path.startsWith("/")),
  };
}

/** Where the paths of each name are, as most of them are never asked for. */
function entriesOf(cache: Buffer): ReadonlyMap<string, readonly number[]> {
  const count = Math.min(cache.readUInt32LE(20), Math.floor((cache.length - HEADER_BYTES) / ENTRY_BYTES));
  const byName = new Map<string, number[]>();
  for (let index = 0, at = HEADER_BYTES; index < count; index++, at += ENTRY_BYTES) {
    const isForAll = cache.readUInt32LE(at + 16) === 0 && cache.readUInt32LE(at + 20) === 0;
    if (!isForAll) continue;
    const name = textAt(cache, cache.readUInt32LE(at + 4));
    const path = cache.readUInt32LE(at + 8);
    const paths = byName.get(name);
    if (paths === undefined) byName.set(name, [path]);
    else paths.push(path);
  }
  return byName;
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
