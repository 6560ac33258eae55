const ALPHABET = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The bytes that `text` is the one canonical base64 of (RFC 4648, section 4, padded); null when it is not canonical
 * or does not hold exactly `length` bytes.
 */
export function decodeBase64(text: string, length: number): Buffer | null {
  if (text.length !== 4 * Math.ceil(length / 3) || !ALPHABET.test(text)) return null;
  const bytes = Buffer.from(text, "base64");
  // Unused bits that are set, or padding in the wrong place, would give one signature many spellings.
  return bytes.length === length && bytes.toString("base64") === text ? bytes : null;
}
