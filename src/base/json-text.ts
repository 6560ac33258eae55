const QUOTE = '"';
const BACKSLASH = 0x5c;

/**
 * The position of the quote that ends the string which begins at `start`; the length of the text if none does. A regular
 * expression would run out of stack at some million characters.
 */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf(QUOTE, start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf(QUOTE, end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}
