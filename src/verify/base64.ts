/**
 * Decodes canonical, padded base64 (RFC 4648, section 4); null when `text` is not canonical or does not hold exactly `length`
 * bytes.
 */
export function decodeBase64(text: string, length: number): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  // Node skips what is not base64, accepts the URL alphabet and ignores unused bits. Only the spelling that the bytes encode
  // to is accepted, or one signature could be written in many ways.
  return bytes.length === length && bytes.toString("base64") === text ? bytes : null;
}
