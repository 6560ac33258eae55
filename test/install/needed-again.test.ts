import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { neededAgain } from "../../src/install/needed-again.ts";
import { tempProfile } from "../profile/profile-home.ts";
import { sampleInstallation } from "../state/sample-installation.ts";
import { makeDependencyHome } from "../support/dependency-home.ts";

test("pkg use and pkg rollback bring what the version needs and is not there any more, as a dependency", async (t) => {
  const home = await makeDependencyHome(t);
  await home.serve({ name: "tool", version: "1.0", needs: ["own"] }, { name: "own", version: "1.0" });
  await home.ok("install tool");
  await home.serve({ name: "tool", version: "2.0" });
  await home.ok("update");
  assert.deepEqual(await home.installed(), ["*tool 2.0"]);
  const foretold = JSON.parse((await home.ok("use tool@1.0 --dry-run --json")).stdout);
  assert.partialDeepStrictEqual(foretold.packages, [{ name: "tool" }, { action: "plan", name: "own", version: "1.0" }]);
  home.takeRequests();
  const { stdout } = await home.ok("use tool@1.0");
  assert.equal(stdout, "tool 2.0 → 1.0\nown 1.0, as a dependency\n");
  assert.deepEqual(await home.installed(), ["own 1.0", "*tool 1.0"]);
  await home.ok("rollback tool");
  await home.ok("autoremove");
  assert.deepEqual(await home.installed(), ["*tool 2.0"]);
  await home.ok("rollback tool");
  assert.deepEqual(await home.installed(), ["own 1.0", "*tool 1.0"]);
  assert.deepEqual(home.takeRequests(), []);
});

test("pkg use says how to take by force what is in the way of the version", async (t) => {
  const home = await makeDependencyHome(t);
  await home.serve(
    { name: "tool", version: "1.0", provides: ["tool", "tool==extra"] },
    { name: "tool", version: "2.0" },
  );
  await home.ok("install tool@1.0");
  await home.ok("install tool@2.0");
  writeFileSync(join(home.path, "bin", "extra"), "mine");
  const { code, stderr } = await home.pkg(["use", "tool@1.0"]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /Cannot place "tool": ".*extra" is a file that pkg did not place\n.*`pkg install tool@1\.0 --force`/,
  );
  await home.ok("install tool@1.0 --force");
});

test("neededAgain() fails where nothing is kept of what is needed", (t) => {
  const wanted = sampleInstallation("app", { dependencies: ["lib"] });
  assert.throws(() => neededAgain(tempProfile(t), wanted), {
    code: "VERSION_NOT_FOUND",
    message: 'Cannot bring back "app" 1.0: "lib", which it needs, is not installed, and no version of it is kept',
    hint: "Run `pkg install app@1.0`",
  });
});
