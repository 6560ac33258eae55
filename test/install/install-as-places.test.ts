import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runPkg } from "../support/run-pkg.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

test("install --as takes a reference: it is saved, locked and applied under that name, and updated by it", async (t) => {
  const home = tempHome(t);
  const work = tempDirectory(t);
  const ok = async (line: string) => {
    const result = await runPkg(line.split(" "), { home, cwd: work });
    assert.equal(result.code, 0, `${line}: ${result.stderr}`);
    return result.stdout;
  };
  writeFileSync(join(work, "hello"), "#!/bin/sh\necho one\n");
  chmodSync(join(work, "hello"), 0o755);
  await ok(`oci push oci:${join(work, "lay")}:1.0 hello`);
  await ok("install oci:lay:1.0");
  await ok("install oci:lay:1.0 --as hello1 --save --offline");
  const bin = () => readdirSync(join(home, "bin")).toSorted();
  assert.deepEqual(bin(), ["hello", "hello1"]);
  assert.match(readFileSync(join(home, "packages.toml"), "utf8"), /hello1 = \{.*package = "hello"/);
  await ok("lock");
  await ok("update hello1");
  await ok("reinstall hello1");
  await ok("remove hello1");
  assert.deepEqual(bin(), ["hello"]);
  await ok("apply --locked");
  assert.deepEqual(bin(), ["hello", "hello1"]);
});
