import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeDependencyHome } from "../support/dependency-home.ts";
import { makeSampleHome } from "../support/sample-home.ts";

/** The action for each of several equal commands that ran at once, which all did well. */
async function actionsOf(runs: readonly Promise<{ readonly code: number; readonly document: unknown }>[]) {
  const results = await Promise.all(runs);
  assert.deepEqual(
    results.map(({ code }) => code),
    runs.map(() => 0),
    JSON.stringify(results),
  );
  return results.map(({ document }) => {
    assert.ok(typeof document === "object" && document !== null && "packages" in document);
    assert.ok(Array.isArray(document.packages));
    const [first]: readonly { readonly action: string }[] = document.packages;
    return first?.action ?? "none";
  });
}

test("equal installs and updates at once: one places the package, the others find it there", async (t) => {
  const home = await makeSampleHome(t);
  const [old, next] = [home.build({ name: "tool", version: "1.0.0" }), home.build({ name: "tool", version: "1.1.0" })];
  await home.push(old, next);
  home.publishIndex(old);
  const four = (...words: readonly string[]) => actionsOf([1, 2, 3, 4].map(() => home.json(...words)));
  // The first time, all of them make the home as well.
  assert.deepEqual((await four("install", "tool")).toSorted(), ["install", "keep", "keep", "keep"]);
  home.publishIndex(next);
  assert.equal((await home.pkg(["sync", "--force"])).code, 0);
  assert.deepEqual((await four("update")).toSorted(), ["change", "keep", "keep", "keep"]);
  assert.equal((await home.pkg(["verify"])).code, 0);
});

test("an install meets an older version that another one has placed, and replaces it", async (t) => {
  const home = await makeSampleHome(t);
  const [old, next] = [home.build({ name: "tool", version: "1.0.0" }), home.build({ name: "tool", version: "1.1.0" })];
  await home.push(old, next);
  home.publishIndex(old, next);
  const runs = [home.json("install", "tool@1.0.0"), home.json("install", "tool")];
  const codes = (await Promise.all(runs)).map(({ code }) => code);
  assert.equal(codes[1], 0);
  assert.match((await home.pkg(["list"])).stdout, /^tool +1\.1\.0/);
});

test("installs at once whose dependencies overlap: all is there, and what one of them asked for is asked for", async (t) => {
  const home = await makeDependencyHome(t);
  const one = { version: "1.0" };
  await home.serve(
    { name: "left", ...one, needs: ["shared", "asked"] },
    { name: "right", ...one, needs: ["shared", "asked"] },
    { name: "shared", ...one },
    { name: "asked", ...one },
  );
  const runs = await Promise.all(["left", "right", "asked"].map((name) => home.json("install", name)));
  assert.deepEqual(
    runs.map(({ code }) => code),
    [0, 0, 0],
    JSON.stringify(runs),
  );
  assert.deepEqual(await home.installed(), ["*asked 1.0", "*left 1.0", "*right 1.0", "shared 1.0"]);
  assert.ok(existsSync(join(home.path, "bin", "asked")));
  assert.equal((await home.pkg(["verify"])).code, 0);
});

test("a removal and an install at once that need the same leave nothing without what it needs", async (t) => {
  const home = await makeDependencyHome(t);
  const one = { version: "1.0" };
  await home.serve(
    { name: "left", ...one, needs: ["shared"] },
    { name: "right", ...one, needs: ["shared"] },
    { name: "shared", ...one },
  );
  await home.ok("install left");
  const [removed, placed] = await Promise.all([home.json("remove", "left"), home.json("install", "right")]);
  assert.equal(removed.code, 0);
  const isPlaced = placed.code === 0;
  assert.ok(isPlaced || JSON.stringify(placed.document).includes("STATE_CHANGED"), JSON.stringify(placed));
  assert.deepEqual(await home.installed(), isPlaced ? ["*right 1.0", "shared 1.0"] : []);
});
