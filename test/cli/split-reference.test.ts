import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

const COMMANDS: readonly (readonly string[])[] = [
  ["oci", "resolve"],
  ["oci", "pull"],
  ["oci", "push"],
  ["oci", "copy"],
  ["oci", "tag"],
  ["oci", "manifest", "fetch"],
  ["oci", "blob", "fetch"],
  ["pull"],
  ["install"],
  ["info"],
  ["update"],
];

for (const words of COMMANDS) {
  test(`pkg ${words.join(" ")} says how a reference and a digest that are two words belong together`, async (t) => {
    const home = tempHome(t);
    for (const [place, digest] of [
      ["ghcr.io/a/b:1", DIGEST],
      ["oci:layout:1", `@${DIGEST}`],
    ] as const) {
      const { code, stderr } = await runPkg([...words, place, digest], { home });
      assert.equal(code, 2, stderr);
      assert.ok(stderr.includes(`Write them as one word, ${place}@${DIGEST}.`), stderr);
    }
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
