import type { IncomingMessage } from "node:http";
import type { Digest } from "../oci/digest.ts";

/**
 * True when what a request makes its condition holds: `If-None-Match: *` for a tag that must be new, `If-Match` for one
 * that must still name what the client saw. A digest in quotes is the entity tag of a manifest.
 *
 * @param named what is there now; null for nothing
 * @see RFC 9110, section 13.1
 */
export function preconditionHolds({ headers }: Pick<IncomingMessage, "headers">, named: Digest | null): boolean {
  const [match, noneMatch] = [entityTags(headers["if-match"]), entityTags(headers["if-none-match"])];
  if (match !== null && !fits(match, named)) return false;
  return noneMatch === null || !fits(noneMatch.map(withoutWeakness), named);
}

/** Whether one of the tags in If-None-Match, or `*`, is an entity tag of something that exists. */
export function isInNoneMatch({ headers }: Pick<IncomingMessage, "headers">, etag: string): boolean {
  const tags = entityTags(headers["if-none-match"])?.map(withoutWeakness);
  return tags !== undefined && (tags.includes(etag) || tags.includes("*"));
}

function fits(tags: readonly string[], named: Digest | null): boolean {
  return named !== null && (tags.includes("*") || tags.includes(`"${named}"`));
}

function entityTags(header: string | undefined): readonly string[] | null {
  return header === undefined ? null : header.split(",").map((tag) => tag.trim());
}

function withoutWeakness(tag: string): string {
  return tag.replace(/^W\//, "");
}
