import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { buildProgram } from "../support/built-program.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

/** The program as it ships, in an environment with no Node to find. */
const directory = tempDirectory({ after });
let program = "";
before(() => {
  program = buildProgram(directory);
});

function run(home: string, ...args: readonly string[]) {
  return spawnSync(program, args, {
    env: { PKG_HOME: home, HOME: home, PATH: "/nonexistent" },
    cwd: home,
    encoding: "utf8",
  });
}

test("the built program runs without Node, its addons included", (t) => {
  const home = tempHome(t);
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  assert.equal(run(home, "--version").stdout, `${manifest.version}\n`);
  const listed = run(home, "list", "--json");
  assert.equal(listed.stderr, "");
  assert.deepEqual(JSON.parse(listed.stdout), { installed: [] });
  // The checksum of a secret key is BLAKE2b, which comes from the addon too.
  assert.equal(run(home, "key", "generate", "--no-passphrase").stderr, "");
  assert.match(run(home, "key", "show").stdout, /^default /);
});

test("the built program says so when its directory has been removed", (t) => {
  const home = tempHome(t);
  const gone = (...args: readonly string[]) =>
    spawnSync("/bin/sh", ["-c", 'mkdir gone; cd gone; rmdir ../gone; exec "$@"', "sh", program, ...args], {
      cwd: home,
      env: { PKG_HOME: home, PATH: "/usr/bin:/bin" },
      encoding: "utf8",
    });
  const refused = gone("list");
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /^error: Cannot use the current directory: it has been removed$/m);
});
