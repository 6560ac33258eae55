import { PkgError } from "../errors.ts";

const UNIT_BYTES: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * Parses a size such as `500MB`, `10GiB` or `4096` into bytes.
 *
 * @param option the name of the option, for messages
 * @throws {PkgError} USAGE
 */
export function parseSize(text: string, option: string): number {
  const [, digits, word = ""] = /^(\d{1,12}(?:\.\d{1,3})?) ?([kmgt]?i?b?)$/i.exec(text.trim()) ?? [];
  const unit = UNIT_BYTES[word.toLowerCase()];
  const bytes = digits === undefined || unit === undefined ? Number.NaN : Math.floor(Number(digits) * unit);
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new PkgError("USAGE", `Cannot use ${option} "${text}": expected a size such as "500MB" or "10GiB"`);
}
