import { asObject, parseJsonOrNull } from "../base/json.ts";
import type { DescriptorPlatform } from "./descriptor.ts";

/** Longer ones are no names of a system or machine. */
const WORD = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The platform in a config's bytes; null when they are no JSON object or name none. Configs of artifacts are anything.
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
