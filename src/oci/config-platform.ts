import { asObject, parseJsonOrNull } from "../base/json.ts";
import type { DescriptorPlatform } from "./descriptor.ts";

/** Anything longer is not the name of a system or an architecture. */
const WORD = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The platform named in a config; null if it names none or is not a JSON object, as the config of an artifact may hold
 * anything.
 *
 * @see OCI image-spec 1.1, config.md, "Properties"
 */
export function readPlatform(bytes: Buffer): DescriptorPlatform | null {
  const config = asObject(parseJsonOrNull(bytes));
  const { os, architecture, variant } = config ?? {};
  if (!isWord(os) || !isWord(architecture)) return null;
  return { os, architecture, ...(isWord(variant) ? { variant } : {}) };
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && WORD.test(value);
}
