import { PkgError } from "../errors.ts";

/** An address with the first part of its path: a star after it matches only what belongs to one owner. */
const OWNED = /^https:\/\/[^/@\s]+\/[^/@\s]+\//;
const PLAIN = /^[\x21-\x7e]{1,2048}$/;

/** True when an identity is the one that a policy names: the same text or, if the pattern ends in `*`, one that begins with it. */
export function matchesIdentity(pattern: string, identity: string): boolean {
  if (!pattern.endsWith("*")) return identity === pattern;
  return identity.startsWith(pattern.slice(0, -1));
}

/**
 * Returns `pattern` if it identifies someone. A star is allowed only at the end of a URI with an owner, after `/` or `@` or
 * within a ref: `https://github.com/me*` would also match `https://github.com/mean`, and `me@*` everybody of that name.
 *
 * @throws {PkgError} CONFIG_INVALID
 */
export function checkIdentity(pattern: string, repository: string): string {
  const stars = pattern.split("*").length - 1;
  const prefix = pattern.slice(0, -1);
  const isEnd = stars === 1 && pattern.endsWith("*");
  const isBounded = OWNED.test(prefix) && (/[/@]$/.test(prefix) || prefix.includes("@"));
  if (PLAIN.test(pattern) && (stars === 0 || (isEnd && isBounded))) return pattern;
  throw new PkgError(
    "CONFIG_INVALID",
    `Cannot use repository "${repository}": its provenance.identity is "${pattern}", expected one builder, or an address that ends in "/*" or "@*"`,
    { hint: 'e.g. identity = "https://github.com/me/tools/.github/workflows/release.yml@*"' },
  );
}
