import { expectationOf, JSON_TYPES } from "../base/schema-words.ts";
import type { SchemaError } from "../generated/index-schema.js";

/** The first way in which an entry broke its schema, in words: `shasum: expected 64 lower-case hex characters`, never a pattern. */
export function describeSchemaError(errors: readonly SchemaError[] | null | undefined): string {
  // The error of an `if` only says that its `then` failed, which the error before it explains.
  const error = errors?.find(({ keyword }) => keyword !== "if") ?? errors?.[0];
  if (error === undefined) return "does not fit its schema";
  const field = error.instancePath.slice(1).replaceAll("/", ".");
  const expected = expectationOf(error, JSON_TYPES).replace(/^:? /, "");
  return field === "" ? expected : `${field}: ${expected}`;
}
