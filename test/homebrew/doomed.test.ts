import assert from "node:assert/strict";
import { test } from "node:test";
import { SKIP_BOTTLES } from "./compile.ts";
import { makeHomebrewWorld } from "./homebrew-world.ts";

test("of a closure that cannot be had, one reason is told, and nothing more is begun", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  assert.equal((await world.pkg(["sync"])).code, 0);
  const offline = await world.pkg(["install", "greet", "--offline", "--concurrency", "6"]);
  assert.equal(offline.code, 1);
  assert.deepEqual(
    offline.stderr.split("\n").filter((line) => line.startsWith("error: ")),
    [
      'error: Cannot fetch "libsalute": --offline is set',
      'error: Cannot install "greet": "libsalute", which it needs, failed',
    ],
  );
  // What it names is another keg's archive.
  const other = world.formulae.find(({ name }) => name === "shade")?.sha256 ?? "";
  world.serve(
    world.formulae.map((formula) => (formula.name === "libsalute" ? { ...formula, sha256: other } : formula)),
    "3".repeat(40),
  );
  const mount = `${world.registryUrl}/v2/homebrew/core/libsalute/blobs/uploads/?mount=sha256:${other}&from=homebrew/core/shade`;
  assert.equal((await fetch(mount, { method: "POST" })).status, 201);
  assert.equal((await world.pkg(["sync"])).code, 0);
  const before = world.requests.length;
  const wrong = await world.pkg(["install", "greet", "allpkg", "--concurrency", "1"]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /"greet": "libsalute", which it needs, failed/);
  const asked = world.requests.slice(before).map(({ path }) => path.split("/")[4]);
  assert.deepEqual(asked, ["libsalute", "allpkg"], "neither the others that greet needs, nor greet");
});
