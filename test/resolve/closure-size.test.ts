import assert from "node:assert/strict";
import { test } from "node:test";
import type { IndexMeta, PackageIndex } from "../../src/index-database/package-index.ts";
import type { PackageEntry } from "../../src/package/metadata.ts";
import type { Resolution } from "../../src/plan/resolution.ts";
import { withDependencies } from "../../src/resolve/closure.ts";
import { NO_LOOKUP } from "../../src/resolve/lookup.ts";
import type { Resolved } from "../../src/resolve/resolve.ts";
import { resolveEntry } from "../../src/resolve/resolve-entry.ts";
import { makeSyncWorld } from "../repositories/sync-world.ts";
import { makeEntry } from "../support/entries.ts";
import type { Cleanup } from "../support/temp-home.ts";

const META: Pick<IndexMeta, "trust"> = { trust: null };

/** An index of these entries alone, as far as resolving needs one. */
function indexOf(entries: readonly PackageEntry[]): PackageIndex {
  const byName = Map.groupBy(entries, ({ name }) => name);
  const unused = () => assert.fail("resolving a closure does not need it");
  return {
    meta: META as IndexMeta,
    names: () => new Set<string>(),
    byName: (name) => byName.get(name) ?? entries.filter(({ aliases }) => aliases.includes(name)),
    elsewhere: () => [],
    ...{ byProvides: unused, search: unused, countMatches: unused, suggest: unused, all: unused, count: unused },
    close: () => {},
  };
}

/** The closure of `n0`, where each entry needs what `needs` says. */
async function closureOf(t: Cleanup, count: number, needs: (at: number) => readonly string[]) {
  const { config, now, records } = (await makeSyncWorld(t)).context();
  const cap = { config, now };
  const entries = Array.from({ length: count }, (_, at) => makeEntry({ name: `n${at}`, dependencies: needs(at) }));
  const [root = makeEntry()] = entries;
  const { installations } = await records();
  const lookup = { ...NO_LOOKUP, indexes: new Map([["tools", indexOf(entries)]]) };
  const chosen = { requested: "n0", wish: null, version: root.version, snapshot: null, skip: [], installed: null };
  const meta = META as IndexMeta;
  const owned = { owner: null, meta, isOtherVersion: false };
  const resolution = resolveEntry(cap, { repository: "tools", entry: root }, { ...chosen, ...owned });
  return withDependencies({ cap, lookup, installations, skip: [] }, [{ requested: "n0", resolution }]);
}

function resolutionsOf(resolved: readonly Resolved[]): readonly Resolution[] {
  return resolved.flatMap((item) => ("resolution" in item ? [item.resolution] : assert.fail(item.error.message)));
}

test("withDependencies() resolves a chain of 2,000, what is needed first", async (t) => {
  const chain = resolutionsOf(await closureOf(t, 2000, (at) => (at < 1999 ? [`n${at + 1}`] : [])));
  assert.equal(chain.length, 2000);
  assert.deepEqual([chain[0]?.name, chain.at(-1)?.name], ["n1999", "n0"]);
  assert.deepEqual([chain[0]?.isDependency, chain.at(-1)?.isDependency], [true, false]);
});

test("withDependencies() resolves a package that needs 2,000, which all need one, once each", async (t) => {
  const all = Array.from({ length: 1999 }, (_, at) => `n${at + 1}`);
  const flat = resolutionsOf(await closureOf(t, 2000, (at) => (at === 0 ? all : at === 1999 ? [] : ["n1999"])));
  assert.equal(new Set(flat.map(({ name }) => name)).size, 2000);
  assert.equal(flat.length, 2000);
});

test("withDependencies() goes round a cycle of 50 once", async (t) => {
  const ring = resolutionsOf(await closureOf(t, 50, (at) => [`n${(at + 1) % 50}`, `n${at}`]));
  assert.equal(ring.length, 50);
});

test("withDependencies() refuses a closure of more than 10,000", async (t) => {
  await assert.rejects(
    closureOf(t, 10_002, (at) => (at < 10_001 ? [`n${at + 1}`] : [])),
    { code: "PACKAGE_UNINSTALLABLE", message: /more than 10000 packages/ },
  );
});
