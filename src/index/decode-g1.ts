import type { Decoded } from "./decode.ts";
import { buildRegistryEntry } from "./decode-ghcr.ts";
import { validateG1 } from "./schema.generated.js";
import { describeSchemaError } from "./schema-error.ts";

/** Decodes a first-generation entry, in which every scalar is text. */
export function decodeG1(value: unknown, defaultHost: string): Decoded {
  if (validateG1(value)) return buildRegistryEntry(value, defaultHost);
  return { kind: "skipped", reason: describeSchemaError(validateG1.errors) };
}
