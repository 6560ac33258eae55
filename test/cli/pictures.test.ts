import assert from "node:assert/strict";
import { test } from "node:test";
import { openDatabase } from "../../src/state/database.ts";
import { createJournal } from "../../src/state/journal.ts";
import { makeSyncWorld } from "../repositories/sync-world.ts";
import { recordSample, sampleInstallation } from "../state/sample-installation.ts";

test("records() reads the state once, until somebody changes it", async (t) => {
  const context = (await makeSyncWorld(t)).context();
  const before = await context.records();
  assert.equal(await context.records(), before);
  const writer = openDatabase(context.config.paths.stateDatabase);
  t.after(() => writer.close());
  recordSample(createJournal(writer), sampleInstallation("trurl"));
  const after = await context.records();
  assert.deepEqual(
    after.installations.list().map(({ name }) => name),
    ["trurl"],
  );
  assert.equal(await context.records(), after);
});
