import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "../../src/state/database.ts";
import { openPicture } from "../../src/state/picture.ts";
import { createRepositoryOwners } from "../../src/state/repository-owners.ts";
import { useStore } from "../../src/state/store-use.ts";
import { tempDirectory } from "../support/temp-home.ts";

const ONE = { name: "tools", url: "https://one.example/index.json", isBuiltInAddress: false };
const INDEX = {
  identity: null,
  keySet: null,
  signedAtMs: null,
  keySets: [],
  isFirst: true,
  configured: ["tools"],
  now: 1,
};

test("openDatabase() of a named profile keeps whom to trust in the shared database", (t) => {
  const [own, shared] = ["profile.db", "state.db"].map((name) => join(tempDirectory(t), name));
  assert.ok(own !== undefined && shared !== undefined);
  const database = openDatabase(own, { shared });
  createRepositoryOwners(database).accept({ ...ONE, ...INDEX });
  assert.deepEqual(
    database.all("SELECT repository_owners.* FROM repository_owners WHERE repository_owners.name = 'no'"),
    [],
  );
  database.close();
  const names = (path: string, of?: string) =>
    openPicture(path, of)
      .all<{ name: string }>("SELECT name FROM repository_owners")
      .map(({ name }) => name);
  assert.deepEqual([names(own), names(shared), names(own, shared)], [[], ["tools"], ["tools"]]);
});

test("createRepositoryOwners() gives packages of other profiles to no other repository of the same name", (t) => {
  const database = openDatabase(join(tempDirectory(t), "state.db"));
  const owners = createRepositoryOwners(database, () => true);
  owners.accept({ ...ONE, ...INDEX });
  const before = owners.inUse("tools")?.id;
  owners.accept({ ...ONE, url: "https://two.example/index.json", ...INDEX });
  assert.notEqual(owners.inUse("tools")?.id, before);
  database.close();
});

test("useStore() lets nothing be removed while another process uses the store", (t) => {
  const path = join(tempDirectory(t), "blobs.lock");
  const [one, other] = [useStore(path), useStore(path)];
  let removed = 0;
  const remove = () => {
    removed += 1;
  };
  assert.equal(one.alone(remove), false);
  other.close();
  assert.equal(one.alone(remove), true);
  assert.equal(removed, 1);
  one.close();
});
