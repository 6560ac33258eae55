import assert from "node:assert/strict";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeSampleHome } from "../support/sample-home.ts";

const directory = (version: string) => [
  { path: "bin/", type: "5", mode: 0o755 },
  { path: "bin/app", body: `#!/bin/sh\necho ${version}\n`, mode: 0o755 },
  { path: "share/data", body: `data of ${version}`, mode: 0o644 },
];

test("what the store has lost comes again by its digest in undo, rollback and use, or is named", async (t) => {
  const home = await makeSampleHome(t);
  const built = ["1.0.0", "2.0.0"].flatMap((version) => [
    home.build({ name: "tool", version }),
    home.build({ name: "app", version, directory: directory(version) }),
  ]);
  for (const item of built) await home.push(item);
  home.publishIndex(...built);
  const pkg = async (line: string, code = 0) => {
    const result = await home.pkg(line.split(" "));
    assert.equal(result.code, code, `${line}: ${result.stderr}`);
    return result.stdout + result.stderr;
  };
  const blobs = join(home.path, "blobs", "sha256");
  const lose = () => {
    for (const name of readdirSync(blobs)) rmSync(join(blobs, name));
  };
  const record = async () => {
    const { packages } = JSON.parse((await home.pkg(["list", "--json"])).stdout);
    return packages;
  };
  await pkg("install tool@1.0.0 app@1.0.0");
  const before = await record();
  await pkg("update tool@2.0.0 app@2.0.0");
  lose();
  assert.match(
    await pkg("undo --dry-run"),
    /would change app 2\.0\.0 → 1\.0\.0, fetched again\nwould change tool 2\.0\.0 → 1\.0\.0, fetched again\n$/,
  );
  const refused = await pkg("undo --offline", 1);
  assert.match(refused, /Cannot bring back "tool" 1\.0\.0: the store does not hold all of it, and cannot .*offline/s);
  assert.match(await pkg("undo"), /~ app 2\.0\.0 → 1\.0\.0\n~ tool 2\.0\.0 → 1\.0\.0/);
  assert.deepEqual(await record(), before);
  await pkg("verify");

  // What is damaged comes again too, and alone.
  const names = readdirSync(blobs);
  lose();
  for (const name of names) writeFileSync(join(blobs, name), "damaged");
  home.takeRequests();
  await pkg("use tool@2.0.0");
  await pkg("verify");
  assert(home.takeRequests().every((line) => !line.includes("/app/")));
  lose();
  await pkg("rollback tool");
  await pkg("verify");

  // What is gone is named, and the rest is done.
  await pkg("remove tool app");
  lose();
  rmSync(join(home.path, "served", "repositories"), { recursive: true, force: true });
  assert.match(await pkg("undo", 1), /Cannot bring back "app" .*: the store does not hold all of it, and /);
});
