import { PkgError } from "../errors.ts";

/** Up to and with the first part of a path: a star behind it stands for what someone in particular owns. */
const OWNED = /^https:\/\/[^/@\s]+\/[^/@\s]+\//;
const PLAIN = /^[\x21-\x7e]{1,2048}$/;

/** Whether an identity is the one a policy names: the same text or, where that ends in `*`, one that begins so. */
export function matchesIdentity(pattern: string, identity: string): boolean {
  if (!pattern.endsWith("*")) return identity === pattern;
  return identity.startsWith(pattern.slice(0, -1));
}

/**
 * Returns `pattern` when it names someone. A star may only stand at the end, of a URI with an owner, and behind `/`, `@` or
 * within a ref: `https://github.com/me*` would also be `https://github.com/mean`, and `me@*` anybody called so.
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
