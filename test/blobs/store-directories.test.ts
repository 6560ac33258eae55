import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { createStoreDirectories } from "../../src/blobs/store-directories.ts";
import { tempDirectory } from "../support/temp-home.ts";

const root = tempDirectory({ after });

test("createStoreDirectories() makes directories at once, and says when the entry of each is durable", async () => {
  const syncs = new Map<string, PromiseWithResolvers<void>>();
  const directories = createStoreDirectories((directory) => {
    const syncing = Promise.withResolvers<void>();
    syncs.set(directory, syncing);
    return syncing.promise;
  });
  const store = join(root, "blobs");
  directories.ensure(join(store, "partial"));
  directories.ensure(join(store, "partial"));
  assert.ok(existsSync(join(store, "partial")));
  assert.deepEqual([...syncs.keys()], [root, store]);
  let isDurable = false;
  const durable = directories.durable().then(() => {
    isDurable = true;
  });
  syncs.get(store)?.resolve();
  await Promise.resolve();
  assert.equal(isDurable, false);
  syncs.get(root)?.resolve();
  await durable;
});

test("createStoreDirectories() tells whoever waits that a directory could not be made durable", async () => {
  const directories = createStoreDirectories(() => Promise.reject(new Error("the disk is broken")));
  directories.ensure(join(root, "others"));
  await assert.rejects(directories.durable(), /the disk is broken/);
});
