import type { Installation } from "../package/installation.ts";
import type { CopyChange, ReturnedLink } from "../state/intent.ts";
import { copiedFiles, copyState } from "./copies.ts";
import { type GiveBackContext, returnedLink, type UnitPackages } from "./give-back.ts";
import type { LinkPlanContext } from "./link-plan.ts";
import { linkPath } from "./places.ts";

/** A copy that goes makes room for the one of a package that wanted the path too. */
export interface ReturnedCopy {
  readonly copy: CopyChange;
  readonly returned: ReturnedLink;
}

/** What comes to the paths of copies that are removed. */
export function returnCopies(
  context: Pick<GiveBackContext, "installations" | "isExact">,
  packages: UnitPackages,
  copies: readonly CopyChange[],
): readonly ReturnedCopy[] {
  return copies
    .filter(({ next }) => next === null)
    .flatMap(({ path, previous }) => {
      const found = returnedLink(context, packages, { path, kind: "copy" });
      if (found === null) return [];
      const { directory: _, ...returned } = found;
      const { files = [] } = packages.get(found.name) ?? context.installations.get(found.name) ?? {};
      const file = files.find((item) => item.path === found.target);
      if (file === undefined) return [];
      const { digest, mode } = file;
      return [{ copy: { path, next: { digest, mode }, previous }, returned }];
    });
}

/** What happens to the copies of an installation that goes, or gives some of them up. */
export interface ReleasedCopies {
  readonly copies: readonly CopyChange[];
  /** Absolute paths of those that somebody has changed, which stay. */
  readonly left: readonly string[];
}

/** Plans what happens to the copies of an installation, but for those at the places `kept`. */
export function releaseCopies(
  context: LinkPlanContext,
  installation: Installation,
  kept: ReadonlySet<string> = new Set(),
): ReleasedCopies {
  const copies: CopyChange[] = [];
  const left: string[] = [];
  for (const [path, previous] of copiedFiles(installation)) {
    if (kept.has(path) || context.pending?.has(path) === true) continue;
    const state = copyState(linkPath(context, path), previous.digest);
    if (state === "same") copies.push({ path, next: null, previous });
    else if (state === "other") left.push(linkPath(context, path));
  }
  return { copies, left };
}
