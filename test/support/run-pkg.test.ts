import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { runPkgProcess } from "./pkg-process.ts";
import { runPkg } from "./run-pkg.ts";
import { makeSampleHome } from "./sample-home.ts";
import { tempHome } from "./temp-home.ts";

for (const [name, run] of [
  ["runPkg()", runPkg],
  ["runPkgProcess()", runPkgProcess],
] as const) {
  test(`${name} gives code and output of the program in a home of its own`, async (t) => {
    const home = tempHome(t);
    const { code, stdout, stderr } = await run(["--version"], { home });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.match(stdout, /\d+\.\d+\.\d+/);
    const unknown = await run(["info", "nothing", "--offline"], { home });
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /^error: /m);
    assert.deepEqual(JSON.parse((await run(["list", "--json"], { home })).stdout), { packages: [] });
  });
}

test("runPkg() leaves nothing open", async (t) => {
  const home = await makeSampleHome(t);
  const built = home.build({ name: "tool", version: "1.0.0" });
  await home.push(built);
  home.publishIndex(built);
  const live = async () => {
    assert.equal((await home.pkg(["install", "tool"])).code, 0);
    assert.equal((await home.pkg(["install", "tool", "--reinstall"])).code, 0);
    assert.equal((await home.pkg(["remove", "tool"])).code, 0);
  };
  await live();
  const descriptors = readdirSync("/proc/self/fd").length;
  for (let round = 0; round < 3; round += 1) await live();
  // The server's end of a connection is closed some turns after the client's.
  for (let turn = 0; turn < 1000 && readdirSync("/proc/self/fd").length > descriptors; turn += 1) await setImmediate();
  assert.ok(readdirSync("/proc/self/fd").length <= descriptors);
});
