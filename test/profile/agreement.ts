import assert from "node:assert/strict";
import { existsSync, lstatSync, readdirSync, readlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Installation } from "../../src/package/installation.ts";
import { isSameRecord } from "../../src/package/same-record.ts";
import type { ProfileHome } from "./profile-home.ts";

const { signal } = new AbortController();

/**
 * What in a home does not agree: database, store, links and generations. Empty: all does.
 *
 * @param isEdited true for an absolute path that a person has changed
 */
export async function disagreements(
  home: ProfileHome,
  isEdited: (path: string) => boolean,
): Promise<readonly string[]> {
  const { installations, generations, profile, blobs, journal } = home;
  const found: string[] = [];
  const installed = installations.list().flatMap(({ name }) => installations.get(name) ?? []);
  for (const open of journal.open()) found.push(`intent ${open.id} is open`);
  for (const item of installed) {
    for (const { path, state } of await profile.verify(item, signal)) {
      if (state !== "ok" && !isEdited(path)) found.push(`${item.name}: ${path} is ${state}`);
    }
    for (const { path } of item.links) {
      if (installations.linkOwner(path) !== item.name) found.push(`${item.name} does not own ${path}`);
    }
  }
  for (const digest of installations.referencedDigests()) {
    if (!blobs.has(digest)) found.push(`${digest} is not in the store`);
  }
  return [
    ...found,
    ...strayLinks(home, installed),
    ...chainBreaks(home, installed),
    ...(await unrestorable(home)),
  ].concat(generations.current() < generations.oldest() ? ["generations are out of order"] : []);
}

/** Links into the packages directory that nothing records. */
function strayLinks(
  { bin, packages, installations }: ProfileHome,
  installed: readonly Installation[],
): readonly string[] {
  const owned = new Set(installed.flatMap(({ links }) => links.map(({ path }) => path)));
  return namesIn(bin).filter((name) => {
    const path = join(bin, name);
    if (!lstatSync(path).isSymbolicLink() || owned.has(name)) return false;
    const to = resolve(dirname(path), readlinkSync(path));
    return to.startsWith(`${packages}/`) && installations.linkOwner(name) === null;
  });
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

/** What one generation left is what the next one found, and what the last one left is what is there. */
function chainBreaks({ generations }: ProfileHome, installed: readonly Installation[]): readonly string[] {
  const last = new Map<string, Installation | null>();
  const breaks: string[] = [];
  const read = (id: number | null) => (id === null ? null : generations.edition(id));
  for (const { number, changes } of generations.list()) {
    for (const { name, before, after } of changes) {
      const left = last.get(name);
      const isBroken = left !== undefined && !isSameRecord(left, read(before?.id ?? null));
      if (isBroken) breaks.push(`generation ${number} did not find ${name} as it was left`);
      last.set(name, read(after?.id ?? null));
    }
  }
  const now = new Map(installed.map((item) => [item.name, item]));
  for (const [name, left] of last) {
    if (!isSameRecord(left, now.get(name) ?? null)) breaks.push(`${name} is not as the last generation left it`);
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
export async function assertAgreement(
  home: ProfileHome,
  isEdited: (path: string) => boolean = () => false,
): Promise<void> {
  assert.deepEqual(await disagreements(home, isEdited), []);
}
