/**
 * What a terminal acts on or a reader cannot see: control characters (C0, DEL, C1, and with ESC every ANSI
 * sequence), bidirectional and other format characters, zero-width and default-ignorable ones, line and
 * paragraph separators, noncharacters, lone surrogates. The two variation selectors that ordinary emoji carry stay.
 */
const UNSAFE =
  /(?![\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** `text` as it may be shown on a terminal: each unsafe character becomes `\u{hex}`. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${codePoint(character).toString(16)}}`);
}

/**
 * `json` (the output of JSON.stringify) with each unsafe character as `\uXXXX`, so that a document means the same
 * and is harmless on a terminal. The newlines left are the document's own layout: those inside strings are escaped.
 */
export function escapeJson(json: string): string {
  return json.replace(UNSAFE, (character) => (character === "\n" ? character : escapeUnits(character)));
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
