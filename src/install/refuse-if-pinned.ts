import { PkgError } from "../errors.ts";
import { isSameVersion } from "../package/version.ts";
import { type InstalledState, isSameOwner, type Owned } from "../plan/plan.ts";

/** Refuses to put something else in the place of what is pinned; the same may be placed again. @throws {PkgError} PACKAGE_PINNED */
export function refuseIfPinned(
  from: Pick<InstalledState, "name" | "version" | "isPinned"> & Owned,
  to: { readonly version: string } & Owned,
): void {
  if (!from.isPinned || (isSameOwner(from, to) && isSameVersion(from.version, to.version))) return;
  throw new PkgError(
    "PACKAGE_PINNED",
    `Cannot change "${from.name}" to ${to.version}: it is pinned at ${from.version}`,
    {
      hint: `Run \`pkg unpin ${from.name}\` first`,
    },
  );
}
