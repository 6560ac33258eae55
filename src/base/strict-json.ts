import { parseJsonOfDepth, parseShallowJson } from "./json-depth.ts";
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
  return withEachKeyOnce(text, parseShallowJson(text), keysWritten(text));
}

/** What somebody counted who has been through a JSON text already. */
export interface JsonCounts {
  /** Outside of strings: one for each key. */
  readonly colons: number;
  /** How many levels deep its arrays and objects are nested. */
  readonly depth: number;
}

/** The same where that is known already, which spares going through the text again. @throws {SyntaxError} as parseStrictJson */
export function parseCountedJson(text: string, { colons, depth }: JsonCounts): unknown {
  return withEachKeyOnce(text, parseJsonOfDepth(text, depth), colons);
}

/** Counting is several times as fast as comparing keys, which is left for what has been found wrong. */
function withEachKeyOnce(text: string, value: unknown, written: number): unknown {
  if (written === keysIn(value)) return value;
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

/** How many keys a parsed value has at all its levels, of which there are few. */
function keysIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object") count += keysIn(item);
    return count;
  }
  const members = value as Readonly<Record<string, unknown>>;
  // Without making a list of them: this is done for each entry of an index.
  for (const key in members) {
    const item = members[key];
    count += 1 + (typeof item === "object" ? keysIn(item) : 0);
  }
  return count;
}
