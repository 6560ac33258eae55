import { isObject } from "../../base/json.ts";

/** A Ruby symbol, such as `build`. */
export interface RubySymbol {
  readonly symbol: string;
}

/**
 * Reads a text of Homebrew's internal index: `:any` is a symbol, and a text that begins with `:` or `\` has one `\` before it.
 *
 * @returns null for what is not a text
 */
export function readSymbolOrText(value: unknown): string | RubySymbol | null {
  if (typeof value !== "string") return null;
  if (value.startsWith(":")) return { symbol: value.slice(1) };
  return readPlain(value);
}

/** The text, or the symbol's name; null for what is neither. */
export function nameOf(value: unknown): string | null {
  const read = readSymbolOrText(value);
  return read === null || typeof read === "string" ? read : read.symbol;
}

/** A text; null for a symbol, and for what is not a text. */
export function textOf(value: unknown): string | null {
  const read = readSymbolOrText(value);
  return typeof read === "string" ? read : null;
}

/** The texts of a list; what is not a text is left out, and a blank value is an empty list. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).flatMap((one) => textOf(one) ?? []);
}

/** A list; blank values are left out of the index, so what is missing is an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A member of an object by its key, whether that is written as a symbol or as a text. */
export function member(value: unknown, key: string): unknown {
  if (!isObject(value)) return undefined;
  return Object.hasOwn(value, `:${key}`) ? value[`:${key}`] : Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A value of any kind, with symbols as texts: `{":type": ":run"}` is `{"type": "run"}`. */
export function plainValue(value: unknown): unknown {
  if (typeof value === "string") return nameOf(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.replace(/^:/, ""), plainValue(inner)]));
}

function readPlain(text: string): string {
  return text.startsWith("\\") ? text.slice(1) : text;
}
