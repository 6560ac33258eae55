import { LEGITIMATE_INVISIBLE } from "./invisible.ts";
import { isSimple } from "./simple-text.ts";

/**
 * What a terminal acts on or a reader cannot see: control characters (C0, DEL, C1, and with ESC every ANSI
 * sequence), bidirectional and other format characters, zero-width and default-ignorable ones, line and
 * paragraph separators, noncharacters, lone surrogates.
 */
const unsafe = () => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;

let legitimateOrUnsafe: RegExp | null = null;

/**
 * What makes a line a command to the CI system that reads it: `::error::` at its start (GitHub), `##[…` and `##vso[…` anywhere
 * (GitHub, Azure), `##teamcity[`.
 */
const WORKFLOW_COMMAND = /^\s*:(?=:)|#(?=#(?:vso|teamcity)?\[)/g;

/** `text` as it may be shown on a terminal: each unsafe character becomes `\u{hex}`. */
export function escapeText(text: string): string {
  return replaceUnsafe(text, (character) => `\\u{${codePoint(character).toString(16)}}`);
}

/** A whole `line`, escaped already, that no CI system takes for a command. */
export function escapeCommands(line: string): string {
  return line.replace(
    WORKFLOW_COMMAND,
    (found) => `${found.slice(0, -1)}\\u{${codePoint(found.slice(-1)).toString(16)}}`,
  );
}

/**
 * `json` (the output of JSON.stringify) with each unsafe character as `\uXXXX`, so that a document means the same
 * and is harmless on a terminal. The newlines left are the document's own layout: those inside strings are escaped.
 */
export function escapeJson(json: string): string {
  const safe = /^[\n\x20-\x7e]*$/.test(json)
    ? json
    : replaceUnsafe(json, (character) => (character === "\n" ? character : escapeUnits(character)));
  return safe.replace(/#(?=#(?:vso|teamcity)?\[)/g, escapeUnits);
}

function replaceUnsafe(text: string, escaped: (character: string) => string): string {
  if (isSimple(text) || !unsafe().test(text)) return text;
  // The same, and before it what scripts and emoji need of that, which stays.
  legitimateOrUnsafe ??= new RegExp(`(${LEGITIMATE_INVISIBLE})|${unsafe().source}`, "gu");
  return text.replace(legitimateOrUnsafe, (found, legitimate: string | undefined) =>
    legitimate === undefined ? escaped(found) : found,
  );
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
