import type { V1Entry } from "../generated/index-schema.js";
import type { KeySet } from "../package/key-set.ts";
import { newestOf, spelled } from "../package/version.ts";
import { compareEntries } from "./document.ts";
import type { IndexDocument } from "./read-document.ts";

/** What tells an entry apart from every other one. */
export interface EntryName {
  readonly name: string;
  readonly id: string;
  readonly version: string;
  readonly host: string;
  readonly libc: string | null;
}

/** A package that both indexes have, where the newest version has changed. */
export interface NewestChange {
  readonly name: string;
  readonly id: string;
  readonly before: string;
  readonly after: string;
}

/** A package that is no longer there, with its newest version. */
export interface GonePackage {
  readonly name: string;
  readonly id: string;
  readonly before: string;
}

/** The same version with other content, although published content must not change. */
export interface ReplacedEntry extends EntryName {
  /** The program's digest, or if that is the same, the manifest's. */
  readonly before: string;
  readonly after: string;
}

export interface EditedEntry extends EntryName {
  /** The fields that differ for the same content. */
  readonly fields: readonly string[];
}

export interface IndexDiff {
  readonly added: readonly EntryName[];
  readonly removed: readonly EntryName[];
  readonly newest: readonly NewestChange[];
  readonly replaced: readonly ReplacedEntry[];
  readonly edited: readonly EditedEntry[];
  /** The sets in force; null: they are the same. */
  readonly keySetChange: { readonly before: KeySet | null; readonly after: KeySet | null } | null;
}

type Compared = Pick<IndexDocument, "entries"> & { readonly keySet: KeySet | null };

/** What has changed for a reader of the new index. */
export function diffIndexes(before: Compared, after: Compared): IndexDiff {
  const [old, now] = [byIdentity(before.entries), byIdentity(after.entries)];
  const both = [...now].flatMap(([key, entry]) => {
    const earlier = old.get(key);
    return earlier === undefined ? [] : [{ earlier, entry }];
  });
  return {
    added: namesOf([...now].filter(([key]) => !old.has(key))),
    removed: namesOf([...old].filter(([key]) => !now.has(key))),
    newest: newestChanges(before.entries, after.entries),
    replaced: both.flatMap(({ earlier, entry }) => replacement(earlier, entry)),
    edited: both.flatMap(({ earlier, entry }) => edit(earlier, entry)),
    keySetChange:
      keySetText(before.keySet) === keySetText(after.keySet) ? null : { before: before.keySet, after: after.keySet },
  };
}

/** How many packages there are: a package may have an entry for each version, and for each platform. */
export function countPackages(entries: readonly V1Entry[]): number {
  return new Set(entries.map(packageKey)).size;
}

/** A text that two entries have in common if one of them takes the place of the other, however its version is spelled. */
export function entryIdentity({ pkg_id, pkg_name, pkg_type, pkg_family, version, host, libc }: V1Entry): string {
  return [pkg_id, pkg_name, pkg_type, pkg_family ?? "", spelled(version), host.toLowerCase(), libc ?? ""].join("\0");
}

function byIdentity(entries: readonly V1Entry[]): ReadonlyMap<string, V1Entry> {
  return new Map(entries.toSorted(compareEntries).map((entry) => [entryIdentity(entry), entry]));
}

/** What names an entry in a diff. */
export function entryName({ pkg_name, pkg_id, version, host, libc }: V1Entry): EntryName {
  return { name: pkg_name, id: pkg_id, version, host: host.toLowerCase(), libc: libc ?? null };
}

function namesOf(entries: readonly (readonly [string, V1Entry])[]): readonly EntryName[] {
  return entries.map(([, entry]) => entryName(entry));
}

function newestChanges(before: readonly V1Entry[], after: readonly V1Entry[]): readonly NewestChange[] {
  const old = newestEntries(before);
  return [...newestEntries(after).values()].flatMap((entry) => {
    const earlier = old.get(packageKey(entry));
    if (earlier === undefined || spelled(earlier.version) === spelled(entry.version)) return [];
    return [{ name: entry.pkg_name, id: entry.pkg_id, before: earlier.version, after: entry.version }];
  });
}

/** Packages of which only the earlier index has a version. */
export function gonePackages(before: readonly V1Entry[], after: readonly V1Entry[]): readonly GonePackage[] {
  const now = newestEntries(after);
  const gone = [...newestEntries(before)].filter(([key]) => !now.has(key));
  return gone.map(([, { pkg_name, pkg_id, version }]) => ({ name: pkg_name, id: pkg_id, before: version }));
}

/** The entry of each package's newest version. */
function newestEntries(entries: readonly V1Entry[]): ReadonlyMap<string, V1Entry> {
  const groups = [...Map.groupBy(entries.toSorted(compareEntries), packageKey)];
  return new Map(
    groups.flatMap(([key, group]) => {
      const newest = newestOf(group, ({ version }) => version);
      return newest === null ? [] : [[key, newest]];
    }),
  );
}

/** A text that the entries of one package have in common. */
export function packageKey({ pkg_id, pkg_name }: Pick<V1Entry, "pkg_id" | "pkg_name">): string {
  return `${pkg_id}\0${pkg_name}`;
}

function replacement(earlier: V1Entry, entry: V1Entry): readonly ReplacedEntry[] {
  const name = entryName(entry);
  if (earlier.shasum !== entry.shasum) {
    return [{ ...name, before: `sha256:${earlier.shasum}`, after: `sha256:${entry.shasum}` }];
  }
  const [before, after] = [earlier.manifest_digest ?? "", entry.manifest_digest ?? ""];
  return before === after ? [] : [{ ...name, before, after }];
}

const CONTENT_FIELDS: readonly string[] = ["shasum", "bsum", "size_raw", "ghcr_blob", "manifest_digest"];

function edit(earlier: V1Entry, entry: V1Entry): readonly EditedEntry[] {
  const [before, after] = [new Map(Object.entries(earlier)), new Map(Object.entries(entry))];
  const fields = [...new Set([...before.keys(), ...after.keys()])].filter(
    (field) =>
      !CONTENT_FIELDS.includes(field) && JSON.stringify(before.get(field)) !== JSON.stringify(after.get(field)),
  );
  return fields.length === 0 ? [] : [{ ...entryName(entry), fields: fields.sort() }];
}

function keySetText(set: KeySet | null): string {
  return set === null ? "" : JSON.stringify([set.version, set.threshold, set.keys.toSorted()]);
}
