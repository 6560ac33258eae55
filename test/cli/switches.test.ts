import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

test("run() takes switches however they are written, before and after the command", async (t) => {
  const home = tempHome(t);
  const told = async (...words: readonly string[]) => (await runPkg([...words, "--config", home], { home })).stderr;
  assert.doesNotMatch(await told("list"), /caused by/);
  assert.match(await told("list", "--verbose"), /caused by/);
  assert.match(await told("list", "-yv"), /caused by/);
  assert.match(await told("-vy", "list"), /caused by/);
  assert.doesNotMatch(await told("list", "--", "-v"), /caused by/);
});

test("run() prints JSON for --json=true, as it does for --json", async (t) => {
  const home = tempHome(t);
  const list = async (word: string) => jsonOf(await runPkg(["repo", word], { home }));
  assert.deepEqual(await list("--json=true"), await list("--json"));
});
