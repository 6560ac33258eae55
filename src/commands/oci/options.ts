import { type OptionRule, wholeNumber } from "../option-rules.ts";

/** How a place is written on the command line. */
export const REFERENCE = {
  type: "string",
  demandOption: true,
  description: "registry/name:tag or @digest, oci:DIR:TAG, oci-archive:FILE:TAG",
} as const;

/** One platform of an image index. */
export const PLATFORM = {
  type: "string",
  requiresArg: true,
  description: "os/architecture[/variant] of an image index, e.g. linux/arm64",
} as const;

/** Options that limit a list to a part of it. */
export const LIST_PAGE = {
  last: { type: "string", requiresArg: true, description: "List what comes after it" },
  limit: { type: "number", requiresArg: true, description: "List no more than this many" },
} as const;

/** Rules for those options. */
export const LIST_PAGE_RULES: readonly OptionRule[] = [wholeNumber("limit", 1)];

/** How much of a digest is shown in a list. */
export const SHORT_DIGEST_CHARACTERS = "sha256:".length + 12;

/** What is put into an image index. */
export const INDEX_MANIFESTS = {
  type: "string",
  array: true,
  description: "Tags or @digests of the same repository; append =os/arch to one that names no platform",
} as const;

/** A directory that holds an OCI layout. */
export const LAYOUT = {
  type: "string",
  demandOption: true,
  description: "The directory of an OCI layout",
} as const;

/** The digest alone, for scripts; before anything is pushed, what would be. */
export function digestLine({ digest }: { readonly digest: string }, dryRun: boolean): readonly string[] {
  return [dryRun ? `Would push ${digest}` : digest];
}
