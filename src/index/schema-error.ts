import type { SchemaError } from "../generated/index-schema.js";

/** The first way in which an entry broke its schema, e.g. `shasum: must match pattern "…"`. */
export function describeSchemaError(errors: readonly SchemaError[] | null | undefined): string {
  // The error of an `if` only says that its `then` failed, which the error before it explains.
  const error = errors?.find(({ keyword }) => keyword !== "if") ?? errors?.[0];
  if (error === undefined) return "does not fit its schema";
  const field = error.instancePath.slice(1).replaceAll("/", ".");
  const message = error.message ?? "is invalid";
  return field === "" ? message : `${field}: ${message}`;
}
