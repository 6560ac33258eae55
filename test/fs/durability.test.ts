import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { writeFileAtomic } from "../../src/fs/atomic.ts";
import { privateDirectory } from "../../src/fs/directories.ts";
import { rewriteFile } from "../../src/fs/rewrite-file.ts";
import { beginTrial } from "../../src/repositories/on-trial.ts";
import { replaceProgram } from "../../src/self/replace-program.ts";
import { durabilityOf } from "../support/durability-log.ts";
import { makeSampleHome } from "../support/sample-home.ts";
import { tempDirectory } from "../support/temp-home.ts";

test("what replaces a file is durable before it has its name, and so is the name in the end", async (t) => {
  const root = tempDirectory(t);
  const program = "#!/bin/sh\necho 1.0.0\n";
  for (const name of ["program", "other"]) writeFileSync(join(root, name), program, { mode: 0o755 });
  for (const [what, name, work] of [
    ["writeFileAtomic()", "file", () => writeFileAtomic(join(root, "file"), "x", 0o600)],
    ["rewriteFile()", "config", () => rewriteFile(join(root, "config"), "x", { newMode: 0o600 })],
    ["replaceProgram()", "program", () => replaceProgram(join(root, "program"), join(root, "other"))],
  ] as const) {
    const { steps, at } = await durabilityOf(root, work);
    const renamed = at(new RegExp(`^rename /${name}$`));
    assert.ok(at(/^sync \/\S+$/) < renamed, `${what}: ${steps.join(", ")}`);
    assert.equal(steps.at(-1), "sync ", what);
  }
});

test("the registry and the indexes rename what is durable, and make each name durable", async (t) => {
  const home = await makeSampleHome(t);
  const built = home.build({ name: "tool", version: "1.0.0" });
  const served = join(home.path, "served");
  const pushed = await durabilityOf(served, () => home.push(built));
  home.publishIndex(built);
  const synced = await durabilityOf(join(home.path, "index"), () => home.pkg(["sync"]));
  assert.ok(synced.steps.includes("rename /tools.db"));
  for (const { steps } of [pushed, synced]) {
    for (const [index, step] of steps.entries()) {
      const [, path] = /^rename (.*)$/.exec(step) ?? [];
      if (path === undefined) continue;
      // A link has no bytes.
      if (!path.endsWith("/blobs")) assert.match(steps[index - 1] ?? "", /^sync \S*(?:data|part|draft)$/, step);
      assert.ok(steps.includes(`sync ${dirname(path) === "/" ? "" : dirname(path)}`, index), step);
    }
  }
});

test("privateDirectory() makes each directory that it makes durable in the one above it", async (t) => {
  const root = tempDirectory(t);
  const { steps } = await durabilityOf(root, () => privateDirectory(join(root, "a/b")));
  assert.deepEqual(steps.toSorted(), ["sync ", "sync /a"]);
});

test("beginTrial() is durable when it returns", async (t) => {
  const home = tempDirectory(t);
  const paths = { sharedDatabase: join(home, "state.db") };
  const { steps, at } = await durabilityOf(home, () => beginTrial({ paths, profile: "default" }, ["oci://x/y"]));
  at(/^sync $/);
  at(/^sync \/on-trial$/, at(/^rename \/on-trial\/trial\./, at(/^sync \/on-trial\/\S+$/)));
  assert.equal(steps.at(-1), "sync /on-trial");
});
