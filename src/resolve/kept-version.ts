import { nameBeside, nameInRepository, wishOf } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import type { IndexedPackage } from "../package/metadata.ts";
import { fits } from "../package/narrow.ts";
import type { Check, Waiver } from "../package/policy.ts";
import type { NamedSpec } from "../package/spec.ts";
import { newestOf } from "../package/version.ts";
import { versionsMeant } from "../package/version-wish.ts";
import { isSameOwner } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import { isSigned } from "../repositories/known-version.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { checkUse } from "../repositories/use-index.ts";
import type { Generations } from "../state/generations.ts";
import type { Installations } from "../state/installations.ts";
import { type Lookup, metaOf } from "./lookup.ts";
import { recordedAs } from "./recorded-resolution.ts";
import { policyFor } from "./resolve-entry.ts";

/** Where a version is looked for that no index has any more. */
export interface KeptContext {
  readonly cap: Pick<SyncCapabilities, "config" | "now" | "indexes">;
  readonly lookup: Lookup;
  readonly installations: Pick<Installations, "get" | "ownerOf">;
  readonly generations: Pick<Generations, "editions" | "edition">;
  readonly skip: readonly Waiver[];
}

/**
 * The version that was typed, as it was installed once and is kept; its package has to be in an index still, from the same owner.
 * It has to prove what it did then, and what is required now.
 *
 * @returns null where none is kept that fits
 * @throws {PkgError} INDEX_EXPIRED, CLOCK_WRONG
 */
export function resolveKept(
  context: KeptContext,
  spec: NamedSpec,
  candidates: readonly IndexedPackage[],
): Resolution | null {
  const { version } = spec;
  if (version === null) return null;
  for (const found of candidates) {
    const kept = fits(spec, found) ? newestKept(context, version, found) : null;
    if (kept !== null) return resolutionOf(context, { spec, found, kept });
  }
  return null;
}

function newestKept(
  { generations, installations }: KeptContext,
  wanted: string,
  { repository, entry }: IndexedPackage,
): Installation | null {
  const own = { repository, owner: installations.ownerOf(repository), packageId: entry.id };
  const names = [entry.name, nameBeside({ name: entry.name, repository })];
  const kept = names.flatMap((name) => generations.editions(name));
  const versions = [...new Set(kept.map(({ version }) => version))];
  const version = newestOf(versions.filter(versionsMeant({ wanted, installed: null }, versions)), (item) => item);
  for (const { id } of kept.filter((item) => item.version === version)) {
    const edition = generations.edition(id);
    if (edition.packageId === entry.id && isSameOwner(edition, own)) return edition;
  }
  return null;
}

interface Kept {
  readonly spec: NamedSpec;
  readonly found: IndexedPackage;
  readonly kept: Installation;
}

function resolutionOf(context: KeptContext, { spec, found, kept }: Kept): Resolution {
  const { cap, lookup, installations } = context;
  const { repository } = found;
  const meta = metaOf(lookup, found);
  const skip = checkUse(cap, { name: repository, meta }, context.skip);
  const resolution = recordedAs(cap, { ...kept, isPinned: false }, (origin) => {
    const policy = policyFor(cap.config, { ...found, meta }, { origin, skip });
    return { ...policy, require: [...new Set<Check>([...policy.require, ...kept.checks])] };
  });
  return {
    ...resolution,
    ...{ requested: spec.text, wish: wishOf(spec.version), isDependency: false, aliases: found.entry.aliases },
    owner: installations.ownerOf(repository),
    dependencies: kept.dependencies.map((name) => nameInRepository({ name, repository })),
    indexSigned: isSigned(meta),
    isOtherVersion: true,
  };
}
