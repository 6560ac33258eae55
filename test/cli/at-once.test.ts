import assert from "node:assert/strict";
import { test } from "node:test";
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
