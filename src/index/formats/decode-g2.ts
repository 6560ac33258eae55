import { validateG2 } from "../../generated/index-schema.js";
import { describeSchemaError } from "../schema-error.ts";
import { buildRegistryEntry } from "./decode-ghcr.ts";
import type { Decoded } from "./decoded.ts";

/** Decodes a second-generation entry, in which booleans and numbers are real. */
export function decodeG2(value: unknown, defaultHost: string): Decoded {
  if (validateG2(value)) return buildRegistryEntry(value, defaultHost);
  return { kind: "skipped", reason: describeSchemaError(validateG2.errors) };
}
