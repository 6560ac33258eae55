/** A key as TOML writes it: `a."b.c"`. */
const PART = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))\s*(\.)?/y;

/**
 * The line of a key in a TOML text, counted from 1; null where the text does not set it on a line of its own.
 * The text has been parsed already, so it is only looked for, and nothing is checked.
 */
export function keyLine(text: string, key: readonly string[]): number | null {
  let table: readonly string[] = [];
  let closing: string | null = null;
  for (const [position, line] of text.split("\n").entries()) {
    if (closing !== null) {
      if (line.includes(closing)) closing = null;
      continue;
    }
    const trimmed = line.trimStart();
    if (trimmed.startsWith("[")) {
      table = keyAt(trimmed, trimmed.startsWith("[[") ? 2 : 1);
      continue;
    }
    const found = trimmed === "" || trimmed.startsWith("#") ? [] : [...table, ...keyAt(trimmed, 0)];
    if (found.length > table.length && found.every((part, index) => part === key[index])) return position + 1;
    closing = openedIn(trimmed);
  }
  return null;
}

/** The line on which the table of this name begins; null where the text has no such heading. */
export function tableLine(text: string, key: readonly string[]): number | null {
  const isHeading = (line: string) =>
    line.startsWith("[") && keyAt(line, line.startsWith("[[") ? 2 : 1).join("\0") === key.join("\0");
  const position = text.split("\n").findIndex((line) => isHeading(line.trimStart()));
  return position < 0 ? null : position + 1;
}

function keyAt(line: string, start: number): readonly string[] {
  const parts: string[] = [];
  PART.lastIndex = start;
  for (let match = PART.exec(line); match !== null; match = PART.exec(line)) {
    parts.push(match[1] ?? match[2] ?? match[3] ?? "");
    if (match[4] === undefined) break;
  }
  return parts;
}

/** The quotes that a string over several lines ends with, if one begins here and does not end. */
function openedIn(line: string): string | null {
  const quotes = /("""|''')/.exec(line)?.[1];
  return quotes !== undefined && line.split(quotes).length === 2 ? quotes : null;
}
