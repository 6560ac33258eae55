import type { CopyChange, ReturnedLink } from "../state/intent.ts";
import { type GiveBackContext, returnedLink, type UnitPackages } from "./give-back.ts";

/** A copy that goes makes room for the one of a package that wanted the path too. */
export interface ReturnedCopy {
  readonly copy: CopyChange;
  readonly returned: ReturnedLink;
}

/** What comes to the paths of copies that are removed. */
export function returnCopies(
  context: Pick<GiveBackContext, "installations">,
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
