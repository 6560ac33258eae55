import { dirname } from "node:path";
import { PkgError } from "../errors.ts";
import { randomName } from "../fs/random-name.ts";
import type { Installation } from "../package/installation.ts";
import { dataLinks, inPrefix, isInData, isInPrefix, programLinks } from "../package/place.ts";
import type { Intent, PackageRemoval, SavedFile, StagedInstall } from "../state/intent.ts";
import { directoryTaken, needsAside } from "./aside.ts";
import {
  type ChangePlan,
  type DraftedChange,
  NOTHING_TAKEN,
  type PlannedChange,
  type TakenPlaces,
} from "./change-plan.ts";
import { withFreeLinks } from "./free-links.ts";
import type { UnitPackages } from "./give-back.ts";
import { exists, freeName } from "./installation-paths.ts";
import {
  changedLinks,
  findConflicts,
  type LinkPlanContext,
  planLinks,
  removableLinks,
  type Yields,
} from "./link-plan.ts";
import { linkPath, packagePath } from "./places.ts";
import { refuseUnfitPrefix } from "./prefix.ts";
import { refuseOther } from "./prefix-owner.ts";
import { linksInto, straysIn } from "./strays.ts";
import { parentsOf } from "./tree-directories.ts";
import { NO_NOTES, settleTrees } from "./tree-links.ts";
import { UnitLinks } from "./unit-links.ts";

/**
 * Plans several changes as one unit. Each sees the bin directory as the changes before it leave it, so that one package
 * may take a link that another gives up; a change that conflicts is left out of the unit.
 */
export function planChanges(context: LinkPlanContext, changes: readonly DraftedChange[], yields: Yields): ChangePlan {
  const own = { ...context, installations: context.installations.withLinks(linksOf(changes)) };
  const draft = new UnitDraft(own, yields);
  const settled = withFreeLinks(own, changes);
  for (const change of settled) if (change.kind !== "remove" && change.isRestored === true) draft.release(change);
  const planned = settled.map((change) => draft.add(change));
  return { ...draft.finish(), planned: planned.map((change) => draft.asLeft(change)) };
}

/** The names of the links that changes are about. */
function linksOf(changes: readonly DraftedChange[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const change of changes) {
    const packages = change.kind === "remove" ? [change.installation] : [change.draft, change.replaced];
    for (const item of packages) {
      for (const { path } of item?.links ?? []) names.add(path);
      for (const { path } of item?.taken ?? []) names.add(path);
    }
  }
  return names;
}

class UnitDraft {
  readonly #context: LinkPlanContext;
  readonly #yields: Yields;
  readonly #name = `.pkg-${randomName()}`;
  readonly #installs: StagedInstall[] = [];
  readonly #removals: PackageRemoval[] = [];
  readonly #renewals: Installation[] = [];
  readonly #directories = new Set<string>();
  readonly #links: UnitLinks;

  constructor(context: LinkPlanContext, yields: Yields) {
    this.#links = new UnitLinks(context);
    this.#context = this.#links.context;
    this.#yields = yields;
  }

  /** Gives up the links that a restored package will not have, before any other takes one: several may swap theirs. */
  release({ draft, replaced }: DraftedChange & { readonly kind: "place" | "mark" }): void {
    if (replaced === null) return;
    const kept = new Set(draft.links.map(({ path }) => path));
    const gone = removableLinks(this.#context, replaced).filter(({ path }) => !kept.has(path));
    for (const removal of gone) this.#links.unlink(removal);
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
    const { changes, givenBack } = this.#links.finish(this.#packages());
    const intent: Intent = {
      ...{ installs: this.#placed(), removals: this.#removals, renewals: this.#renewed() },
      ...changes,
      ...this.#makes(),
      ...(this.#isInPrefix() ? { prefix: this.#context.prefixDirectory } : {}),
      draft: this.#name,
    };
    return { intent, givenBack };
  }

  #packages(): UnitPackages {
    return new Map<string, Installation | null>([
      ...this.#removals.map(({ name }) => [name, null] as const),
      ...this.#renewed().map((installation) => [installation.name, installation] as const),
      ...this.#placed().map(({ installation }) => [installation.name, installation] as const),
    ]);
  }

  /** The plan of a change, once all are planned. */
  asLeft(planned: PlannedChange): PlannedChange {
    return planned.kind === "place" ? { ...planned, installation: this.#links.asLeft(planned.installation) } : planned;
  }

  #renewed(): readonly Installation[] {
    return this.#renewals.map((installation) => this.#links.asLeft(installation));
  }

  #placed(): readonly StagedInstall[] {
    return this.#installs.map((item) => ({ ...item, installation: this.#links.asLeft(item.installation) }));
  }

  /** Directories of the data directory that are not there yet: what somebody else has made stays when it is empty again. */
  #makes(): Pick<Intent, "makes"> {
    const parents = new Set(this.#links.places().filter(isInData).flatMap(parentsOf));
    const makes = [...parents].filter((place) => !exists(linkPath(this.#context, place)));
    return makes.length === 0 ? {} : { makes };
  }

  #isInPrefix(): boolean {
    const places = [...this.#links.places(), ...this.#directories];
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
    const { installation, copies, notes } = settleTrees(this.#context, draft, { replaced, yields: this.#yields });
    const taken = this.#takenLinks(installation);
    const { links, unlinks } = planLinks(this.#context, { installation, replaced, ...this.#yields });
    this.#links.add(installation, { links, copies });
    for (const removal of unlinks) this.#links.unlink(removal);
    const left =
      replaced === null ? [] : this.#links.releaseCopies(replaced, new Set(installation.links.map(({ path }) => path)));
    if (replaced !== null) this.#links.addGone(replaced);
    const changed = [...notes.changed, ...left.map((path) => ({ path, beside: null }))];
    const saved = links.flatMap((link) => this.#links.savedBy(link)).map((file) => this.#located(file));
    return { kind: "place", installation, taken: { saved, links: taken }, notes: { ...notes, changed } };
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
      if (isFree) this.#links.unlink(removal);
    }
  }

  #takenLinks({ name, links }: Installation): TakenPlaces["links"] {
    const paths = [...programLinks(links), ...dataLinks(links)].map(({ path }) => path);
    return findConflicts(this.#context, name, paths).flatMap(({ path, owner }) =>
      owner === null ? [] : [{ path, name: owner }],
    );
  }

  #located({ path, saved }: SavedFile): TakenPlaces["saved"][number] {
    return { path: linkPath(this.#context, path), saved: linkPath(this.#context, saved) };
  }

  #remove({ installation, purge = false }: DraftedChange & { readonly kind: "remove" }): PlannedChange {
    const { name, directory, files } = installation;
    this.#refuseOther(installation);
    const copies = this.#links.releaseCopies(installation);
    const left = [...changedLinks(this.#context, installation), ...(purge ? [] : copies)];
    const unlinks = removableLinks(this.#context, installation);
    this.#removals.push({ name, directory, digests: files.map(({ digest }) => digest), purge });
    for (const removal of unlinks) this.#links.unlink(removal);
    this.#links.addGone(installation);
    return { kind: "remove", left };
  }
}
