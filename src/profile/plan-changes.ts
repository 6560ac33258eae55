import { randomName } from "../base/random-name.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import type { Intent, LinkChange, LinkRemoval, PackageRemoval, StagedInstall } from "../state/intent.ts";
import { freeName } from "./installation-paths.ts";
import { changedLinks, type LinkPlanContext, type PendingLink, planLinks, removableLinks } from "./link-plan.ts";

/** A package to place as `draft` says, or one to remove. */
export type DraftedChange =
  | {
      readonly kind: "place";
      readonly draft: Installation;
      readonly replaced: Installation | null;
      /** Its files and links are in place already: only the record is renewed. */
      readonly isInPlace: boolean;
    }
  /** `purge`: with all that is in its directory. */
  | { readonly kind: "remove"; readonly installation: Installation; readonly purge?: boolean };

export type PlannedChange =
  | { readonly kind: "place"; readonly installation: Installation }
  /** `left`: paths of links that somebody has changed since; these stay. */
  | { readonly kind: "remove"; readonly left: readonly string[] }
  /** The change cannot be made, and is not part of the unit. */
  | { readonly kind: "fail"; readonly error: PkgError };

/** What a unit changes, and the outcome planned for each change, in order. */
export interface ChangePlan {
  readonly intent: Intent;
  readonly planned: readonly PlannedChange[];
}

/**
 * Plans several changes as one unit. Each sees the bin directory as the changes before it leave it, so that one package
 * may take a link that another gives up; a change that conflicts is left out of the unit.
 */
export function planChanges(context: LinkPlanContext, changes: readonly DraftedChange[], force: boolean): ChangePlan {
  const draft = new UnitDraft(context, force);
  const planned = changes.map((change) => draft.add(change));
  return { intent: draft.intent(), planned };
}

class UnitDraft {
  readonly #context: LinkPlanContext;
  readonly #force: boolean;
  readonly #name = `.pkg-${randomName()}`;
  readonly #installs: StagedInstall[] = [];
  readonly #removals: PackageRemoval[] = [];
  readonly #renewals: Installation[] = [];
  readonly #links = new Map<string, LinkChange>();
  readonly #unlinks = new Map<string, LinkRemoval>();
  readonly #pending = new Map<string, PendingLink>();
  readonly #directories = new Set<string>();

  constructor(context: LinkPlanContext, force: boolean) {
    this.#context = { ...context, pending: this.#pending };
    this.#force = force;
  }

  add(change: DraftedChange): PlannedChange {
    try {
      return change.kind === "remove" ? this.#remove(change) : this.#place(change);
    } catch (error) {
      if (error instanceof PkgError) return { kind: "fail", error };
      throw error;
    }
  }

  intent(): Intent {
    return {
      installs: this.#installs,
      removals: this.#removals,
      renewals: this.#renewals,
      links: [...this.#links.values()],
      unlinks: [...this.#unlinks.values()],
      draft: this.#name,
    };
  }

  #place({ draft, replaced, isInPlace }: DraftedChange & { readonly kind: "place" }): PlannedChange {
    if (isInPlace && replaced !== null) {
      const installation = { ...draft, directory: replaced.directory };
      this.#renewals.push(installation);
      return { kind: "place", installation };
    }
    // Two different names may become the same text in a path.
    const directory = freeName(this.#context.packagesDirectory, draft.directory, this.#directories);
    const installation = { ...draft, directory };
    const { links, unlinks } = planLinks(this.#context, { installation, replaced, force: this.#force });
    this.#directories.add(installation.directory);
    this.#installs.push({ installation, staging: `${this.#name}-${this.#installs.length + 1}` });
    for (const change of links) this.#link(installation.name, change);
    for (const removal of unlinks) this.#unlink(removal);
    return { kind: "place", installation };
  }

  #remove({ installation, purge = false }: DraftedChange & { readonly kind: "remove" }): PlannedChange {
    const { name, directory, files } = installation;
    const left = changedLinks(this.#context, installation);
    const unlinks = removableLinks(this.#context, installation);
    this.#removals.push({ name, directory, digests: files.map(({ digest }) => digest), purge });
    for (const removal of unlinks) this.#unlink(removal);
    return { kind: "remove", left };
  }

  /** If the unit changes a link twice, the changes are merged: from its current text to its final one. */
  #link(owner: string, change: LinkChange): void {
    const { path, target } = change;
    const earlier = this.#links.get(path);
    const removed = this.#unlinks.get(path);
    const previous = removed?.previous ?? (earlier === undefined ? change.previous : earlier.previous);
    this.#unlinks.delete(path);
    this.#links.set(path, { path, target, previous, saved: earlier?.saved ?? change.saved });
    this.#pending.set(path, { owner, target });
  }

  #unlink(removal: LinkRemoval): void {
    const { path, previous } = removal;
    const earlier = this.#links.get(path);
    // Removing a link that an earlier change of the unit made would bring back the link under it.
    if (earlier !== undefined) throw new Error(`link "${path}" is made and removed in one unit`);
    this.#unlinks.set(path, removal);
    this.#pending.set(path, { owner: null, target: previous });
  }
}
