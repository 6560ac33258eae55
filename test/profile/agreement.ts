import assert from "node:assert/strict";
import { lstatSync } from "node:fs";
import { basename, join, relative } from "node:path";
import type { Installation } from "../../src/package/installation.ts";
import { inData, inPrefix } from "../../src/package/place.ts";
import { isSameRecord } from "../../src/package/same-record.ts";
import { entriesBelow } from "./life-snapshot.ts";
import type { ProfileHome } from "./profile-home.ts";

/** True for an absolute path that a person has changed. */
export type IsEdited = (path: string) => boolean;

const { signal } = new AbortController();

/** What in a home does not agree: database, store, links and generations. Empty: all does. */
export async function disagreements(home: ProfileHome, isEdited: IsEdited): Promise<readonly string[]> {
  const { installations, generations, profile, blobs, journal } = home;
  const found: string[] = [];
  const installed = installations.needs().flatMap(({ name }) => installations.get(name) ?? []);
  const names = new Set(installed.map(({ name }) => name));
  for (const open of journal.open()) found.push(`intent ${open.id} is open`);
  for (const item of installed) {
    for (const { path, state } of await profile.verify(item, signal)) {
      if (state !== "ok" && !isEdited(path)) found.push(`${item.name}: ${path} is ${state}`);
    }
    for (const needed of item.dependencies) if (!names.has(needed)) found.push(`${item.name} lacks ${needed}`);
    for (const { path } of item.links) {
      if (installations.linkOwner(path) !== item.name) found.push(`${item.name} does not own ${path}`);
    }
  }
  for (const digest of installations.referencedDigests()) {
    if (!blobs.has(digest)) found.push(`${digest} is not in the store`);
  }
  return [
    ...found,
    ...strayLinks(home, isEdited),
    ...chainBreaks(home, installed),
    ...(await unrestorable(home)),
  ].concat(generations.current() < generations.oldest() ? ["generations are out of order"] : []);
}

/** Links, and copies that nobody has edited, that nothing records, at the places of links. */
function strayLinks({ bin, prefix, share, installations }: ProfileHome, isEdited: IsEdited): readonly string[] {
  const stray = (root: string, isOurs: (path: string) => boolean, placeOf: (path: string) => string) =>
    filesBelow(root).filter((path) => {
      const place = relative(root, path);
      return (
        isOurs(path) &&
        !isEdited(path) &&
        !place.startsWith("Cellar/") &&
        installations.linkOwner(placeOf(place)) === null
      );
    });
  const isLink = (path: string) => lstatSync(path).isSymbolicLink();
  return [
    ...stray(bin, isLink, (place) => place),
    ...stray(share, isLink, inData),
    ...stray(prefix, (path) => basename(path) !== ".pkg-home", inPrefix),
  ].map((path) => `nothing records ${path}`);
}

function filesBelow(root: string): readonly string[] {
  const entries = entriesBelow(root).filter((entry) => !entry.isDirectory());
  return entries.map(({ parentPath, name }) => join(parentPath, name));
}

/** What one generation left is what the next one found, and what the last one left is what is there. */
function chainBreaks({ generations }: ProfileHome, installed: readonly Installation[]): readonly string[] {
  const last = new Map<string, number | null>();
  const breaks: string[] = [];
  const read = (id: number | null) => (id === null ? null : generations.edition(id));
  for (const { number, changes } of generations.list()) {
    for (const { name, before, after } of changes) {
      const [left, found] = [last.get(name), before?.id ?? null];
      // To read each takes long; most often they are one.
      const isBroken = left !== undefined && left !== found && !isSameRecord(read(left), read(found));
      if (isBroken) breaks.push(`generation ${number} did not find ${name} as it was left`);
      last.set(name, after?.id ?? null);
    }
  }
  const now = new Map(installed.map((item) => [item.name, item]));
  for (const [name, left] of last) {
    if (!isSameRecord(read(left), now.get(name) ?? null)) breaks.push(`${name} is not as the last generation left it`);
  }
  return breaks;
}

/** What a kept generation could bring back, and the store does not hold. */
async function unrestorable({ generations, profile }: ProfileHome): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const item of generations.changedSince(generations.oldest()).values()) {
    if (item !== null && (await profile.stored(item, signal)) === null) lost.push(`${item.name} cannot be restored`);
  }
  return lost;
}

/** Fails, and says what does not agree. */
export async function assertAgreement(home: ProfileHome, isEdited: IsEdited = () => false): Promise<void> {
  assert.deepEqual(await disagreements(home, isEdited), []);
}
