import { dirname } from "node:path";
import type { Installation, InstalledFile, InstalledLink } from "../package/installation.ts";
import { isInData, isInTree } from "../package/place.ts";
import type { CopiedFile, CopyChange } from "../state/intent.ts";
import { copiedFiles, copyState } from "./copies.ts";
import { type LinkPlanContext, lookAt, type Yields } from "./link-plan.ts";
import { leadsIntoPackages } from "./link-text.ts";
import { linkPath } from "./places.ts";
import { addParents, canHold, parentsOf } from "./tree-directories.ts";

/** The places in the prefix and the data directory that a package wanted and could not have; absolute paths. */
export interface PrefixNotes {
  /** What is not linked, and the package that has the path; null: something that this program did not place. */
  readonly passedOver: readonly { readonly path: string; readonly owner: string | null }[];
  /** Copies that somebody has changed, or made before, which stay; and where the new ones are, null: nowhere. */
  readonly changed: readonly { readonly path: string; readonly beside: string | null }[];
}

/** For a package that has all places that it wanted. */
export const NO_NOTES: PrefixNotes = { passedOver: [], changed: [] };

/** What a package gets in the prefix and the data directory. */
export interface Settled {
  /** With the links that it gets, and among `taken` those that it does not. */
  readonly installation: Installation;
  readonly copies: readonly CopyChange[];
  readonly notes: PrefixNotes;
}

/** What a package is settled by. */
export interface SettleOptions {
  readonly replaced: Installation | null;
  /** What gives way in the data directory. */
  readonly yields: Yields;
}

/**
 * Decides which links and copies a package gets in the prefix and the data directory: the first package that has a path keeps it,
 * and so does a file that this program did not place. Nothing is overwritten, and nothing fails for it.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function settleTrees(context: LinkPlanContext, installation: Installation, options: SettleOptions): Settled {
  if (!installation.links.some(({ path }) => isInTree(path))) return { installation, copies: [], notes: NO_NOTES };
  const settling = new Settling(context, installation, options);
  for (const link of installation.links) settling.add(link);
  return settling.result();
}

class Settling {
  readonly #context: LinkPlanContext;
  readonly #yields: Yields;
  readonly #installation: Installation;
  readonly #files: ReadonlyMap<string, InstalledFile>;
  readonly #former: ReadonlyMap<string, CopiedFile>;
  readonly #formerKinds: ReadonlyMap<string, InstalledLink["kind"]>;
  readonly #links: InstalledLink[] = [];
  readonly #taken: InstalledLink[];
  readonly #copies: CopyChange[] = [];
  readonly #passedOver: PrefixNotes["passedOver"][number][] = [];
  readonly #changed: PrefixNotes["changed"][number][] = [];
  /** Directories that are known to be real ones, or to be missing; and those that are not. */
  readonly #directories = new Map<string, boolean>();
  /** The places of its own links, and of the directories that these need. */
  readonly #own = new Set<string>();
  readonly #parents = new Set<string>();
  /** By the place of a directory: that, and those above it, from the top. */
  readonly #above = new Map<string, readonly string[]>();
  /** The places of what it does not get: a package may name one twice. */
  readonly #passed = new Set<string>();

  constructor(context: LinkPlanContext, installation: Installation, { replaced, yields }: SettleOptions) {
    this.#context = context;
    this.#yields = yields;
    this.#installation = installation;
    this.#files = new Map(installation.files.map((file) => [file.path, file]));
    this.#former = replaced === null ? new Map() : copiedFiles(replaced);
    this.#formerKinds = new Map(replaced?.links.map(({ path, kind }) => [path, kind]));
    this.#taken = [...installation.taken];
  }

  result(): Settled {
    const installation = { ...this.#installation, links: this.#links, taken: this.#taken };
    return { installation, copies: this.#copies, notes: { passedOver: this.#passedOver, changed: this.#changed } };
  }

  add(wanted: InstalledLink): void {
    const link = this.#ofFormerKind(wanted);
    if (!isInTree(link.path)) this.#links.push(link);
    else if (!this.#own.has(link.path) && !this.#passed.has(link.path)) {
      const holder = this.#holderOf(link);
      if (holder !== null) this.#passOver(link, holder);
      else if (link.kind === "copy") this.#copy(link);
      else this.#take(link);
    }
  }

  /** A place cannot be a file and a link to one in the same unit, so it stays what it was in the version before. */
  #ofFormerKind(link: InstalledLink): InstalledLink {
    const kind = isInTree(link.path) && this.#files.has(link.target) ? this.#formerKinds.get(link.path) : undefined;
    return kind === undefined || kind === link.kind ? link : { ...link, kind };
  }

  #take(link: InstalledLink): void {
    this.#links.push(link);
    this.#own.add(link.path);
    addParents(link.path, this.#parents);
  }

  #passOver(link: InstalledLink, { owner }: Holder): void {
    this.#taken.push(link);
    this.#passed.add(link.path);
    if (owner !== null && this.#isSameFile(link)) return;
    this.#passedOver.push({ path: linkPath(this.#context, link.path), owner });
  }

  /** What has the path of a link already; null: nothing does. */
  #holderOf({ path, kind }: InstalledLink): Holder | null {
    if (NOT_LINKED.test(path)) return { owner: null };
    const isNeeded = this.#parents.has(path) || this.#context.pendingParents?.has(path) === true;
    if (isNeeded || this.#isBlocked(path)) return { owner: null };
    const planned = this.#context.pending?.get(path);
    if (planned !== undefined) return planned.owner === null ? null : this.#otherThanOwn(planned.owner);
    const owner = this.#context.installations.linkOwner(path);
    const { force, movable } = this.#yields;
    const canTake = isInData(path) && kind === "link";
    if (owner !== null && owner !== this.#installation.name) return canTake && force ? null : { owner };
    return kind === "copy" ? null : this.#strangerAt(path, canTake && (force || movable.has(path)));
  }

  #otherThanOwn(owner: string): Holder | null {
    return owner === this.#installation.name ? null : { owner };
  }

  #strangerAt(path: string, givesWay: boolean): Holder | null {
    const occupant = lookAt(this.#context, linkPath(this.#context, path));
    const isOurs = occupant.kind === "absent" || leadsIntoPackages(this.#context, path, occupant);
    const canMove = givesWay && (occupant.kind === "file" || occupant.kind === "link");
    return isOurs || canMove ? null : { owner: null };
  }

  /** True if something on the way to a path is not a directory. */
  #isBlocked(path: string): boolean {
    return this.#parentsFromTop(path).some((parent) => this.#own.has(parent) || !this.#mayBeDirectory(parent));
  }

  /** From the top: nothing is known of what is in a directory that somebody has closed. */
  #parentsFromTop(path: string): readonly string[] {
    const directory = dirname(path);
    const known = this.#above.get(directory);
    if (known !== undefined) return known;
    const parents = parentsOf(path).toReversed();
    this.#above.set(directory, parents);
    return parents;
  }

  #mayBeDirectory(place: string): boolean {
    const known = this.#directories.get(place);
    if (known !== undefined) return known;
    const planned = this.#context.pending?.get(place);
    const may = planned === undefined ? canHold(this.#context, place) : planned.owner === null;
    this.#directories.set(place, may);
    return may;
  }

  /** Of two packages with the same file at a path, it does not matter which one has it. */
  #isSameFile({ path, target }: InstalledLink): boolean {
    const { pending, installations } = this.#context;
    const planned = pending?.get(path);
    const digest = planned === undefined ? installations.linkedDigest(path) : planned.digest;
    return digest !== null && digest === this.#files.get(target)?.digest;
  }

  #copy(link: InstalledLink): void {
    const file = this.#files.get(link.target);
    if (file === undefined) throw new Error(`"${link.path}" is a copy of no file`);
    const { digest, mode } = file;
    this.#take(link);
    const planned = this.#context.pendingCopies?.get(link.path);
    if (planned !== undefined) {
      // Another package of the unit gives it up.
      this.#copies.push({ path: link.path, next: { digest, mode }, previous: planned.previous });
      return;
    }
    const former = this.#formerOf(link.path);
    const state = copyState(linkPath(this.#context, link.path), digest);
    if (state === "same") return;
    const isOurs = former !== null && copyState(linkPath(this.#context, link.path), former.digest) === "same";
    if (state === "absent" || isOurs) {
      const previous = state === "absent" ? null : former;
      this.#copies.push({ path: link.path, next: { digest, mode }, previous });
    } else this.#copyBeside(link, former?.digest === digest);
  }

  /** The package's own goes beside what somebody has changed, unless it is the one that was changed. */
  #copyBeside(link: InstalledLink, isOld: boolean): void {
    const beside = { ...link, path: `${link.path}${BESIDE}` };
    const hadOne = this.#formerOf(beside.path) !== null;
    if (link.path.endsWith(BESIDE) || (isOld && !hadOne)) return;
    const path = linkPath(this.#context, beside.path);
    // Where a state comes back as a whole, it is recorded whether there was one.
    const isWanted = this.#context.isExact !== true;
    const isFree =
      isWanted && this.#holderOf(beside) === null && (hadOne || lookAt(this.#context, path).kind === "absent");
    if (isFree) this.#copy(beside);
    if (!isOld) this.#changed.push({ path: linkPath(this.#context, link.path), beside: isFree ? path : null });
  }

  #formerOf(path: string): CopiedFile | null {
    return this.#former.get(path) ?? null;
  }
}

/** Kegs, and what makes room for others: nothing else is placed there. */
const NOT_LINKED = /^@prefix\/(?:Cellar|\.pkg-[^/]*)(?:\/|$)/;

/** What the package's own file is called beside one that somebody has changed. */
export const BESIDE = ".default";

interface Holder {
  readonly owner: string | null;
}
