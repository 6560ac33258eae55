import type { Installation } from "../package/installation.ts";
import type { CopyChange, Intent, LinkChange, LinkRemoval, SavedFile } from "../state/intent.ts";
import { releaseCopies, returnCopies } from "./copy-release.ts";
import { type GivenBack, planRelease, type Release, type UnitPackages } from "./give-back.ts";
import { absentLinks, type LinkPlanContext, type PendingLink } from "./link-plan.ts";
import { Looks } from "./links.ts";
import { linkPath } from "./places.ts";
import { savedStamp } from "./saved-files.ts";
import { addParents } from "./tree-directories.ts";

/** What a unit does to links and copies. */
export interface UnitLinkChanges {
  readonly changes: Pick<Intent, "links" | "unlinks" | "restores" | "returns" | "forgets" | "saves" | "copies">;
  readonly givenBack: readonly GivenBack[];
}

/** The links and copies that the changes of one unit make and remove, each merged with those before it. */
export class UnitLinks {
  /** In which each change sees the places as the changes before it leave them. */
  readonly context: LinkPlanContext;
  readonly #links = new Map<string, LinkChange>();
  readonly #unlinks = new Map<string, LinkRemoval>();
  readonly #pending = new Map<string, PendingLink>();
  /** Links that have to go and are not there, with the texts that they had. */
  readonly #gone = new Map<string, string>();
  readonly #copies = new Map<string, CopyChange>();
  readonly #parents = new Set<string>();

  constructor(context: LinkPlanContext) {
    const own = { pending: this.#pending, pendingParents: this.#parents, pendingCopies: this.#copies };
    this.context = { ...context, ...own, looks: new Looks() };
  }

  /** The places of all links and copies that change. */
  places(): readonly string[] {
    return [...this.#links.keys(), ...this.#unlinks.keys(), ...this.#copies.keys()];
  }

  /** True if a link at a place is made or changed. */
  has(path: string): boolean {
    return this.#links.has(path);
  }

  /** Adds what changes so that an installation has its links and copies. */
  add(
    installation: Installation,
    { links, copies }: { readonly links: readonly LinkChange[]; readonly copies: readonly CopyChange[] },
  ): void {
    const digests = new Map(installation.files.map(({ path, digest }) => [path, digest]));
    for (const change of links) this.#link(installation.name, change);
    for (const { path, target } of installation.links) {
      const digest = digests.get(target) ?? null;
      const text = this.#links.get(path)?.target ?? target;
      this.#pending.set(path, { owner: installation.name, target: text, digest });
      addParents(path, this.#parents);
    }
    for (const copy of copies) this.#copies.set(copy.path, copy);
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

  /** Removes a link that no change of the unit has made. */
  unlink(removal: LinkRemoval): void {
    const { path, previous } = removal;
    const earlier = this.#links.get(path);
    // Removing a link that an earlier change of the unit made would bring back the link under it.
    if (earlier !== undefined) throw new Error(`link "${path}" is made and removed in one unit`);
    this.#unlinks.set(path, removal);
    this.#pending.set(path, { owner: null, target: previous, digest: null });
  }

  /** Links that have to go and are gone already: what they were in the way of comes back all the same. */
  addGone(installation: Installation): void {
    for (const { path, text } of absentLinks(this.context, installation)) {
      if (!this.#links.has(path)) this.#gone.set(path, text);
    }
  }

  /** Removes the copies of an installation, but for those at the places `kept`. @returns absolute paths of those that stay */
  releaseCopies(installation: Installation, kept?: ReadonlySet<string>): readonly string[] {
    const { copies, left } = releaseCopies(this.context, installation, kept);
    for (const copy of copies) {
      this.#copies.set(copy.path, copy);
      this.#pending.set(copy.path, { owner: null, target: "", digest: null });
    }
    return left;
  }

  /** An installation as the unit leaves it: it only claims the links that a later change has taken over. */
  asLeft(installation: Installation): Installation {
    const { name, links, taken } = installation;
    const lost = new Set(links.filter(({ path }) => (this.#pending.get(path)?.owner ?? name) !== name));
    if (lost.size === 0) return installation;
    return { ...installation, links: links.filter((link) => !lost.has(link)), taken: [...taken, ...lost] };
  }

  /** The file that a link moves aside; none where it moves nothing. */
  savedBy({ path, saved }: LinkChange): readonly SavedFile[] {
    const stamp = saved === null ? null : savedStamp(linkPath(this.context, path));
    return saved === null || stamp === null ? [] : [{ path, saved, stamp }];
  }

  /** All changes, and what comes back in the places that are given up. @param packages those that the unit changes, as they will be */
  finish(packages: UnitPackages): UnitLinkChanges {
    const released = this.#released(packages);
    const returned = returnCopies(this.context, packages, [...this.#copies.values()]);
    for (const link of released.flatMap(({ links }) => links)) {
      this.#unlinks.delete(link.path);
      this.#links.set(link.path, link);
    }
    for (const { copy } of returned) this.#copies.set(copy.path, copy);
    const restores = released.flatMap((item) => item.restores);
    for (const { path } of restores) this.#unlinks.delete(path);
    const copied = returned.map(({ copy: { path }, returned: { name } }) => ({
      ...{ kind: "returned" as const, path: linkPath(this.context, path), name },
    }));
    const changes = {
      links: [...this.#links.values()],
      unlinks: [...this.#unlinks.values()],
      ...(this.#copies.size === 0 ? {} : { copies: [...this.#copies.values()] }),
      restores,
      returns: [...released.flatMap((item) => item.returns), ...returned.map((item) => item.returned)],
      forgets: released.flatMap((item) => item.forgets),
      saves: [...this.#links.values()].flatMap((link) => this.savedBy(link)),
    };
    return { changes, givenBack: [...released.flatMap((item) => item.givenBack), ...copied] };
  }

  /** What comes back for each link that no package of the unit has any more. */
  #released(packages: UnitPackages): readonly Release[] {
    const unlinked = [...this.#unlinks.values()].map(({ path, previous }) => ({ path, previous, text: previous }));
    const gone = [...this.#gone].map(([path, text]) => ({ path, previous: null, text }));
    return [...unlinked, ...gone].map((link) => planRelease(this.context, packages, link));
  }
}
