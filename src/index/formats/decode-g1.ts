import { validateG1 } from "../../generated/index-schema.js";
import { describeSchemaError } from "../schema-error.ts";
import { buildRegistryEntry } from "./decode-ghcr.ts";
import type { Decoded } from "./decoded.ts";

/** Decodes a first-generation entry, in which every scalar is text. */
export function decodeG1(value: unknown, defaultHost: string): Decoded {
  if (validateG1(value)) return buildRegistryEntry(value, defaultHost);
  return { kind: "skipped", reason: describeSchemaError(validateG1.errors) };
}
