import type { Capabilities } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import type { PkgError } from "../errors.ts";
import { formatTime } from "../index/header.ts";
import type { IndexMeta, PackageIndex } from "../index-database/package-index.ts";
import type { Waiver } from "../package/policy.ts";
import { checkClock, expired, isExpired } from "../verify/index-freshness.ts";

type UseCapabilities = Pick<Capabilities, "now" | "emit">;

/** An index and the name of its repository. */
export interface NamedIndex {
  readonly name: string;
  readonly meta: IndexMeta;
}

/**
 * Checks that an index may still be installed from. Returns those of `skip` that were needed: an index that has
 * not expired needs no waiver.
 *
 * @throws {PkgError} INDEX_EXPIRED unless that is waived, CLOCK_WRONG
 */
export function checkUse(
  { now }: Pick<UseCapabilities, "now">,
  { name, meta: { trust } }: NamedIndex,
  skip: readonly Waiver[],
): readonly Waiver[] {
  const others = withoutFreshness(skip);
  if (trust === null) return others;
  const request = { task: `use the index of "${name}"`, now: now() };
  checkClock(trust.issuedMs, request);
  if (!isExpired(trust, request.now)) return others;
  if (skip.includes("freshness")) return skip;
  throw expired(trust, request);
}

/** The waivers that matter if no index that could have expired is used. */
export function withoutFreshness(skip: readonly Waiver[]): readonly Waiver[] {
  return skip.filter((waiver) => waiver !== "freshness");
}

/** Reports which indexes have expired, for commands that only read (`skip` is null), and those that waive the check. */
export function tellExpired(
  { now, emit }: UseCapabilities,
  indexes: ReadonlyMap<string, PackageIndex>,
  skip: readonly Waiver[] | null,
): void {
  for (const [name, { meta }] of indexes) {
    if (meta.trust === null || !isExpired(meta.trust, now())) continue;
    const fact = `The index of ${name} expired at ${formatTime(meta.trust.expiresMs)}`;
    if (skip === null) emit({ kind: "note", message: `${fact}; run \`pkg sync ${name}\`` });
    else if (skip.includes("freshness"))
      emit({ kind: "warning", message: `${fact}, and is used because of --allow-stale` });
  }
}

/** The indexes that may be installed from, and why others in `wanted` may not, by name, as they may hold what is looked for. */
export function usableIndexes(
  cap: Pick<UseCapabilities, "now">,
  indexes: ReadonlyMap<string, PackageIndex>,
  { wanted, skip }: { readonly wanted: ReadonlySet<string | null>; readonly skip: readonly Waiver[] },
): { readonly indexes: ReadonlyMap<string, PackageIndex>; readonly errors: ReadonlyMap<string, PkgError> } {
  const usable = new Map<string, PackageIndex>();
  const errors = new Map<string, PkgError>();
  for (const [name, index] of indexes) {
    const error = useProblem(cap, { name, meta: index.meta }, skip);
    if (error === null) usable.set(name, index);
    else if (wanted.has(name)) errors.set(name, error);
  }
  return { indexes: usable, errors };
}

function useProblem(cap: Pick<UseCapabilities, "now">, index: NamedIndex, skip: readonly Waiver[]): PkgError | null {
  try {
    checkUse(cap, index, skip);
    return null;
  } catch (error) {
    return asFailure(error);
  }
}
