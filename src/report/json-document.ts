import { errorDocument } from "./error-lines.ts";
import { escapeJson } from "./escape.ts";

/** `value` as one JSON document with a final newline, safe to show on a terminal. Errors become plain data. */
export function jsonDocument(value: unknown): string {
  return `${escapeJson(JSON.stringify(value ?? null, plainValue, 2))}\n`;
}

function plainValue(_key: string, value: unknown): unknown {
  return value instanceof Error ? errorDocument(value) : value;
}
