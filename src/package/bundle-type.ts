/** How many bytes of a file's start show its type. */
export const BUNDLE_BYTES = 12;

/** The bytes after an ELF file's first eight, which no system reads, as Latin-1. */
const MARKS: readonly (readonly [mark: string, type: string])[] = [
  ["AI\x01", "appimage"],
  ["AI\x02", "appimage"],
  ["FI\x01", "flatimage"],
  ["RI\x02", "runimage"],
];

/**
 * The type of a program that brings a file system along, by its first BUNDLE_BYTES: `appimage`, `flatimage` or `runimage`; null
 * for any other file.
 *
 * @see the AppImage specification, "Type 1" and "Type 2"
 */
export function bundleType(start: Uint8Array): string | null {
  const text = Buffer.from(start).toString("latin1");
  if (!text.startsWith("\x7fELF")) return null;
  return MARKS.find(([mark]) => text.startsWith(mark, 8))?.[1] ?? null;
}
