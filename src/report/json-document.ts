import { isTooDeep, MAX_JSON_DEPTH } from "../base/json-depth.ts";
import { createSecrets, type Secrets } from "../base/secrets.ts";
import { withoutUserInfo } from "../base/user-info.ts";
import { PkgError } from "../errors.ts";
import { type ErrorDocument, errorDocument } from "./error-lines.ts";
import { escapeJson } from "./escape.ts";

/**
 * `value` as one JSON document with a final newline, safe to show on a terminal. Errors become plain data, without
 * whatever looks like a secret; known secrets are taken out of all other text too.
 *
 * @throws {PkgError} HTTP_UNEXPECTED for a value that is nested too deep to be printed
 */
export function jsonDocument(value: unknown, secrets: Secrets = createSecrets()): string {
  checkDepth(value);
  function plain(this: unknown, _key: string, item: unknown): unknown {
    if (item instanceof Error) return redacted(errorDocument(item), secrets);
    if (isErrorDocument(item)) return redacted(item, secrets);
    if (typeof item !== "string") return item;
    return isFailed(this) ? secrets.redact(withoutUserInfo(item)) : secrets.redactKnown(item);
  }
  return `${escapeJson(JSON.stringify(value ?? null, plain, 2))}\n`;
}

/** @throws {PkgError} HTTP_UNEXPECTED for a value that is nested too deep to be printed */
export function checkDepth(value: unknown): void {
  if (isTooDeep(value)) throw tooDeep();
}

/** Beside an error there is what was typed, in which anything may be. */
function isFailed(holder: unknown): boolean {
  return typeof holder === "object" && holder !== null && "error" in holder && isErrorDocument(holder.error);
}

/** Some outcomes hold errors as data already. */
export function isErrorDocument(value: unknown): value is ErrorDocument {
  if (typeof value !== "object" || value === null) return false;
  if (!("code" in value && "message" in value && "hint" in value)) return false;
  return typeof value.message === "string" && (typeof value.hint === "string" || value.hint === null);
}

function tooDeep(): PkgError {
  return new PkgError(
    "HTTP_UNEXPECTED",
    `Cannot print the result as JSON: it is nested more than ${MAX_JSON_DEPTH} levels deep`,
    { hint: "Run it without --json" },
  );
}

function redacted({ code, message, hint }: ErrorDocument, secrets: Secrets): ErrorDocument {
  return { code, message: secrets.redact(message), hint: hint === null ? null : secrets.redact(hint) };
}
