/** The format of a file, as far as its first bytes show. */
export type FileFormat =
  | "elf"
  | "script"
  | "gzip"
  | "zstd"
  | "xz"
  | "bzip2"
  | "zip"
  | "sqlite"
  | "pe"
  | "mach-o"
  | "mach-o or java class"
  | "wasm";

/** What zstd skips may stand before what it decompresses: `pzstd` begins so. RFC 8878, section 3.1.2. */
const ZSTD_SKIPPABLE = Array.from({ length: 16 }, (_, kind) => `${String.fromCharCode(0x50 + kind)}\x2a\x4d\x18`);

/** First bytes, as Latin-1. RFC 1952, RFC 8878, the xz and SQLite file formats, and the specifications of the rest. */
const MAGIC: readonly (readonly [magic: string, format: FileFormat])[] = [
  ["\x7fELF", "elf"],
  ["#!", "script"],
  ["\x1f\x8b", "gzip"],
  ["\x28\xb5\x2f\xfd", "zstd"],
  ...ZSTD_SKIPPABLE.map((magic) => [magic, "zstd"] as const),
  ["\xfd7zXZ\0", "xz"],
  ["BZh", "bzip2"],
  ["PK\x03\x04", "zip"],
  ["SQLite format 3\0", "sqlite"],
  ["MZ", "pe"],
  ["\xcf\xfa\xed\xfe", "mach-o"],
  ["\xce\xfa\xed\xfe", "mach-o"],
  ["\xca\xfe\xba\xbe", "mach-o or java class"],
  ["\0asm", "wasm"],
];

/** Most files begin as none of them does. */
const BY_FIRST_BYTE = Map.groupBy(MAGIC, ([magic]) => magic.charCodeAt(0));

/** How many bytes `fileFormat` needs to see. */
export const FORMAT_BYTES = Math.max(...MAGIC.map(([magic]) => magic.length));

/** The format of a file that begins with these bytes; null if it is not one of the formats above. */
export function fileFormat(start: Uint8Array): FileFormat | null {
  const likely = BY_FIRST_BYTE.get(start[0] ?? -1);
  if (likely === undefined) return null;
  const text = Buffer.from(start.subarray(0, FORMAT_BYTES)).toString("latin1");
  return likely.find(([magic]) => text.startsWith(magic))?.[1] ?? null;
}
