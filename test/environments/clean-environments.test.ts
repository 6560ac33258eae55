import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { resolvePaths } from "../../src/config/paths.ts";
import { cleanEnvironments } from "../../src/environments/clean-environments.ts";
import { makeSampleHome } from "../support/sample-home.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

test("cleanEnvironments() removes what was not used for a while, and nothing that runs", async (t) => {
  const home = await makeSampleHome(t);
  const packages = ["a", "b"].map((name) => home.build({ name, version: "1", program: "echo; cat\n" }));
  await home.push(...packages);
  home.publishIndex(...packages);
  for (const name of ["a", "b"]) assert.equal((await home.pkg(["run", name])).code, 0);
  const paths = resolvePaths({ home: home.path, configFile: undefined, env: {} });
  const root = join(home.path, "run");
  const [first = "", second = ""] = readdirSync(root).filter((name) => !name.startsWith("."));
  mkdirSync(join(root, "own"));
  const clean = (olderThanMs: number, isDryRun = false) =>
    cleanEnvironments(paths, { olderThanMs, isDryRun, nowMs: Date.now(), locked: new Set() }).map(
      ({ directory }) => directory,
    );
  assert.deepEqual(clean(DAY_MS), []);

  utimesSync(join(root, first), 0, 0);
  assert.deepEqual(clean(DAY_MS, true), [join(root, first)]);
  const [program = ""] = readdirSync(join(root, first, "bin"));
  const child = spawn(join(root, first, "bin", program), { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  assert.deepEqual(clean(DAY_MS), []);
  child.stdin.end();
  await once(child, "close");
  assert.deepEqual(clean(DAY_MS), [join(root, first)]);
  assert.ok(!existsSync(join(root, first)));

  assert.deepEqual(clean(-1), [join(root, second)]);
  assert.deepEqual(readdirSync(root).toSorted(), [".found", "own"]);
  assert.equal((await home.pkg(["run", "a"])).code, 0);
});
