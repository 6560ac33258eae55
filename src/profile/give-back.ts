import type { InstalledLink } from "../package/installation.ts";
import { placeIn } from "../package/place.ts";
import { isUnlinked } from "../package/unlinked.ts";
import type { Installations } from "../state/installations.ts";
import type { LinkChange, ReturnedLink, StagedInstall } from "../state/intent.ts";
import { exists } from "./installation-paths.ts";
import { linkText } from "./link-text.ts";
import { linkPath, type Places } from "./places.ts";
import { savedStamp } from "./saved-files.ts";

/** What comes to a path in the bin directory when the link there goes; absolute paths. */
export type GivenBack =
  /** The link is again that of the package that it was taken from. */
  | { readonly kind: "returned"; readonly path: string; readonly name: string }
  /** What was moved aside for the link is in its place again. */
  | { readonly kind: "restored"; readonly path: string; readonly saved: string }
  /** It is not, as it is gone, or somebody has changed it since. */
  | {
      readonly kind: "not restored";
      readonly path: string;
      readonly saved: string;
      readonly reason: "gone" | "changed";
    };

export interface GiveBackContext extends Places {
  readonly installations: Installations;
  /** True where a state comes back as a whole: each package has the links that are recorded, and no others. Absent: no. */
  readonly isExact?: boolean;
}

/** A link that goes. */
export interface ReleasedLink {
  /** Its name in the bin directory. */
  readonly path: string;
  /** The text that it has; null: it is gone already. */
  readonly previous: string | null;
  /** The text that it should have. */
  readonly text: string;
}

/** What a unit does besides: packages by name, as they will be; null for those that are removed. */
export type UnitPackages = ReadonlyMap<string, StagedInstall["installation"] | null>;

/** What a link that goes makes room for. */
export interface Release {
  readonly links: readonly LinkChange[];
  readonly returns: readonly ReturnedLink[];
  readonly restores: readonly LinkChange[];
  readonly forgets: readonly string[];
  readonly givenBack: readonly GivenBack[];
}

/** Plans what comes back when a link goes: the link of the package that had it before, else what was moved aside for it. */
export function planRelease(context: GiveBackContext, packages: UnitPackages, link: ReleasedLink): Release {
  const path = linkPath(context, link.path);
  const returned = returnedLink(context, packages, { path: link.path, kind: "link" });
  if (returned === null) return planRestore(context, link, path);
  const { directory, ...item } = returned;
  const target = linkText(context, { path: link.path, target: placeIn(directory, item.target) });
  return {
    links: [{ path: link.path, target, previous: link.previous, saved: null }],
    ...{ returns: [item], restores: [], forgets: [] },
    givenBack: isSameFile(context, packages, item) ? [] : [{ kind: "returned", path, name: item.name }],
  };
}

/** Of two packages with the same file at a path, it does not matter which one has it. */
function isSameFile(
  { installations }: GiveBackContext,
  packages: UnitPackages,
  { path, name, target }: ReturnedLink,
): boolean {
  const files = (packages.get(name) ?? installations.get(name))?.files ?? [];
  const digest = installations.linkedDigest(path);
  return digest !== null && files.some((file) => file.path === target && file.digest === digest);
}

/** The last package that had the link or the copy, if it still wants it. */
export function returnedLink(
  { installations, isExact = false }: Pick<GiveBackContext, "installations" | "isExact">,
  packages: UnitPackages,
  { path, kind }: Pick<ReturnedLink, "path" | "kind">,
): (ReturnedLink & { readonly directory: string }) | null {
  if (isExact) return null;
  for (const { name, directory, target, ...claim } of installations.takenFrom(path)) {
    if (claim.kind !== kind) continue;
    const next = packages.get(name);
    if (next === undefined) return { path, name, directory, target, kind };
    const wanted = next === null ? undefined : claimOf(next, { path, kind });
    if (next !== null && wanted !== undefined) return { ...wanted, name, directory: next.directory };
  }
  // What is new in the unit is not recorded yet.
  for (const next of packages.values()) {
    const wanted = next === null ? undefined : claimOf(next, { path, kind });
    if (next !== null && wanted !== undefined) return { ...wanted, name: next.name, directory: next.directory };
  }
  return null;
}

/** The link that an installation had, and has again once it can, unless a person does not want it. */
function claimOf(
  installation: StagedInstall["installation"],
  { path, kind }: Pick<ReturnedLink, "path" | "kind">,
): InstalledLink | undefined {
  if (isUnlinked(installation, path)) return undefined;
  return installation.taken.find((link) => link.path === path && link.kind === kind);
}

function planRestore(context: GiveBackContext, link: ReleasedLink, path: string): Release {
  const saved = context.installations.savedFor(link.path).map((file) => {
    const from = linkPath(context, file.saved);
    return { ...file, from, state: stateOf(from, file.stamp) };
  });
  const chosen = saved.find(({ state }) => state === "ok");
  return {
    links: [],
    returns: [],
    restores: chosen === undefined ? [] : [restoreOf(link, chosen.saved)],
    forgets: saved.map((file) => file.saved),
    givenBack: [
      ...(chosen === undefined ? [] : [{ kind: "restored" as const, path, saved: chosen.from }]),
      ...saved.flatMap(({ from, state }) =>
        state === "ok" ? [] : [{ kind: "not restored" as const, path, saved: from, reason: state }],
      ),
    ],
  };
}

function restoreOf({ path, previous, text }: ReleasedLink, saved: string): LinkChange {
  return { path, target: previous ?? text, previous: null, saved };
}

function stateOf(from: string, stamp: string): "ok" | "gone" | "changed" {
  if (!exists(from)) return "gone";
  return savedStamp(from) === stamp ? "ok" : "changed";
}
