import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { type Cleanup, shortDirectory } from "../support/temp-home.ts";
import { SKIP_BOTTLES } from "./compile.ts";
import { makeHomebrewWorld } from "./homebrew-world.ts";
import { leftIn } from "./left.ts";
import { GREET_CLOSURE } from "./sample-formulae.ts";

const SAID = "greet 1.2.0: salute, hail, shade\n";
/** In bytes: shorter than the placeholder, as long, and as long as the prefix that a pinned bottle is built for. */
const SIZES = [12, 19, 26];

suite("pkg install greet, which needs a pinned bottle and a keg-only one", { skip: SKIP_BOTTLES }, () => {
  for (const size of SIZES) {
    test(`works under a prefix of ${size} bytes, and is removed without a trace`, async (t) => {
      const prefix = prefixOf(t, size);
      const world = await makeHomebrewWorld(t, { prefix });
      const installed = await world.pkg(["install", "greet"]);
      assert.equal(installed.code, 0, installed.stderr);
      assert.deepEqual(readdirSync(join(prefix, "Cellar")).toSorted(), GREET_CLOSURE);
      for (const program of [
        join(world.home, "bin/greet"),
        join(prefix, "bin/greet"),
        join(prefix, "opt/greet/bin/greet"),
      ])
        assert.equal(execFileSync(program, { encoding: "utf8" }), SAID, program);
      for (const hidden of ["bin/shade", "lib/libshade.so.1"]) assert.ok(!existsSync(join(prefix, hidden)), hidden);
      assertOwnLibraries(join(prefix, "bin/greet"), prefix);
      assert.equal((await world.pkg(["verify"])).code, 0);
      assert.equal((await world.pkg(["remove", "greet"])).code, 0);
      assert.deepEqual(leftIn(prefix), []);
      assert.deepEqual(leftIn(join(world.home, "bin")), []);
    });
  }

  test("is refused under a prefix of 60 bytes, which says both lengths, and leaves nothing", async (t) => {
    const prefix = prefixOf(t, 60);
    const world = await makeHomebrewWorld(t, { prefix });
    const { code, stderr } = await world.pkg(["install", "greet"]);
    assert.equal(code, 1);
    assert.match(stderr, /26 bytes[\s\S]*\b60\b/);
    assert.match(stderr, /prefix/);
    assert.deepEqual(leftIn(prefix), []);
    assert.equal(
      (await world.pkg(["install", "greet@1", "cyc-a"])).code,
      0,
      "what is not pinned works under any prefix",
    );
    assert.equal((await world.pkg(["remove", "greet@1"])).code, 0, "the dynamic linker passes on to the next keg");
    assert.equal(execFileSync(join(prefix, "bin/cyc-a"), { encoding: "utf8" }), "cyc-a needs cyc-b\n");
  });
});

/** Everything that the program loads is under the prefix, or the machine's. */
function assertOwnLibraries(program: string, prefix: string): void {
  const { status, stdout } = spawnSync("ldd", [program], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
  assert.doesNotMatch(stdout, /not found/);
  for (const path of stdout.match(/(?<=\s)\/\S+/g) ?? [])
    assert.ok(
      [prefix, "/lib", "/usr/lib"].some((root) => path.startsWith(`${root}/`) || path.startsWith("/lib64/")),
      path,
    );
  for (const name of ["libsalute.so.1", "libhail.so.2", "libshade.so.1"])
    assert.match(stdout, new RegExp(`${name} => ${prefix}/`));
}

/** A path of exactly so many bytes. */
function prefixOf(test: Cleanup, bytes: number): string {
  const base = shortDirectory(test, "p");
  return bytes === base.length ? base : join(base, "x".repeat(bytes - base.length - 1));
}
