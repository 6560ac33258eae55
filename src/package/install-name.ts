import { hasCode } from "../errors.ts";
import { looksLikeReference } from "../oci/reference.ts";
import { parseNamedSpec, withWholeName } from "./spec.ts";
import { isAnyVersion } from "./version-wish.ts";

/** What an installation is called, and where its package is from. */
interface Called {
  readonly name: string;
  /** Null for a direct reference. */
  readonly repository: string | null;
}

/** The name of an installation that others need, where a package from elsewhere has the name already: `curl:homebrew`. */
export function nameBeside({ name, repository }: Called): string {
  return repository === null ? name : `${name}:${repository}`;
}

/** The name that a package has in its repository, by what `nameBeside` made of it: without the repository that follows. */
export function nameInRepository({ name, repository }: Called): string {
  const ending = `:${repository}`;
  return repository !== null && name.endsWith(ending) ? name.slice(0, -ending.length) : name;
}

/** What an installation is called, and what its package is. */
export interface Aliased {
  readonly name: string;
  readonly packageName: string;
  /** Null for a direct reference. */
  readonly repository: string | null;
  /** Null for everything but bottles. */
  readonly keg: unknown;
}

/** Whether a person gave it another name (`install --as`); `curl:homebrew` is none that a person gave. */
export function isAlias({ name, packageName, repository, keg }: Aliased): boolean {
  return keg === null && name !== packageName && name !== nameBeside({ name: packageName, repository });
}

/** The version or range of a spec that `update` keeps to; null for none, and for `latest`. */
export function wishOf(version: string | null): string | null {
  return isAnyVersion(version) ? null : version;
}

/** The same, as an installation says it that an older program recorded. */
export function wishIn({ name, repository, requested }: Called & { readonly requested: string }): string | null {
  if (repository === null || looksLikeReference(requested)) return null;
  try {
    const isSame = (whole: string) => whole.toLowerCase() === name.toLowerCase();
    return wishOf(withWholeName(parseNamedSpec(requested), isSame).version);
  } catch (error) {
    if (hasCode(error, "SPEC_INVALID")) return null;
    throw error;
  }
}
