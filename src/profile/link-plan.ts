import { PkgError } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import type { Installation } from "../package/installation.ts";
import { placeIn, programLinks } from "../package/place.ts";
import type { Installations } from "../state/installations.ts";
import type { CopyChange, LinkChange, LinkRemoval } from "../state/intent.ts";
import { exists, numbered, savedName } from "./installation-paths.ts";
import { leadsIntoPackages, leadsTo, ledTo, linkText, type PlacedLink } from "./link-text.ts";
import { type Looks, type Occupant, occupantOf } from "./links.ts";
import { linkPath, type Places } from "./places.ts";

/** Why a link cannot be made. */
export interface LinkConflict {
  /** Name in the bin directory. */
  readonly link: string;
  /** Absolute. */
  readonly path: string;
  /** The package it belongs to; null when it is not ours. */
  readonly owner: string | null;
  readonly found: Occupant["kind"];
}

export interface LinkPlanContext extends Places {
  readonly installations: Installations;
  /** Where the config would have bottles poured now. */
  readonly configuredPrefix: string;
  /** The links after the changes planned before this one in the same unit, by name in the bin directory. */
  readonly pending?: ReadonlyMap<string, PendingLink>;
  /** The places of directories in the prefix that those need. */
  readonly pendingParents?: ReadonlySet<string>;
  readonly pendingCopies?: ReadonlyMap<string, CopyChange>;
  /** What was seen at paths so far; absent: each is looked at whenever it matters. */
  readonly looks?: Looks;
  /** As in GiveBackContext. */
  readonly isExact?: boolean;
}

/** What makes room for the links of a package. */
export interface Yields {
  /** Files and links that are not ours, and the links of other packages. */
  readonly force: boolean;
  /** Places where what is not ours makes room also without `force`. */
  readonly movable: ReadonlySet<string>;
}

/** A link as it will be once the changes planned so far are done. */
export interface PendingLink {
  /** Name of the package that has it; null: it is removed. */
  readonly owner: string | null;
  /** The text that it will have, or had. */
  readonly target: string;
  /** Of the file that it leads to, or is a copy of; null: it leads to none. */
  readonly digest: Digest | null;
}

/** The links that the package `name` may not make; empty when there are none. */
export function findConflicts(
  context: LinkPlanContext,
  name: string,
  links: readonly string[],
): readonly LinkConflict[] {
  return links.flatMap((link): readonly LinkConflict[] => {
    const { path, owner, occupant, isForeign } = inspect(context, link);
    if (isForeign) return [{ link, path, owner: null, found: occupant.kind }];
    return owner === null || owner === name ? [] : [{ link, path, owner, found: occupant.kind }];
  });
}

function inspect(context: LinkPlanContext, link: string) {
  const path = linkPath(context, link);
  const planned = context.pending?.get(link);
  if (planned !== undefined)
    return { path, owner: planned.owner, occupant: pendingOccupant(planned), isForeign: false };
  const recorded = context.installations.findLink(link);
  const occupant = lookAt(context, path);
  // What leads into the packages directory is ours even if the record of it was lost.
  const isOurs =
    occupant.kind === "absent" ||
    leadsIntoPackages(context, link, occupant) ||
    (recorded !== null && ledTo(context, { path: link, target: recorded.target }, occupant));
  return { path, owner: recorded?.owner ?? null, occupant, isForeign: !isOurs };
}

/** What is at the path of a link after the changes planned so far. */
function occupantPlanned(context: LinkPlanContext, link: string): Occupant {
  const planned = context.pending?.get(link);
  return planned === undefined ? lookAt(context, linkPath(context, link)) : pendingOccupant(planned);
}

/** What is at an absolute path. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function lookAt({ looks }: LinkPlanContext, path: string): Occupant {
  return looks === undefined ? occupantOf(path) : looks.at(path);
}

function pendingOccupant({ owner, target }: PendingLink): Occupant {
  return owner === null ? { kind: "absent" } : { kind: "link", target };
}

/**
 * How the bin directory changes when `installation` replaces `replaced`.
 *
 * @throws {PkgError} PATH_CONFLICT when a link cannot be made; forced, only when a directory or device is in the way
 */
export function planLinks(
  context: LinkPlanContext,
  change: Yields & { readonly installation: Installation; readonly replaced: Installation | null },
): { readonly links: readonly LinkChange[]; readonly unlinks: readonly LinkRemoval[] } {
  const { installation, replaced, force, movable } = change;
  const conflicts = findConflicts(
    context,
    installation.name,
    programLinks(installation.links).map(({ path }) => path),
  );
  const yieldsTo = ({ link, owner }: LinkConflict) => force || (owner === null && movable.has(link));
  const refused = conflicts.find((item) => !yieldsTo(item) || item.found === "directory" || item.found === "device");
  if (refused !== undefined) throw conflictError(installation.name, refused);
  const links = expectedLinks(installation).map(({ path, target }): LinkChange => {
    const { occupant, isForeign } = inspect(context, path);
    const link = { path, target: linkText(context, { path, target }) };
    if (!isForeign) return { ...link, previous: occupant.kind === "link" ? occupant.target : null, saved: null };
    return { ...link, previous: null, saved: freePlace(context, savedName(path)) };
  });
  const kept = new Set(installation.links.map(({ path }) => path));
  const unlinks = replaced === null ? [] : removableLinks(context, replaced).filter(({ path }) => !kept.has(path));
  return { links, unlinks };
}

/** The first of `place`, `place-2` … at which nothing is. */
function freePlace(context: Places, place: string): string {
  for (const candidate of numbered(place)) if (!exists(linkPath(context, candidate))) return candidate;
  return place;
}

/** The links of an installation that still lead to it, with the text that they have. */
export function removableLinks(context: LinkPlanContext, installation: Installation): readonly LinkRemoval[] {
  return expectedLinks(installation).flatMap((link) => {
    const { path } = link;
    const occupant = occupantPlanned(context, path);
    return occupant.kind === "link" && isOwn(context, link, occupant) ? [{ path, previous: occupant.target }] : [];
  });
}

/** The links of an installation that are not there, with the texts that they had. */
export function absentLinks(
  context: LinkPlanContext,
  installation: Installation,
): readonly { readonly path: string; readonly text: string }[] {
  return expectedLinks(installation)
    .filter(({ path }) => !context.pending?.has(path) && occupantPlanned(context, path).kind === "absent")
    .map((link) => ({ path: link.path, text: linkText(context, link) }));
}

/** Paths of the links of an installation that somebody has changed since, without links that no longer exist. */
export function changedLinks(context: LinkPlanContext, installation: Installation): readonly string[] {
  return expectedLinks(installation)
    .filter((link) => {
      const occupant = lookAt(context, linkPath(context, link.path));
      return occupant.kind !== "absent" && !isOwn(context, link, occupant);
    })
    .map(({ path }) => linkPath(context, path));
}

function isOwn(context: LinkPlanContext, link: PlacedLink, occupant: Occupant): boolean {
  return leadsTo(context, link, occupant) || ledTo(context, link, occupant);
}

/** The links of an installation, without copies, and where they lead. */
export function expectedLinks({ directory, links }: Installation): readonly PlacedLink[] {
  return links
    .filter(({ kind }) => kind === "link")
    .map(({ path, target }) => ({ path, target: placeIn(directory, target) }));
}

const KINDS: Readonly<Record<Occupant["kind"], string>> = {
  absent: "nothing",
  link: "a link",
  file: "a file",
  directory: "a directory",
  device: "a device, socket or pipe",
};

function conflictError(name: string, { link, path, owner, found }: LinkConflict): PkgError {
  if (owner !== null) {
    return new PkgError("PATH_CONFLICT", `Cannot place "${name}": "${path}" belongs to the package "${owner}"`, {
      hint: `Remove that with \`pkg remove ${owner}\`, or take the link over with --force`,
    });
  }
  const canMove = found === "file" || found === "link";
  return new PkgError("PATH_CONFLICT", `Cannot place "${name}": "${path}" is ${KINDS[found]} that pkg did not place`, {
    hint: canMove ? `Use --force to move it aside to "${savedName(link)}"` : "Move it away, then run the command again",
  });
}
