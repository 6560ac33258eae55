import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { joinSplitReferences } from "../../src/cli/split-reference.ts";
import { runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const REF = "127.0.0.1:9/a/b:1";
const JOINED = `${REF}@${DIGEST}`;

const LINES: readonly (readonly [readonly string[], readonly string[]])[] = [
  [[REF, DIGEST], [JOINED]],
  [[REF, `@${DIGEST}`], [JOINED]],
  [
    ["x", REF, DIGEST, REF, DIGEST, "y"],
    ["x", JOINED, JOINED, "y"],
  ],
  [["oci:layout:1", DIGEST], [`oci:layout:1@${DIGEST}`]],
  [["oci-archive:a@b.tar", DIGEST], [`oci-archive:a@b.tar@${DIGEST}`]],
  [
    [JOINED, DIGEST],
    [JOINED, DIGEST],
  ],
  [
    ["curl", DIGEST],
    ["curl", DIGEST],
  ],
  [[DIGEST], [DIGEST]],
  [
    [REF, "sha256:abc"],
    [REF, "sha256:abc"],
  ],
];

test("joinSplitReferences() makes a reference and the digest after it one word", () => {
  for (const [typed, expected] of LINES) assert.deepEqual(joinSplitReferences(typed, "pull <reference>"), expected);
  assert.deepEqual(joinSplitReferences([REF, DIGEST], "add <reference> <manifests..>"), [REF, DIGEST]);
});

const COMMANDS: readonly (readonly string[])[] = [
  ["oci", "manifest", "fetch"],
  ["oci", "resolve"],
  ["pull"],
  ["install"],
  ["info"],
];

for (const words of COMMANDS) {
  test(`pkg ${words.join(" ")} takes a reference and its digest as two words for one`, async (t) => {
    const home = tempHome(t);
    const env = { PKG_RETRY_FOR: "0s", PKG_OFFLINE: "1" };
    const two = await runPkg([...words, REF, DIGEST], { home, env });
    const one = await runPkg([...words, JOINED], { home, env });
    assert.deepEqual([two.code, two.stderr], [one.code, one.stderr]);
    assert.doesNotMatch(two.stderr, /two words|too many/);
  });
}

test("pkg oci index create takes digests as words of their own", async (t) => {
  const home = tempHome(t);
  writeFileSync(join(home, "a.txt"), "a");
  const place = `oci:${join(home, "layout")}`;
  assert.equal((await runPkg(["oci", "push", `${place}:a`, "a.txt"], { home })).code, 0);
  const digest = (await runPkg(["oci", "resolve", `${place}:a`], { home })).stdout.trim();
  const made = await runPkg(["oci", "index", "create", `${place}:all`, digest], { home });
  assert.equal(made.code, 0, made.stderr);
});
