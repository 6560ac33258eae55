import assert from "node:assert/strict";
import { test } from "node:test";
import type { IndexMeta } from "../../src/index-database/package-index.ts";
import { refreshIndexes } from "../../src/repositories/refresh.ts";
import { checkUse, usableIndexes } from "../../src/repositories/use-index.ts";
import { openLookup } from "../../src/resolve/lookup.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { type IndexFacts, indexText, makeKeySet, packed, signIndex } from "../support/signed-index.ts";
import { makeSyncWorld, NOW, type SyncWorld } from "./sync-world.ts";

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const [key, stranger] = [createSigner(), createSigner()];

function signed(facts: Partial<IndexFacts> = {}, signer = key) {
  const index = packed(indexText({ issuedMs: NOW, keySets: [makeKeySet({ keys: [key] })], ...facts }));
  return { index, signatures: signIndex(index, [signer]) };
}

/** A world in which no other repository is asked for anything. */
async function loneWorld(t: Parameters<typeof makeSyncWorld>[0]): Promise<SyncWorld> {
  const world = await makeSyncWorld(t);
  world.configure(NO_DEFAULT_REPOSITORIES);
  world.serve(signed());
  await world.sync();
  // The age of an index is that of its file, which has the time of this machine.
  world.context().indexes.touch("tools", NOW);
  world.takeEvents();
  world.takeRequests();
  return world;
}

function messages(world: SyncWorld): readonly string[] {
  return world.takeEvents().flatMap((event) => ("message" in event ? [`${event.kind}: ${event.message}`] : []));
}

function metaOf(world: SyncWorld): IndexMeta {
  const index = world.context().indexes.open("tools");
  assert.ok(index !== null);
  index.close();
  return index.meta;
}

test("checkUse() refuses an index by the clock, with room for clocks that are apart", async (t) => {
  const meta = metaOf(await loneWorld(t));
  const at = (now: number, ...skip: readonly "freshness"[]) =>
    checkUse({ now: () => now }, { name: "tools", meta }, skip);
  const [issued, expires] = [NOW, NOW + 30 * DAY_MS];
  for (const now of [issued - 9 * MINUTE_MS, issued, expires, expires + 9 * MINUTE_MS]) assert.deepEqual(at(now), []);
  assert.throws(() => at(expires + 11 * MINUTE_MS), { code: "INDEX_EXPIRED", hint: /--allow-stale/ });
  assert.throws(() => at(issued - 11 * MINUTE_MS), { code: "CLOCK_WRONG" });
  assert.throws(() => at(issued - 11 * MINUTE_MS, "freshness"), { code: "CLOCK_WRONG" });
  assert.deepEqual(at(expires + DAY_MS, "freshness"), ["freshness"]);
  // An index that has not expired needs no waiver.
  assert.deepEqual(at(issued, "freshness"), []);
  assert.deepEqual(
    checkUse({ now: () => expires + DAY_MS }, { name: "tools", meta: { ...meta, trust: null } }, ["freshness"]),
    [],
  );
});

test("refreshIndexes() fetches an index that has expired, and usableIndexes() leaves out those that stay expired", async (t) => {
  const world = await loneWorld(t);
  world.setClock(NOW + 31 * DAY_MS);
  const lookup = await openLookup(world.context());
  t.after(() => lookup.close());
  assert.deepEqual(world.takeRequests(), ["GET /index.json.zst"]);
  assert.match(
    messages(world).join("\n"),
    /note: The index of tools expired at 2026-03-31T12:00:00Z; run `pkg sync tools`/,
  );
  const of = (wanted: string, ...skip: readonly "freshness"[]) =>
    usableIndexes(world.context(), lookup.indexes, { wanted: new Set([wanted]), skip });
  assert.deepEqual(
    [of("tools").indexes.size, [...of("tools").errors.values()].map(({ code }) => code)],
    [0, ["INDEX_EXPIRED"]],
  );
  assert.equal(of("others").errors.size, 0);
  assert.equal(of("tools", "freshness").indexes.size, 1);
  world.serve(signed({ serial: 2, issuedMs: NOW + 31 * DAY_MS }));
  await refreshIndexes(world.context());
  assert.equal(metaOf(world).trust?.serial, 2);
});

test("refreshIndexes() says why a newer index was refused, and uses the existing one", async (t) => {
  const world = await loneWorld(t);
  world.setClock(NOW + 7 * HOUR_MS);
  world.serve(signed({ serial: 2 }, stranger));
  assert.equal((await refreshIndexes(world.context())).usable.length, 1);
  assert.match(
    messages(world).join("\n"),
    /warning: Cannot sync "tools": its index is signed by .*; the previous index is used/,
  );
  assert.equal(metaOf(world).trust?.serial, 1);
});

test("refreshIndexes() takes an index for none that was checked by other rules than the config has now", async (t) => {
  const world = await loneWorld(t);
  const keys = (text: string) => world.configure(`keys = ["${text}"]\n${NO_DEFAULT_REPOSITORIES}`);
  keys(stranger.publicKey);
  await assert.rejects(refreshIndexes(world.context()), { code: "SIGNATURE_UNTRUSTED" });
  keys(key.publicKey);
  assert.equal((await refreshIndexes(world.context())).usable.length, 1);
  assert.match(messages(world).join("\n"), /as those in the config signed them/);
});
