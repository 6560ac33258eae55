import { validateG1 } from "../../generated/index-schema.js";
import { describeSchemaError } from "../schema-error.ts";
import type { EntryFormat } from "./entry-format.ts";
import { buildRegistryEntry } from "./registry-entry.ts";

/** The first generation, in which every scalar is text. Whatever fits no other form is taken to be of this one. */
export const G1: EntryFormat = {
  name: "g1",
  detects: () => true,
  decode: (value, defaultHost) => {
    if (validateG1(value)) return buildRegistryEntry(value, defaultHost);
    return { kind: "skipped", reason: describeSchemaError(validateG1.errors) };
  },
};
