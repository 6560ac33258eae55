import { isObject } from "../../base/json.ts";
import { validateG2 } from "../../generated/index-schema.js";
import { describeSchemaError } from "../schema-error.ts";
import type { EntryFormat } from "./entry-format.ts";
import { buildRegistryEntry } from "./registry-entry.ts";

/** The second generation, with real booleans and numbers, and references with a placeholder for the version. */
export const G2: EntryFormat = {
  name: "g2",
  detects: (value) => {
    if (!isObject(value) || !Object.hasOwn(value, "ghcr_pkg")) return false;
    const reference = value["ghcr_pkg"];
    if (typeof reference === "string" && reference.includes("{{version}}")) return true;
    return Object.values(value).some((field) => typeof field === "boolean" || typeof field === "number");
  },
  decode: (value, defaultHost) => {
    if (validateG2(value)) return buildRegistryEntry(value, defaultHost);
    return { kind: "skipped", reason: describeSchemaError(validateG2.errors) };
  },
};
