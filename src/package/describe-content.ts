import { type FileFormat, fileFormat } from "../base/file-format.ts";

/** How much of a file's start is looked at, in bytes: a tar has its mark at 257. */
export const DESCRIBED_BYTES = 512;

/** Formats that people mistake for a program, as messages name them. */
const KINDS: Readonly<Partial<Record<FileFormat, string>>> = {
  pe: "a Windows program",
  "mach-o": "a macOS program",
  "mach-o or java class": "a macOS program or a Java class",
  wasm: "a WebAssembly module",
  zip: "a zip archive",
  gzip: "a gzip archive",
  zstd: "a zstd archive",
  xz: "an xz archive",
  bzip2: "a bzip2 archive",
  sqlite: "a SQLite database",
};

/** Further first bytes, as Latin-1. */
const MAGIC: readonly (readonly [magic: string, what: string])[] = [
  ["\x89PNG\r\n\x1a\n", "a PNG image"],
  ["\xff\xd8\xff", "a JPEG image"],
  ["GIF8", "a GIF image"],
  ["%PDF-", "a PDF document"],
  ["7z\xbc\xaf\x27\x1c", "a 7z archive"],
  ["Rar!\x1a\x07", "a RAR archive"],
  ["\x04\x22\x4d\x18", "an lz4 archive"],
  ["LZIP", "an lzip archive"],
  ["\x5d\0\0", "an lzma archive"],
  ["PK\x07\x08", "a zip archive in several parts"],
  ["PK00PK", "a zip archive in several parts"],
  ["!<arch>\ndebian", "a Debian package"],
  ["!<arch>\n", "a static library"],
  ["\xed\xab\xee\xdb", "an RPM package"],
  ["hsqs", "a SquashFS image"],
  ["PK\x05\x06", "an empty zip archive"],
  ["BC\xc0\xde", "LLVM bitcode"],
  ["\xbe\xba\xfe\xca", "a macOS program"],
  ["\xef\xbb\xbf#!", 'a script with a byte order mark before its "#!"'],
];

/** What a file is that is neither an ELF file nor a script, for people: `a gzip archive`; by its first DESCRIBED_BYTES. */
export function describeContent(start: Uint8Array): string {
  if (start.length === 0) return "an empty file";
  const text = Buffer.from(start).toString("latin1");
  const format = fileFormat(start);
  const known = (format === null ? undefined : KINDS[format]) ?? MAGIC.find(([magic]) => text.startsWith(magic))?.[1];
  if (known !== undefined) return known;
  if (text.startsWith("ustar", 257)) return "a tar archive";
  if (/^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)/i.test(text)) return "a web page";
  return isText(text) ? 'a text file without a "#!" line' : "neither an ELF program nor a script";
}

/** Text in any encoding that keeps ASCII. */
function isText(latin1: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what no text has
  return !/[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/.test(latin1);
}
