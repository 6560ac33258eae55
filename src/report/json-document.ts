import { createSecrets, type Secrets } from "../base/secrets.ts";
import { type ErrorDocument, errorDocument } from "./error-lines.ts";
import { escapeJson } from "./escape.ts";

/**
 * `value` as one JSON document with a final newline, safe to show on a terminal. Errors become plain data, without
 * whatever looks like a secret; known secrets are taken out of all other text too.
 */
export function jsonDocument(value: unknown, secrets: Secrets = createSecrets()): string {
  const plain = (_key: string, item: unknown): unknown => {
    if (item instanceof Error) return redactedError(item, secrets);
    return typeof item === "string" ? secrets.redactKnown(item) : item;
  };
  return `${escapeJson(JSON.stringify(value ?? null, plain, 2))}\n`;
}

function redactedError(error: Error, secrets: Secrets): ErrorDocument {
  const { code, message, hint } = errorDocument(error);
  return { code, message: secrets.redact(message), hint: hint === null ? null : secrets.redact(hint) };
}
