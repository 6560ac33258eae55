import { isObject } from "../../base/json.ts";
import { decodeG1 } from "./decode-g1.ts";
import { decodeG2 } from "./decode-g2.ts";
import { decodeG3 } from "./decode-g3.ts";
import { decodeV1 } from "./decode-v1.ts";
import type { Decoded, Generation } from "./decoded.ts";

/** The form `value` is written in where no signed header says it; of what fits none, the one whose missing field is to be named. */
export function generationOf(value: unknown, hasHeader: boolean): Generation {
  if (!isObject(value)) return hasHeader ? "g3" : "g1";
  if (!Object.hasOwn(value, "ghcr_pkg")) return hasHeader || Object.hasOwn(value, "download_url") ? "g3" : "g1";
  const reference = value["ghcr_pkg"];
  if (typeof reference === "string" && reference.includes("{{version}}")) return "g2";
  return Object.values(value).some(isRealScalar) ? "g2" : "g1";
}

function isRealScalar(value: unknown): boolean {
  return typeof value === "boolean" || typeof value === "number";
}

/**
 * Decodes one entry of an index into the internal model; never throws for what the entry holds.
 * `defaultHost`, e.g. `x86_64-linux`, fills in tags where the entry names no host.
 */
export function decodeEntry(generation: Generation, value: unknown, defaultHost = ""): Decoded {
  switch (generation) {
    case "g1":
      return decodeG1(value, defaultHost);
    case "g2":
      return decodeG2(value, defaultHost);
    case "g3":
      return decodeG3(value);
    case "v1":
      return decodeV1(value);
  }
}
