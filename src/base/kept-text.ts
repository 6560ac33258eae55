import { formatBytes, formatPart } from "./format-bytes.ts";

/** Partial files smaller than this are not kept for the next run, whatever they belong to. */
const MIN_KEPT_BYTES = 1024 * 1024;

/** What of a transfer that broke off the next run finds: `4.2 of 10.0 MB`, `all 10.0 MB`; null if nothing is kept. */
export function keptText(bytes: number, totalBytes: number | null): string | null {
  if (totalBytes !== null && totalBytes > 0 && bytes >= totalBytes) return `all ${formatBytes(totalBytes)}`;
  return bytes >= MIN_KEPT_BYTES ? formatPart(bytes, totalBytes) : null;
}
