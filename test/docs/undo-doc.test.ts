import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeSampleHome } from "../support/sample-home.ts";
import { examplesOf } from "./examples.ts";

test("the lines of docs/undo.md do what they say", async (t) => {
  const page = readFileSync(join(import.meta.dirname, "../..", "docs/undo.md"), "utf8");
  const home = await makeSampleHome(t);
  const packages = ["1.0.0", "2.0.0"].map((version) => home.build({ name: "trurl", version }));
  await home.push(...packages);
  home.publishIndex(...packages);
  for (const line of ["install trurl@1.0.0", "update trurl@2.0.0", "remove trurl", "install trurl", "remove trurl"]) {
    assert.equal((await home.pkg(line.split(" "))).code, 0, line);
  }
  const lines = examplesOf(page).flatMap(({ language, code }) => (language === "sh" ? code.trim().split("\n") : []));
  for (const line of lines) {
    const { code, stderr } = await home.pkg(
      line
        .replace(/\s+#.*$/, "")
        .split(" ")
        .slice(1),
    );
    assert.equal(code, 0, `${line}\n${stderr}`);
  }
});
