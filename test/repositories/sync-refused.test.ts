import assert from "node:assert/strict";
import { test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { flippedIndexes } from "./refused-by-content.ts";
import { REFUSED } from "./refused-indexes.ts";
import { nextIndex, pinnedIndex } from "./refused-publisher.ts";
import { makeSyncWorld, NOW, type SyncWorld } from "./sync-world.ts";

async function refusal(world: SyncWorld): Promise<PkgError> {
  try {
    await world.sync();
  } catch (error) {
    if (error instanceof PkgError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "it was taken" });
}

test("syncRepository() refuses every index that is older, expired, another repository's, wrongly signed, damaged or re-keyed", async (t) => {
  assert.ok(REFUSED.length >= 100, `there are ${REFUSED.length}`);
  const world = await makeSyncWorld(t);
  world.serve(pinnedIndex);
  await world.sync();
  const before = await world.state();
  for (const { name, served, code, message, clock = NOW } of REFUSED) {
    await t.test(name, async () => {
      world.serve(served);
      world.setClock(clock);
      const error = await refusal(world);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      assert.equal(await world.state(), before);
    });
  }
  world.serve(nextIndex);
  world.setClock(NOW);
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { serial: 8, pinning: "kept" } });
});

test("syncRepository() refuses an index with a byte changed, wherever that is", async (t) => {
  const world = await makeSyncWorld(t);
  world.serve(pinnedIndex);
  await world.sync();
  const before = await world.state();
  for (const served of flippedIndexes()) {
    world.serve(served);
    await refusal(world);
  }
  assert.equal(await world.state(), before);
});
