import assert from "node:assert/strict";
import { readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compileFaults, written } from "../profile/faults.ts";
import { runPkgProcess } from "../support/pkg-process.ts";
import { shortDirectory } from "../support/temp-home.ts";
import { SKIP_BOTTLES } from "./compile.ts";
import { type HomebrewWorld, makeHomebrewWorld } from "./homebrew-world.ts";
import { leftIn } from "./left.ts";

/** One of so many steps is looked at; `PKG_TEST_KILL_STRIDE=1` looks at all of them. */
const STRIDE = Number(process.env["PKG_TEST_KILL_STRIDE"] ?? 13);

test("a kill at any step of the install of a closure leaves nothing of it, or all", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  assert.equal((await world.pkg(["sync"])).code, 0);
  const before = state(world);
  const [scratch, copies] = [shortDirectory(t), shortDirectory(t)];
  const env = {
    LD_PRELOAD: compileFaults(scratch),
    PKG_FAULTS_STRIDE: `${STRIDE}`,
    PKG_FAULTS: written({ home: world.home, copies }, join(scratch, "calls")),
  };
  const { code, stderr } = await runPkgProcess(["install", "greet"], { home: world.home, env });
  assert.equal(code, 0, stderr);
  const after = state(world);
  const steps = readdirSync(copies);
  assert.ok(steps.length > 120 / STRIDE, `only ${steps.length} steps were seen`);
  const found = new Set<string>();
  for (const step of steps) {
    rmSync(world.home, { recursive: true });
    renameSync(join(copies, step), world.home);
    await recover(world);
    const recovered = state(world);
    found.add(recovered);
    assert.ok([before, after].includes(recovered), `after step ${step}:\n${recovered}`);
    assert.equal((await world.pkg(["verify"])).code, 0, `verify after step ${step}`);
  }
  assert.deepEqual(found, new Set([before, after]), "some kills are undone, and some finished");
  assert.equal((await world.pkg(["remove", "greet"])).code, 0);
  assert.equal(state(world), before);
});

/** As every command does that may change something. */
async function recover(world: HomebrewWorld): Promise<void> {
  assert.equal((await world.pkg(["remove", "nosuch"])).code, 1);
}

function state({ home, prefix }: HomebrewWorld): string {
  return [...leftIn(prefix), ...leftIn(join(home, "bin")), ...leftIn(join(home, "packages"))].join("\n");
}
