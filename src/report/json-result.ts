import type { Secrets } from "../base/secrets.ts";
import { type ErrorDocument, errorDocument } from "./error-lines.ts";
import { checkDepth, isErrorDocument, jsonDocument } from "./json-document.ts";

/** The document that a run prints with `--json`, while it is being collected. */
export interface JsonResult {
  /** Keeps the outcome until it is taken. @throws {PkgError} HTTP_UNEXPECTED if it is nested too deep */
  keep(outcome: object): void;
  warn(message: string): void;
  /**
   * The document, once: the outcome, or `{"error"}` with the first of `errors` if there is none. To it are added the list
   * `warnings`, and the list `errors` with those that are nowhere in it; each only if it is not empty. Null if there is
   * nothing to print, or it was taken before.
   */
  take(errors: readonly Error[]): string | null;
}

/** An empty one. */
export function jsonResult(secrets: Secrets): JsonResult {
  const warnings: string[] = [];
  let outcome: object | null = null;
  let isTaken = false;
  return {
    keep(kept) {
      checkDepth(kept);
      outcome = kept;
    },
    warn: (message) => warnings.push(message),
    take(errors) {
      const [first] = errors;
      const document = outcome ?? (first === undefined ? null : { error: first });
      if (isTaken || document === null) return null;
      isTaken = true;
      return jsonDocument(withTold(document, { warnings, errors }), secrets);
    },
  };
}

interface Told {
  readonly warnings: readonly string[];
  readonly errors: readonly Error[];
}

function withTold(outcome: object, { warnings, errors }: Told): object {
  const known = errorsWithin(outcome);
  const others = errors.map(errorDocument).filter((error) => !known.has(keyOf(error)));
  return {
    ...outcome,
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(others.length === 0 ? {} : { errors: others }),
  };
}

function errorsWithin(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (value instanceof Error) return found.add(keyOf(errorDocument(value)));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return found;
  if (isErrorDocument(value)) return found.add(keyOf(value));
  for (const item of Object.values(value)) errorsWithin(item, found);
  return found;
}

function keyOf({ code, message }: ErrorDocument): string {
  return `${code} ${message}`;
}
