import { endOfString } from "./json-text.ts";

const QUOTE = 0x22;
const [OPENING_BRACKET, CLOSING_BRACKET] = [0x5b, 0x5d];
const [OPENING_BRACE, CLOSING_BRACE] = [0x7b, 0x7d];

/**
 * How deep the arrays and objects of a document may be nested. The deepest that is known, a Sigstore bundle, has about
 * ten levels; what recurses over a document, as `JSON.stringify` does, overflows the stack at some thousand.
 */
export const MAX_JSON_DEPTH = 128;

/**
 * `JSON.parse` for text from outside: refuses what is nested more than MAX_JSON_DEPTH levels deep.
 *
 * @throws {SyntaxError}
 */
export function parseShallowJson(text: string): unknown {
  return parseJsonOfDepth(text, hasManyBrackets(text) ? depthOf(text) : 0);
}

/** The same where it is known how many levels there are. @throws {SyntaxError} */
export function parseJsonOfDepth(text: string, depth: number): unknown {
  if (depth > MAX_JSON_DEPTH) throw new SyntaxError(`JSON nested more than ${MAX_JSON_DEPTH} levels deep`);
  return JSON.parse(text);
}

/** True for a value whose arrays and objects are nested more than MAX_JSON_DEPTH levels deep. */
export function isTooDeep(value: unknown): boolean {
  let level = [value].filter(isNested);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === MAX_JSON_DEPTH) return true;
    level = level.flatMap((item) => Object.values(item).filter(isNested));
  }
  return false;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A document with fewer opening brackets than levels cannot be too deep: most are told by this alone. */
function hasManyBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of ["[", "{"]) {
    for (let at = text.indexOf(bracket); at !== -1 && count <= MAX_JSON_DEPTH; at = text.indexOf(bracket, at + 1))
      count += 1;
  }
  return count > MAX_JSON_DEPTH;
}

/** The greatest depth, brackets in strings left out; of text that is not JSON, a number that means nothing. */
function depthOf(text: string): number {
  let [depth, greatest] = [0, 0];
  for (let at = 0; at < text.length && greatest <= MAX_JSON_DEPTH; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPENING_BRACKET || code === OPENING_BRACE) {
      depth += 1;
      if (depth > greatest) greatest = depth;
    } else if (code === CLOSING_BRACKET || code === CLOSING_BRACE) depth -= 1;
  }
  return greatest;
}
