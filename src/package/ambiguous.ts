import { listSome } from "../base/lists.ts";
import { PkgError } from "../errors.ts";
import type { IndexedPackage } from "./metadata.ts";
import { typedFor } from "./narrow.ts";
import type { NamedSpec } from "./spec.ts";

const MAX_LISTED = 10;

/** One of the packages that a name may mean. */
export interface Choice {
  /** What names it alone. */
  readonly typed: string;
  readonly package: IndexedPackage;
}

/** PACKAGE_AMBIGUOUS, with what a person may choose from. */
export class AmbiguousName extends PkgError {
  readonly choices: readonly Choice[];

  constructor(spec: NamedSpec, choices: readonly Choice[]) {
    const names = [...new Set(choices.map(({ typed }) => typed))];
    super("PACKAGE_AMBIGUOUS", `Cannot tell which "${spec.text}" is meant: ${choices.length} packages have that name`, {
      hint: `Type one of: ${listSome(names, MAX_LISTED)}`,
    });
    this.choices = choices;
  }
}

/** The error for a name that means several packages, each a group of its builds and versions, the best first. */
export function ambiguous(
  spec: NamedSpec,
  groups: readonly (readonly IndexedPackage[])[],
  candidates: readonly IndexedPackage[],
): AmbiguousName {
  const others = candidates.filter(({ entry }) => entry.installable && !entry.disabled);
  const choices = groups.flatMap(([first]) =>
    first === undefined ? [] : [{ typed: typedFor(first, others, spec.version), package: first }],
  );
  return new AmbiguousName(spec, choices);
}
