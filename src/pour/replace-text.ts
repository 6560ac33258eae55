/** A text that a step puts in place of another. */
export interface Replacement {
  readonly before: string;
  readonly after: string;
  /** Only the first one is replaced. */
  readonly isFirstOnly: boolean;
  /** Whether a person is told when there was nothing to replace. */
  readonly isRequired: boolean;
}

/** More than any text has that a person would edit. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/**
 * Makes replacements in a text, byte for byte, whatever its encoding.
 *
 * @returns the text, and what could not be replaced; null for what is no text
 */
export function replaceText(
  bytes: Buffer,
  replacements: readonly Replacement[],
): { readonly bytes: Buffer; readonly missed: readonly string[] } | null {
  if (bytes.length > MAX_TEXT_BYTES || bytes.includes(0)) return null;
  let text = bytes.toString("latin1");
  const missed: string[] = [];
  for (const { before, after, isFirstOnly, isRequired } of replacements) {
    const [found, put] = [before, after].map((one) => Buffer.from(one).toString("latin1"));
    if (found === undefined || put === undefined) continue;
    if (!text.includes(found)) {
      if (isRequired) missed.push(before);
      continue;
    }
    text = isFirstOnly ? text.replace(found, () => put) : text.replaceAll(found, () => put);
    if (text.length > MAX_TEXT_BYTES) return null;
  }
  return { bytes: Buffer.from(text, "latin1"), missed };
}
