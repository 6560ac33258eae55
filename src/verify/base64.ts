/**
 * The bytes that `text` is the one canonical base64 of (RFC 4648, section 4, padded); null when it is not canonical
 * or does not hold exactly `length` bytes.
 */
export function decodeBase64(text: string, length: number): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  // Node skips what is not base64, takes the alphabet of URLs and ignores unused bits: only the spelling that the
  // bytes themselves have is taken, or one signature would have many.
  return bytes.length === length && bytes.toString("base64") === text ? bytes : null;
}
