import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runPkg } from "../support/run-pkg.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { tempHome } from "../support/temp-home.ts";

const EMPTY = [
  ["list", /^Nothing is installed$/m],
  ["verify", /^Nothing is installed$/m],
  ["update", /^Nothing is installed$/m],
  ["outdated", /^Nothing is installed$/m],
  ["list --outdated", /^Nothing is installed$/m],
  ["sync", /^No repository is enabled$/m],
  ["key show", /^There are no keys; `pkg key generate` makes one$/m],
  ["oci layout ls empty", /^The layout holds no manifests$/m],
  ["oci tags oci:empty", /^There are no tags$/m],
  ["oci referrers oci:full:v1", /^Nothing refers to sha256:\w+$/m],
] as const;

test("what has nothing to show says so in a word on stderr, and leaves stdout empty", async (t) => {
  const home = tempHome(t);
  writeFileSync(join(home, "config.toml"), NO_DEFAULT_REPOSITORIES);
  mkdirSync(join(home, "empty", "blobs", "sha256"), { recursive: true });
  writeFileSync(join(home, "empty", "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(home, "empty", "index.json"), '{"schemaVersion":2,"manifests":[]}');
  writeFileSync(join(home, "note.txt"), "x");
  const run = (line: string) => runPkg(line.replaceAll(/oci:|ls /g, `$&${home}/`).split(" "), { home });
  assert.equal((await run("oci push oci:full:v1 note.txt")).code, 0);
  for (const [line, word] of EMPTY) {
    await t.test(line, async () => {
      const { code, stdout, stderr } = await run(line);
      assert.equal(stdout, "", stderr);
      assert.match(stderr, word);
      assert.equal(code, 0);
      assert.equal((await run(`${line} --quiet`)).stderr, "");
    });
  }
});

test("what failed is told instead of nothing", async (t) => {
  const { code, stdout, stderr } = await runPkg(["list", "nosuch"], { home: tempHome(t) });
  assert.equal(stdout, "");
  assert.doesNotMatch(stderr, /Nothing is installed/);
  assert.equal(code, 1);
});
