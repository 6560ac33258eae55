const BYTE_UNITS = ["kB", "MB", "GB", "TB", "PB"] as const;

/** `bytes` for people, 1000-based: `999 B`, `7.8 MB`, `152 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = "B";
  for (const next of BYTE_UNITS) {
    if (Number(threeDigits(value)) < 1000 && unit !== "B") break;
    value /= 1000;
    unit = next;
  }
  return `${threeDigits(value)} ${unit}`;
}

/** An exact number of bytes, to be compared with another: `1 byte`, `1048576 bytes`. */
export function byteCount(bytes: number | bigint | null | undefined): string {
  if (bytes === null || bytes === undefined) return "an unknown number of bytes";
  return bytes === 1 || bytes === 1n ? "1 byte" : `${bytes} bytes`;
}

/** A part of so many bytes: `3.1 of 7.8 MB`, `900 kB of 7.8 MB`; the part alone if the whole is not known. */
export function formatPart(bytes: number, totalBytes: number | null): string {
  const part = formatBytes(bytes);
  if (totalBytes === null) return part;
  const total = formatBytes(totalBytes);
  const unit = / \S+$/.exec(total)?.[0] ?? "";
  return `${part.endsWith(unit) ? part.slice(0, -unit.length) : part} of ${total}`;
}

function threeDigits(value: number): string {
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}
