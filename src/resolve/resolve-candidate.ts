import type { Resolution } from "../plan/resolution.ts";
import { metaOf } from "./lookup.ts";
import type { DependencyContext } from "./resolve-dependency.ts";
import { resolveEntry } from "./resolve-entry.ts";
import type { Candidate } from "./update-candidates.ts";

/** The resolution of what the index has for an installation, which keeps its name, and whether it was asked for. */
export function resolveCandidate(
  { cap, lookup, installations, skip }: DependencyContext,
  { installation, entry, requested, wish }: Omit<Candidate, "rebuilt"> & Pick<Resolution, "requested" | "wish">,
): Resolution {
  const found = { repository: installation.repository ?? "", entry };
  const resolution = resolveEntry(cap, found, {
    ...{
      requested,
      wish,
      version: entry.version,
      snapshot: null,
      skip,
      installed: installation,
      isOtherVersion: false,
    },
    owner: installations.ownerOf(found.repository),
    meta: metaOf(lookup, found),
  });
  return {
    ...resolution,
    name: installation.name,
    packageName: installation.packageName,
    isDependency: installation.isDependency,
  };
}
