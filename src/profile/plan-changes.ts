import { dirname } from "node:path";
import { randomName } from "../base/random-name.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import type { Intent, LinkChange, LinkRemoval, PackageRemoval, SavedFile, StagedInstall } from "../state/intent.ts";
import { type GivenBack, planRelease, type Release } from "./give-back.ts";
import { freeName } from "./installation-paths.ts";
import {
  absentLinks,
  changedLinks,
  findConflicts,
  type LinkPlanContext,
  type PendingLink,
  planLinks,
  removableLinks,
} from "./link-plan.ts";
import { linkPath } from "./places.ts";
import { savedStamp } from "./saved-files.ts";
import { linksInto, straysIn } from "./strays.ts";

/** A package to place as `draft` says, or one to remove. */
export type DraftedChange =
  | {
      readonly kind: "place";
      readonly draft: Installation;
      readonly replaced: Installation | null;
      /** Its files and links are in place already: only the record is renewed. */
      readonly isInPlace: boolean;
    }
  /** The record of `replaced` becomes `draft`, of the same files, and the links follow it. */
  | { readonly kind: "mark"; readonly draft: Installation; readonly replaced: Installation }
  /** `purge`: with all that is in its directory. */
  | { readonly kind: "remove"; readonly installation: Installation; readonly purge?: boolean };

export type PlannedChange =
  | { readonly kind: "place"; readonly installation: Installation; readonly taken: TakenPlaces }
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

export const NOTHING_TAKEN: TakenPlaces = { saved: [], links: [] };

/**
 * Plans several changes as one unit. Each sees the bin directory as the changes before it leave it, so that one package
 * may take a link that another gives up; a change that conflicts is left out of the unit.
 */
export function planChanges(context: LinkPlanContext, changes: readonly DraftedChange[], force: boolean): ChangePlan {
  const draft = new UnitDraft(context, force);
  const planned = changes.map((change) => draft.add(change));
  return { ...draft.finish(), planned };
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
  /** Links that have to go and are not there, with the texts that they had. */
  readonly #gone = new Map<string, string>();
  readonly #directories = new Set<string>();

  constructor(context: LinkPlanContext, force: boolean) {
    this.#context = { ...context, pending: this.#pending };
    this.#force = force;
  }

  add(change: DraftedChange): PlannedChange {
    try {
      if (change.kind === "mark") return this.#mark(change);
      return change.kind === "remove" ? this.#remove(change) : this.#place(change);
    } catch (error) {
      if (error instanceof PkgError) return { kind: "fail", error };
      throw error;
    }
  }

  finish(): Pick<ChangePlan, "intent" | "givenBack"> {
    const released = this.#released();
    for (const { links } of released) {
      for (const link of links) {
        this.#unlinks.delete(link.path);
        this.#links.set(link.path, link);
      }
    }
    const restores = released.flatMap((item) => item.restores);
    for (const { path } of restores) this.#unlinks.delete(path);
    const intent = {
      ...this.#intent(),
      restores,
      returns: released.flatMap((item) => item.returns),
      forgets: released.flatMap((item) => item.forgets),
      saves: [...this.#links.values()].flatMap((link) => this.#savedBy(link)),
    };
    return { intent, givenBack: released.flatMap((item) => item.givenBack) };
  }

  /** What comes back for each link that no package of the unit has any more. */
  #released(): readonly Release[] {
    const packages = new Map<string, Installation | null>([
      ...this.#removals.map(({ name }) => [name, null] as const),
      ...this.#renewals.map((installation) => [installation.name, installation] as const),
      ...this.#installs.map(({ installation }) => [installation.name, installation] as const),
    ]);
    const unlinked = [...this.#unlinks.values()].map(({ path, previous }) => ({ path, previous, text: previous }));
    const gone = [...this.#gone].map(([path, text]) => ({ path, previous: null, text }));
    return [...unlinked, ...gone].map((link) => planRelease(this.#context, packages, link));
  }

  #savedBy({ path, saved }: LinkChange): readonly SavedFile[] {
    const stamp = saved === null ? null : savedStamp(linkPath(this.#context, path));
    return saved === null || stamp === null ? [] : [{ path, saved, stamp }];
  }

  #intent(): Intent {
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
      return { kind: "place", installation, taken: NOTHING_TAKEN };
    }
    const directory = this.#freeDirectory(draft.directory);
    const installation = { ...draft, directory };
    const taken = this.#takenLinks(installation);
    const { links, unlinks } = planLinks(this.#context, { installation, replaced, force: this.#force });
    const adopts = this.#straysBeside(draft.directory);
    const staging = `${this.#name}-${this.#installs.length + 1}`;
    this.#installs.push({ installation, staging, ...(adopts.length === 0 ? {} : { adopts }) });
    this.#directories.add(installation.directory);
    for (const change of links) this.#link(installation.name, change);
    for (const removal of unlinks) this.#unlink(removal);
    if (replaced !== null) this.#addGone(replaced);
    this.#unlinkStrays(adopts);
    const saved = links.flatMap((link) => this.#savedBy(link)).map((file) => this.#located(file));
    return { kind: "place", installation, taken: { saved, links: taken } };
  }

  /** Two different names may become the same text in a path. */
  #freeDirectory(directory: string): string {
    return freeName(this.#context.packagesDirectory, directory, this.#directories);
  }

  #mark({ draft: installation, replaced }: DraftedChange & { readonly kind: "mark" }): PlannedChange {
    const taken = this.#takenLinks(installation);
    const { links, unlinks } = planLinks(this.#context, { installation, replaced, force: this.#force });
    this.#renewals.push(installation);
    for (const change of links) this.#link(installation.name, change);
    for (const removal of unlinks) this.#unlink(removal);
    this.#addGone(replaced);
    const saved = links.flatMap((link) => this.#savedBy(link)).map((file) => this.#located(file));
    return { kind: "place", installation, taken: { saved, links: taken } };
  }

  /** What was placed of a package, in any version, and is not recorded. */
  #straysBeside(directory: string): readonly string[] {
    const { installations } = this.#context;
    const strays = straysIn(this.#context, installations, dirname(directory));
    return strays.filter((stray) => !this.#directories.has(stray));
  }

  /** Links to directories that are taken over, and so go. */
  #unlinkStrays(directories: readonly string[]): void {
    if (directories.length === 0) return;
    const { installations } = this.#context;
    for (const removal of linksInto(this.#context, directories)) {
      const { path } = removal;
      const isFree = installations.linkOwner(path) === null && !this.#links.has(path);
      if (isFree) this.#unlink(removal);
    }
  }

  #takenLinks({ name, links }: Installation): TakenPlaces["links"] {
    const paths = links.map(({ path }) => path);
    return findConflicts(this.#context, name, paths).flatMap(({ path, owner }) =>
      owner === null ? [] : [{ path, name: owner }],
    );
  }

  #located({ path, saved }: SavedFile): TakenPlaces["saved"][number] {
    return { path: linkPath(this.#context, path), saved: linkPath(this.#context, saved) };
  }

  /** Links that have to go and are gone already: what they were in the way of comes back all the same. */
  #addGone(installation: Installation): void {
    for (const { path, text } of absentLinks(this.#context, installation)) {
      if (!this.#links.has(path)) this.#gone.set(path, text);
    }
  }

  #remove({ installation, purge = false }: DraftedChange & { readonly kind: "remove" }): PlannedChange {
    const { name, directory, files } = installation;
    const left = changedLinks(this.#context, installation);
    const unlinks = removableLinks(this.#context, installation);
    this.#removals.push({ name, directory, digests: files.map(({ digest }) => digest), purge });
    for (const removal of unlinks) this.#unlink(removal);
    this.#addGone(installation);
    return { kind: "remove", left };
  }

  /** If the unit changes a link twice, the changes are merged: from its current text to its final one. */
  #link(owner: string, change: LinkChange): void {
    const { path, target } = change;
    const earlier = this.#links.get(path);
    const removed = this.#unlinks.get(path);
    const previous = removed?.previous ?? (earlier === undefined ? change.previous : earlier.previous);
    this.#unlinks.delete(path);
    this.#gone.delete(path);
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
