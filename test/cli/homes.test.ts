import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";
import { tempDirectory } from "../support/temp-home.ts";

/** A home with hello 1.0.0 installed from its index. */
async function homeWithHello(t: TestContext): Promise<SampleHome> {
  const home = await makeSampleHome(t);
  const hello = home.build({ name: "hello", version: "1.0.0" });
  await home.push(hello);
  home.publishIndex(hello);
  const { code, stderr } = await home.pkg(["install", "hello"]);
  assert.equal(code, 0, stderr);
  return home;
}

test("pkg owns, files and verify know what was placed by every spelling of the home", async (t) => {
  const home = await homeWithHello(t);
  const link = join(tempDirectory(t), "link");
  symlinkSync(home.path, link);
  mkdirSync(join(home.path, "other"));
  const spellings = [home.path, `${home.path}/`, `${home.path}/./other/..`, link];
  for (const spelled of spellings) {
    const env = { PKG_HOME: spelled };
    assert.equal((await home.pkg(["verify"], { env })).code, 0, spelled);
    for (const path of [...spellings.map((other) => join(other, "bin/hello")), "hello"]) {
      const { stdout } = await home.pkg(["owns", path], { env });
      assert.equal(stdout, "hello 1.0.0\n", `${path} of ${spelled}`);
    }
    const { stdout } = await home.pkg(["files", "hello"], { env });
    const [file = ""] = stdout.split("\n");
    assert.equal((await home.pkg(["owns", file])).stdout, "hello 1.0.0\n");
  }
});
