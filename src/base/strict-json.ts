import { parseShallowJson } from "./json-depth.ts";
import { findRepeatedKey } from "./repeated-key.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** JSON that is well-formed, but means different things to different readers. */
export class JsonProblem extends SyntaxError {
  override readonly name = "JsonProblem";
}

/**
 * `parseShallowJson`, but no object may have a key twice: `JSON.parse` takes the last value and other readers the first,
 * so that what was checked, or signed, need not be what is used.
 *
 * @throws {SyntaxError} as parseShallowJson; JsonProblem, whose message follows the document's name: `has the key "a" twice`
 */
export function parseStrictJson(text: string): unknown {
  const value = parseShallowJson(text);
  // Counting is several times as fast as comparing keys, which is left for what has been found wrong.
  if (keysWritten(text) === keysIn(value)) return value;
  throw new JsonProblem(`has the key "${findRepeatedKey(text) ?? ""}" twice`);
}

/** What is wrong with a document that could not be parsed, for a message: `it is not JSON`. */
export function jsonProblem(cause: unknown): string {
  return cause instanceof JsonProblem ? `it ${cause.message}` : "it is not JSON";
}

/** How many keys valid JSON has, repeated ones included. */
function keysWritten(text: string): number {
  let colons = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) colons += 1;
  }
  return colons;
}

/** The position of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

/** How many keys a parsed value has at all its levels. */
function keysIn(value: unknown): number {
  let count = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null) continue;
    const inner = Object.values(next);
    if (!Array.isArray(next)) count += inner.length;
    for (const child of inner) if (typeof child === "object" && child !== null) waiting.push(child);
  }
  return count;
}
