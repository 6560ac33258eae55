import assert from "node:assert/strict";
import { test } from "node:test";
import { runPkg } from "./run-pkg.ts";
import { tempHome } from "./temp-home.ts";

test("runPkg() gives code and output of the program in a home of its own", async (t) => {
  const home = tempHome(t);
  const result = await runPkg(["--version"], { home });
  assert.deepEqual({ ...result, stdout: "" }, { code: 0, signal: null, stdout: "", stderr: "" });
  assert.match(result.stdout, /\d+\.\d+\.\d+/);
});
