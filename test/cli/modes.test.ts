import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeSampleHome } from "../support/sample-home.ts";
import { tempDirectory } from "../support/temp-home.ts";

/** The permissions of a directory and of all that is in it, by path. */
function modesIn(directory: string): Readonly<Record<string, string>> {
  const paths = [".", ...readdirSync(directory, { recursive: true, encoding: "utf8" })].toSorted();
  return Object.fromEntries(
    paths.map((path) => [path, (statSync(join(directory, path)).mode & 0o777).toString(8)] as const),
  );
}

test("with umask 077 what is installed can be used by whoever may enter the home, and what is pulled by its owner alone", async (t) => {
  const home = await makeSampleHome(t);
  const tool = home.build({ name: "tool", version: "1.0.0" });
  await home.push(tool);
  home.publishIndex(tool);
  const before = process.umask(0o077);
  t.after(() => process.umask(before));
  assert.equal((await home.pkg(["install", "tool"])).code, 0);
  assert.deepEqual(new Set(Object.values(modesIn(join(home.path, "packages")))), new Set(["755"]));
  assert.deepEqual(new Set(Object.values(modesIn(join(home.path, "bin")))), new Set(["755"]));
  for (const name of ["state.db", "lock.db", "index/tools.db"]) {
    assert.equal(statSync(join(home.path, name)).mode & 0o777, 0o600, name);
  }
  const reference = tool.reference.replace("ghcr.io", home.registryHost);
  const [pulled, layout] = [join(tempDirectory(t), "pulled"), join(tempDirectory(t), "layout")];
  const { code, stderr } = await home.pkg(["pull", reference, "-o", pulled]);
  assert.equal(code, 0, stderr);
  assert.equal((await home.pkg(["oci", "copy", reference, `oci:${layout}:1`])).code, 0);
  for (const [path, mode] of [...Object.entries(modesIn(pulled)), ...Object.entries(modesIn(layout))]) {
    assert.match(mode, /^[67]00$/, path);
  }
});
