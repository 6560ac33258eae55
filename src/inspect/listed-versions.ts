import type { Machine } from "../package/machine.ts";
import type { IndexedPackage } from "../package/metadata.ts";
import { offersOf } from "../package/offers.ts";
import { runnable } from "../package/select.ts";
import type { NamedSpec } from "../package/spec.ts";
import { findCandidates, type Lookup, withIndexedName } from "../resolve/lookup.ts";

/** A version that an index has. */
export interface Listed {
  readonly version: string;
  readonly repository: string;
  /** The reference beside which there may be older tags; null: there are none that install it. */
  readonly tagged: string | null;
}

/**
 * What the indexes have of a package that can be installed here, older tags of its entries too.
 *
 * @throws {PkgError} PACKAGE_NOT_FOUND, REPOSITORY_UNKNOWN, REPOSITORY_DISABLED
 */
export function listedIn(
  lookup: Lookup,
  typed: NamedSpec,
  { machine, id }: { readonly machine: Machine; readonly id: string | null },
): readonly Listed[] {
  const found = findCandidates(lookup, withIndexedName(lookup, typed));
  const meant = found.filter(
    ({ entry }) => (id === null || entry.id === id) && (typed.family === null || entry.family === typed.family),
  );
  const usable = meant.filter(({ entry }) => entry.installable && !entry.disabled);
  return offersOf(runnable(usable, machine)).map(({ package: own, version }) => ({
    version,
    repository: own.repository,
    tagged: taggedAt(own),
  }));
}

function taggedAt({ entry: { artifact, keg } }: IndexedPackage): string | null {
  return artifact.kind === "oci" && keg === null ? artifact.reference : null;
}
