import { PkgError } from "../errors.ts";
import { isSameVersion } from "../package/version.ts";
import { type InstalledState, isSameOwner, type Owned } from "../plan/plan.ts";

type From = Pick<InstalledState, "name" | "version" | "isPinned"> & Owned;
type To = { readonly version: string } & Owned;

/** Whether something else would come into the place of what is pinned. */
export function changesPinned(from: From, to: To): boolean {
  return from.isPinned && !(isSameOwner(from, to) && isSameVersion(from.version, to.version));
}

/** Refuses to put something else in the place of what is pinned; the same may be placed again. @throws {PkgError} PACKAGE_PINNED */
export function refuseIfPinned(from: From, to: To): void {
  if (!changesPinned(from, to)) return;
  throw new PkgError(
    "PACKAGE_PINNED",
    `Cannot change "${from.name}" to ${to.version}: it is pinned at ${from.version}`,
    {
      hint: `Run \`pkg unpin ${from.name}\` first`,
    },
  );
}
