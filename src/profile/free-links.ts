import type { Installation, InstalledLink } from "../package/installation.ts";
import { isInTree } from "../package/place.ts";
import { isUnlinked } from "../package/unlinked.ts";
import type { DraftedChange } from "./change-plan.ts";
import { exists } from "./installation-paths.ts";
import type { LinkPlanContext } from "./link-plan.ts";
import { linkPath } from "./places.ts";

/**
 * Gives restored packages the links that another package had when they were recorded, and that nobody has after the unit: nobody is
 * left who would give them back. What a person has unlinked stays so. Where a state comes back as a whole, each has what is recorded.
 */
export function withFreeLinks(context: LinkPlanContext, changes: readonly DraftedChange[]): readonly DraftedChange[] {
  if (context.isExact === true) return changes;
  const drafts = changes.flatMap((change) => (change.kind === "remove" ? [] : [change.draft]));
  const names = new Set(changes.map((change) => (change.kind === "remove" ? change.installation : change.draft).name));
  const paths = new Set(drafts.flatMap(({ links }) => links.map(({ path }) => path)));
  return changes.map((change) => {
    if (change.kind === "remove" || change.isRestored !== true) return change;
    const { draft } = change;
    const isComing = (link: InstalledLink) => !isUnlinked(draft, link.path) && isFree(context, link, { names, paths });
    const free = draft.taken.filter(isComing);
    for (const { path } of free) paths.add(path);
    return free.length === 0 ? change : { ...change, draft: withLinks(draft, free) };
  });
}

interface Unit {
  readonly names: ReadonlySet<string>;
  /** Of the links that its packages will have. */
  readonly paths: ReadonlySet<string>;
}

function isFree(context: LinkPlanContext, { path }: InstalledLink, { names, paths }: Unit): boolean {
  const owner = context.installations.linkOwner(path);
  const isHeld = paths.has(path) || (owner !== null && !names.has(owner));
  return !isInTree(path) && !isHeld && (owner !== null || !exists(linkPath(context, path)));
}

function withLinks(draft: Installation, free: Installation["links"]): Installation {
  const taken = draft.taken.filter((link) => !free.includes(link));
  return { ...draft, links: [...draft.links, ...free], taken };
}
