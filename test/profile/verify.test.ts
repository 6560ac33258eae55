import assert from "node:assert/strict";
import { chmodSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { placePackage, sampleProgram, script, tempProfile } from "./profile-home.ts";

const { signal } = new AbortController();

test("verify() reports what is missing and what was changed", async (t) => {
  const h = tempProfile(t);
  const files = { x: script("x"), y: script("y"), z: script("z"), w: script("w"), v: script("v") };
  const { installation } = placePackage(h, sampleProgram("1", { files, links: { x: "x", y: "y", z: "z" } }));
  const at = (name: string) => join(h.packages, installation.directory, name);
  writeFileSync(at("x"), script("other"));
  chmodSync(at("y"), 0o644);
  unlinkSync(at("z"));
  unlinkSync(at("w"));
  symlinkSync(at("v"), at("w"));
  unlinkSync(join(h.bin, "y"));
  unlinkSync(join(h.bin, "z"));
  symlinkSync("/bin/true", join(h.bin, "z"));
  const states = await h.profile.verify(installation, signal);
  assert.deepEqual(
    states.map(({ path, state, found = "" }) => [path, state, found.slice(0, 7)]),
    [
      [at("x"), "changed", "sha256:"],
      [at("y"), "changed", "mode 06"],
      [at("z"), "missing", ""],
      [at("w"), "changed", "link"],
      [at("v"), "ok", ""],
      [join(h.bin, "x"), "ok", ""],
      [join(h.bin, "y"), "missing", ""],
      [join(h.bin, "z"), "changed", "/bin/tr"],
    ],
  );
});

test("verify() throws INTERRUPTED when it is given up", async (t) => {
  const h = tempProfile(t);
  const { installation } = placePackage(h, sampleProgram("1"));
  await assert.rejects(h.profile.verify(installation, AbortSignal.abort()), { code: "INTERRUPTED" });
});
