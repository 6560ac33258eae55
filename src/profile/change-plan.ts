import type { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import type { Intent } from "../state/intent.ts";
import type { GivenBack } from "./give-back.ts";
import type { PrefixNotes } from "./tree-links.ts";

/** A package to place as `draft` says, or one to remove. */
export type DraftedChange =
  | {
      readonly kind: "place";
      readonly draft: Installation;
      readonly replaced: Installation | null;
      /** Its files and links are in place already: only the record is renewed. */
      readonly isInPlace: boolean;
      /** Its links are those that it had once; absent: it is not restored. */
      readonly isRestored?: boolean;
    }
  /** The record of `replaced` becomes `draft`, which has the same files; links are made or removed to fit it. */
  | {
      readonly kind: "mark";
      readonly draft: Installation;
      readonly replaced: Installation;
      readonly isRestored?: boolean;
    }
  /** `purge`: with all that is in its directory. */
  | { readonly kind: "remove"; readonly installation: Installation; readonly purge?: boolean };

/** The outcome planned for one change. */
export type PlannedChange =
  | {
      readonly kind: "place";
      readonly installation: Installation;
      readonly taken: TakenPlaces;
      readonly notes: PrefixNotes;
    }
  /** `left`: paths of links that somebody has changed since; these stay. */
  | { readonly kind: "remove"; readonly left: readonly string[] }
  /** The change cannot be made, and is not part of the unit. */
  | { readonly kind: "fail"; readonly error: PkgError };

/** What a unit changes, and the outcome planned for each change, in order. */
export interface ChangePlan {
  readonly intent: Intent;
  readonly planned: readonly PlannedChange[];
  readonly givenBack: readonly GivenBack[];
}

/** What a forced placement took the place of; absolute paths. */
export interface TakenPlaces {
  /** Files and links that are not ours, and their new names. */
  readonly saved: readonly { readonly path: string; readonly saved: string }[];
  /** Links of other packages. */
  readonly links: readonly { readonly path: string; readonly name: string }[];
}

/** For a package that took the place of nothing. */
export const NOTHING_TAKEN: TakenPlaces = { saved: [], links: [] };
