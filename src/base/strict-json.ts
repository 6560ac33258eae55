import { parseShallowJson } from "./json-depth.ts";
import { endOfString } from "./json-text.ts";
import { findRepeatedKey } from "./repeated-key.ts";

const QUOTE = 0x22;
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
