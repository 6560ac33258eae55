import { parseStrictJson } from "./strict-json.ts";

/** An object from `JSON.parse` whose fields have not been checked yet. `__proto__` is a field like any other. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object; false for arrays, null and everything else. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns `value` when it is a JSON object; null for arrays and everything else. */
export function asObject(value: unknown): JsonObject | null {
  return isObject(value) ? value : null;
}

/**
 * Parses JSON that is not nested deeper than anything reasonable, and in which no object has a key twice. Bytes must be
 * valid UTF-8; a byte order mark at the beginning is skipped, unless `mark` says "refuse".
 *
 * @param failure makes the error to throw. Leave its cause out if the text may hold a secret: the parser quotes it.
 */
export function parseJson(
  source: string | Uint8Array,
  failure: (cause: unknown) => Error,
  mark: "skip" | "refuse" = "skip",
): unknown {
  try {
    return parseStrictJson(typeof source === "string" ? marked(source, mark) : decode(source, mark));
  } catch (cause) {
    throw failure(cause);
  }
}

/**
 * Parses JSON; null when it is not JSON, is nested deeper than anything reasonable, or has an object with a key twice. A byte
 * order mark is skipped, and bytes that are not valid UTF-8 become replacement characters.
 */
export function parseJsonOrNull(source: string | Uint8Array): unknown {
  try {
    return parseStrictJson(marked(typeof source === "string" ? source : Buffer.from(source).toString("utf8"), "skip"));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function marked(text: string, mark: "skip" | "refuse"): string {
  return mark === "skip" ? text.replace(/^\uFEFF/, "") : text;
}

/** A byte order mark that is kept makes the text invalid, as no JSON text may begin with that character. */
function decode(bytes: Uint8Array, mark: "skip" | "refuse"): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: mark === "refuse" }).decode(bytes);
}
