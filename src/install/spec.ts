import { looksLikeReference, parseReference } from "../oci/reference.ts";
import { parseNamedSpec, type Spec } from "../package/spec.ts";

/**
 * Reads what a person typed: a registry reference when it begins with a host, else a name with what narrows it.
 *
 * @throws {PkgError} SPEC_INVALID, REFERENCE_INVALID
 */
export function parseSpec(text: string): Spec {
  if (looksLikeReference(text)) return { kind: "reference", text, reference: parseReference(text) };
  return parseNamedSpec(text);
}
