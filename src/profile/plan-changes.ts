import { dirname } from "node:path";
import { randomName } from "../base/random-name.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { inPrefix, isInPrefix, programLinks } from "../package/place.ts";
import type {
  CopyChange,
  Intent,
  LinkChange,
  LinkRemoval,
  PackageRemoval,
  SavedFile,
  StagedInstall,
} from "../state/intent.ts";
import { directoryTaken, needsAside } from "./aside.ts";
import {
  type ChangePlan,
  type DraftedChange,
  NOTHING_TAKEN,
  type PlannedChange,
  type TakenPlaces,
} from "./change-plan.ts";
import { releaseCopies, returnCopies } from "./copy-release.ts";
import { planRelease, type Release, type UnitPackages } from "./give-back.ts";
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
import { linkPath, packagePath } from "./places.ts";
import { refuseUnfitPrefix } from "./prefix.ts";
import { NO_NOTES, parentsOf, settlePrefix } from "./prefix-links.ts";
import { refuseOther } from "./prefix-owner.ts";
import { savedStamp } from "./saved-files.ts";
import { linksInto, straysIn } from "./strays.ts";

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
  readonly #copies = new Map<string, CopyChange>();
  readonly #parents = new Set<string>();

  constructor(context: LinkPlanContext, force: boolean) {
    const own = { pending: this.#pending, pendingParents: this.#parents, pendingCopies: this.#copies };
    this.#context = { ...context, ...own };
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
    const packages = this.#packages();
    const released = this.#released(packages);
    const returned = returnCopies(this.#context, packages, [...this.#copies.values()]);
    for (const { links } of released) {
      for (const link of links) {
        this.#unlinks.delete(link.path);
        this.#links.set(link.path, link);
      }
    }
    for (const { copy } of returned) this.#copies.set(copy.path, copy);
    const restores = released.flatMap((item) => item.restores);
    for (const { path } of restores) this.#unlinks.delete(path);
    const intent = {
      ...this.#intent(),
      restores,
      returns: [...released.flatMap((item) => item.returns), ...returned.map((item) => item.returned)],
      forgets: released.flatMap((item) => item.forgets),
      saves: [...this.#links.values()].flatMap((link) => this.#savedBy(link)),
    };
    const copied = returned.map(({ copy: { path }, returned: { name } }) => ({
      ...{ kind: "returned" as const, path: linkPath(this.#context, path), name },
    }));
    return { intent, givenBack: [...released.flatMap((item) => item.givenBack), ...copied] };
  }

  #packages(): UnitPackages {
    return new Map<string, Installation | null>([
      ...this.#removals.map(({ name }) => [name, null] as const),
      ...this.#renewals.map((installation) => [installation.name, installation] as const),
      ...this.#installs.map(({ installation }) => [installation.name, installation] as const),
    ]);
  }

  /** What comes back for each link that no package of the unit has any more. */
  #released(packages: UnitPackages): readonly Release[] {
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
      ...(this.#copies.size === 0 ? {} : { copies: [...this.#copies.values()] }),
      ...(this.#isInPrefix() ? { prefix: this.#context.prefixDirectory } : {}),
      draft: this.#name,
    };
  }

  #isInPrefix(): boolean {
    const places = [...this.#links.keys(), ...this.#unlinks.keys(), ...this.#copies.keys(), ...this.#directories];
    return [...places, ...this.#removals.map(({ directory }) => directory)].some(isInPrefix);
  }

  #place({ draft, replaced, isInPlace }: DraftedChange & { readonly kind: "place" }): PlannedChange {
    if (isInPlace && replaced !== null) {
      const { directory, links, taken } = replaced;
      const installation = { ...draft, directory, links, taken };
      this.#renewals.push(installation);
      return { kind: "place", installation, taken: NOTHING_TAKEN, notes: NO_NOTES };
    }
    if (draft.keg !== null) {
      refuseUnfitPrefix(
        { ...this.#context, prefixDirectory: this.#context.configuredPrefix },
        this.#context.installations,
      );
    }
    const directory = this.#freeDirectory(draft.directory);
    const name = `${this.#name}-${this.#installs.length + 1}`;
    const staging = isInPrefix(directory) ? inPrefix(name) : name;
    const aside = needsAside(this.#context, directory, replaced) ? { aside: `${staging}-old` } : {};
    const planned = this.#planLinks({ ...draft, directory }, replaced);
    const { installation } = planned;
    const adopts = this.#straysBeside(draft.directory);
    this.#installs.push({ installation, staging, ...aside, ...(adopts.length === 0 ? {} : { adopts }) });
    this.#directories.add(directory);
    this.#unlinkStrays(adopts);
    return planned;
  }

  /** Two different names may become the same text in a path; but a keg is where its files say that it is. */
  #freeDirectory(directory: string): string {
    if (!isInPrefix(directory)) return freeName(this.#context.packagesDirectory, directory, this.#directories);
    if (this.#directories.has(directory)) throw directoryTaken(packagePath(this.#context, directory));
    return directory;
  }

  /** A copy of a home, whose prefix is elsewhere, has no part in that. */
  #refuseOther({ keg }: Installation): void {
    if (keg !== null) refuseOther(this.#context.prefixDirectory, this.#context.stateDatabase);
  }

  #mark({ draft, replaced }: DraftedChange & { readonly kind: "mark" }): PlannedChange {
    this.#refuseOther(replaced);
    const planned = this.#planLinks(draft, replaced);
    this.#renewals.push(planned.installation);
    return planned;
  }

  #planLinks(draft: Installation, replaced: Installation | null): PlannedChange & { readonly kind: "place" } {
    const { installation, copies, notes } = settlePrefix(this.#context, draft, replaced);
    const taken = this.#takenLinks(installation);
    const { links, unlinks } = planLinks(this.#context, { installation, replaced, force: this.#force });
    const digests = new Map(installation.files.map(({ path, digest }) => [path, digest]));
    for (const change of links) this.#link(installation.name, change);
    for (const { path, target } of installation.links) {
      const digest = digests.get(target) ?? null;
      const text = this.#links.get(path)?.target ?? target;
      this.#pending.set(path, { owner: installation.name, target: text, digest });
      for (const parent of parentsOf(path)) this.#parents.add(parent);
    }
    for (const copy of copies) this.#copies.set(copy.path, copy);
    for (const removal of unlinks) this.#unlink(removal);
    const left =
      replaced === null ? [] : this.#releaseCopies(replaced, new Set(installation.links.map(({ path }) => path)));
    if (replaced !== null) this.#addGone(replaced);
    const changed = [...notes.changed, ...left.map((path) => ({ path, beside: null }))];
    const saved = links.flatMap((link) => this.#savedBy(link)).map((file) => this.#located(file));
    return { kind: "place", installation, taken: { saved, links: taken }, notes: { ...notes, changed } };
  }

  /** Returns the absolute paths of those that stay. */
  #releaseCopies(installation: Installation, kept?: ReadonlySet<string>): readonly string[] {
    const { copies, left } = releaseCopies(this.#context, installation, kept);
    for (const copy of copies) {
      this.#copies.set(copy.path, copy);
      this.#pending.set(copy.path, { owner: null, target: "", digest: null });
    }
    return left;
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
    const paths = programLinks(links).map(({ path }) => path);
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
    this.#refuseOther(installation);
    const copies = this.#releaseCopies(installation);
    const left = [...changedLinks(this.#context, installation), ...(purge ? [] : copies)];
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
    this.#pending.set(path, { owner, target, digest: null });
  }

  #unlink(removal: LinkRemoval): void {
    const { path, previous } = removal;
    const earlier = this.#links.get(path);
    // Removing a link that an earlier change of the unit made would bring back the link under it.
    if (earlier !== undefined) throw new Error(`link "${path}" is made and removed in one unit`);
    this.#unlinks.set(path, removal);
    this.#pending.set(path, { owner: null, target: previous, digest: null });
  }
}
