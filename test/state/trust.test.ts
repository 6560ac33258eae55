import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { sha256Digest } from "../../src/oci/digest.ts";
import { openDatabase } from "../../src/state/database.ts";
import { createTrustStore, type TrustStore } from "../../src/state/trust.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import { startChild } from "./child-process.ts";
import { trustRecord } from "./trust-record.ts";

const CHILD = join(import.meta.dirname, "trust-child.ts");
const CHANGED = { code: "STATE_CHANGED", message: /another process synced it in the meantime/ };

function openStore(t: Cleanup, path = join(tempDirectory(t), "state.db")): TrustStore & { readonly path: string } {
  const database = openDatabase(path);
  t.after(() => database.close());
  return { ...createTrustStore(database), path };
}

test("TrustStore remembers what it is told, and forgets it", (t) => {
  const store = openStore(t);
  assert.equal(store.get("tools"), null);
  const record = trustRecord({ givenKeys: ["RWx"] });
  store.advance(record, null);
  assert.deepEqual(store.get("tools"), record);
  assert.deepEqual(store.list(), [record]);
  assert.deepEqual(openStore(t, store.path).get("tools"), record);
  assert.equal(store.forget("tools"), true);
  assert.equal(store.forget("tools"), false);
  assert.equal(store.get("tools"), null);
});

test("TrustStore.advance() moves forward from the record that was read, or stays where it is", (t) => {
  const store = openStore(t);
  const [first, second] = [trustRecord(), trustRecord({ serial: 2 })];
  store.advance(first, null);
  store.advance(first, first);
  store.advance(second, first);
  assert.equal(store.get("tools")?.serial, 2);
});

test("TrustStore.advance() refuses what another process has overtaken", (t) => {
  const [mine, theirs] = (() => {
    const store = openStore(t);
    return [store, openStore(t, store.path)];
  })();
  const first = trustRecord();
  mine.advance(first, null);
  theirs.advance(trustRecord({ serial: 6 }), first);
  assert.throws(() => mine.advance(trustRecord({ serial: 5 }), first), CHANGED);
  assert.throws(() => mine.advance(trustRecord({ serial: 6, digest: sha256Digest("e".repeat(64)) }), first), CHANGED);
  assert.equal(mine.get("tools")?.serial, 6);
  // Both found the same index, or the next one, from the same record.
  mine.advance(trustRecord({ serial: 6 }), first);
  mine.advance(trustRecord({ serial: 7 }), first);
  assert.equal(theirs.get("tools")?.serial, 7);
});

test("TrustStore.advance() refuses a record based on keys that another process has changed, pinned or forgotten", (t) => {
  const store = openStore(t);
  const first = trustRecord();
  assert.throws(() => store.advance(trustRecord({ serial: 2 }), first), CHANGED);
  store.advance(first, null);
  assert.throws(() => store.advance(trustRecord({ serial: 2 }), null), CHANGED);
  const keySet = { ...first.keySet, version: 2 };
  store.advance(trustRecord({ keySet }), first);
  assert.throws(() => store.advance(trustRecord({ serial: 2 }), first), CHANGED);
  assert.deepEqual(store.get("tools")?.keySet, keySet);
});

test("TrustStore.advance() never lowers a serial, even when several processes write at the same time", async (t) => {
  const store = openStore(t);
  const children = [1, 2, 3].map((seed) => startChild(t, CHILD, [store.path, String(seed)]));
  for (const child of children) assert.equal(await child.line(), "ready");
  for (const child of children) child.process.stdin.write("go\n");
  let [last, running] = [0, children.length];
  for (const child of children) {
    void child.ended.then(() => {
      running -= 1;
    });
  }
  while (running > 0) {
    const serial = store.get("tools")?.serial ?? 0;
    assert.ok(serial >= last, `${serial} after ${last}`);
    last = serial;
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const child of children) assert.equal(await child.line(), "done");
  assert.equal(store.get("tools")?.serial, 603);
});
