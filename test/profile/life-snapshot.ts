import assert from "node:assert/strict";
import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";
import type { Installation } from "../../src/package/installation.ts";
import { isInPrefix } from "../../src/package/place.ts";
import { pathIn } from "./life-packages.ts";
import type { ProfileHome } from "./profile-home.ts";

/** What is recorded, what each recorded file holds, and what is in the directories of links; by what it is of. */
export type Snapshot = ReadonlyMap<string, string>;

/** What a person or a program has written begins so: no undo brings it back, or takes it away. */
export const EDITED = "edited in";
export const WRITTEN = "written in";
/** What somebody has put at the place of a link. */
export const FOREIGN = "mine";

/** Takes a snapshot of a home. */
export function snapshot(home: ProfileHome): Snapshot {
  const installed = home.installations.needs().flatMap(({ name }) => home.installations.get(name) ?? []);
  const trees = [home.bin, home.prefix, home.share].flatMap((root) => entriesBelow(root));
  return new Map([
    ...installed.map((item) => [`record of ${item.name}`, recordOf(item)] as const),
    ...installed.flatMap((item) =>
      item.files.map(({ path }) => [`${item.name}: ${path}`, describe(pathIn(home, item, path))] as const),
    ),
    ...trees.flatMap((entry) => describeEntry(entry, home)),
  ]);
}

function recordOf({ installedAt: _, owner: _owner, directory, links, taken, ...rest }: Installation): string {
  const byPath = (list: Installation["links"]) => list.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return JSON.stringify({
    ...rest,
    ...{ directory: isInPrefix(directory) ? directory : null, links: byPath(links), taken: byPath(taken) },
  });
}

/** Directories of the prefix stay as long as something that was written is in them. */
function describeEntry(entry: Dirent, { prefix, share }: ProfileHome): readonly (readonly [string, string])[] {
  const path = join(entry.parentPath, entry.name);
  if (entry.isDirectory()) return path.startsWith(share) ? [[path, "directory"]] : [];
  const isKeg = relative(prefix, path).startsWith("Cellar/");
  return isKeg || entry.name === ".pkg-home" ? [] : [[path, describe(path)]];
}

function describe(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return "nothing";
  if (stats.isSymbolicLink())
    return `-> ${readlinkSync(path).replace(/(packages\/[^/]+\/\d+)-[0-9a-f]+(?:-\d+)?\//, "$1/")}`;
  const content = readFileSync(path, "utf8");
  return content.startsWith(EDITED) ? EDITED : `${(stats.mode & 0o7777).toString(8)} ${content}`;
}

/** All that is below a directory; links are not followed, as readdir() would. */
export function entriesBelow(root: string): readonly Dirent[] {
  const entries = existsSync(root) ? readdirSync(root, { withFileTypes: true }) : [];
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry, ...entriesBelow(join(root, entry.name))] : [entry]));
}

/** The part of it that is recorded. */
export function recordsIn(state: Snapshot): string {
  return JSON.stringify([...state].filter(([key]) => key.startsWith("record of ")));
}

/** Fails where something is not as it was, but for what somebody has edited. */
export function assertSame(now: Snapshot | null, then: Snapshot, what: string): void {
  if (now === null) throw new Error("there is nothing to compare");
  const changed = [...new Set([...now.keys(), ...then.keys()])].filter(
    (key) => now.get(key) !== then.get(key) && now.get(key) !== EDITED && then.get(key) !== EDITED,
  );
  const read = (from: Snapshot) => Object.fromEntries(changed.map((key) => [key, from.get(key) ?? "nothing"]));
  assert.deepEqual(read(now), read(then), what);
}
