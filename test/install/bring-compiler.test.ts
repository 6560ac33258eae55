import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packBottle } from "../homebrew/bottle.ts";
import { compile, compiled, SKIP_BOTTLES } from "../homebrew/compile.ts";
import { type HomebrewWorld, makeHomebrewWorld } from "../homebrew/homebrew-world.ts";
import { pushBottle } from "../homebrew/push-bottle.ts";
import type { SampleFormula } from "../homebrew/sample-formula.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

/** A program that needs a version of libstdc++ that no machine has, and a compiler's keg that brings it. */
async function makeFormulae(t: Cleanup, { registryUrl }: HomebrewWorld): Promise<readonly SampleFormula[]> {
  const directory = tempDirectory(t);
  const versions = join(directory, "versions");
  writeFileSync(versions, "GLIBCXX_9.9 { global: modern; };\n");
  await compile(directory, {
    file: "libstdc++.so.6",
    code: "int modern(void) { return 7; }",
    soname: "libstdc++.so.6",
    flags: [`-Wl,--version-script,${versions}`],
  });
  await compile(directory, {
    file: "newer",
    code: '#include <stdio.h>\nint modern(void);\nint main(void) { printf("%d\\n", modern()); return 0; }',
    needs: ["libstdc++.so.6"],
    runPath: ["@@HOMEBREW_PREFIX@@/lib"],
  });
  const kegs = [
    { name: "newer", version: "1.0", files: { "bin/newer": compiled(directory, "newer") } },
    {
      name: "gcc",
      version: "15.1",
      files: { "lib/gcc/current/libstdc++.so.6": compiled(directory, "libstdc++.so.6") },
    },
  ];
  return Promise.all(
    kegs.map(async (keg) => {
      const bottle = packBottle(keg);
      await pushBottle(bottle, { url: registryUrl });
      const dependencies = keg.name === "gcc" ? ["shade"] : [];
      return { name: keg.name, version: keg.version, dependencies, sha256: bottle.sha256, executables: [] };
    }),
  );
}

test("pkg install brings the compiler's keg where a program needs newer libraries of it than this machine has", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  const [newer, gcc] = await makeFormulae(t, world);
  assert.ok(newer !== undefined && gcc !== undefined);
  world.serve([...world.formulae, newer, gcc]);
  const { code, stdout, stderr } = await world.pkg(["install", "newer"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /newer needs newer libraries of the compiler than this machine has, so gcc is a dependency/);
  assert.match(stdout, /^\+ 2 dependencies: gcc 15\.1, shade 3\.0$|^\+ 2 dependencies: shade 3\.0, gcc 15\.1$/m);
  assert.equal(execFileSync(join(world.prefix, "bin/newer"), { encoding: "utf8" }), "7\n");
  assert.match((await world.pkg(["why", "gcc"])).stdout, /newer/);
  // What its formula does not say stays known.
  for (const line of ["install newer", "update", "autoremove", "reinstall newer"]) {
    assert.equal((await world.pkg(line.split(" "))).code, 0, line);
    assert.equal(execFileSync(join(world.prefix, "bin/newer"), { encoding: "utf8" }), "7\n", line);
  }
  assert.match((await world.pkg(["remove", "newer"])).stdout, /gcc 15\.1/);
  assert.equal((await world.pkg(["list", "--all"])).stdout, "");
});

test("pkg install refuses a program that needs newer libraries of the compiler where no formula has them", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  const [newer] = await makeFormulae(t, world);
  assert.ok(newer !== undefined);
  world.serve([...world.formulae, newer]);
  const { code, stderr } = await world.pkg(["install", "newer"]);
  assert.equal(code, 1);
  assert.match(stderr, /"bin\/newer" needs GLIBCXX_9\.9 of libstdc\+\+\.so\.6, and this machine has GLIBCXX_3\.4\.\d+/);
});
