import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeSampleHome } from "../support/sample-home.ts";
import { examplesOf } from "./examples.ts";

test("the lines of docs/system-wide.md do what they say", async (t) => {
  const page = readFileSync(join(import.meta.dirname, "../..", "docs/system-wide.md"), "utf8");
  const home = await makeSampleHome(t);
  const packages = ["8.14.1", "8.13.0"].map((version) => home.build({ name: "trurl", version }));
  await home.push(...packages);
  home.publishIndex(...packages);
  const lines = examplesOf(page).flatMap(({ language, code }) => (language === "sh" ? code.trim().split("\n") : []));
  const printed: string[] = [];
  for (const line of lines) {
    const words = line.replace(/\s+#.*$/, "").split(" ");
    const { code, stdout, stderr } = await home.pkg(words.slice(1));
    assert.equal(code, 0, `${line}\n${stderr}`);
    printed.push(stdout);
  }
  assert.match(printed[3] ?? "", /^\* default +1 package .*\n {2}work +1 package /);
  assert.match(printed[4] ?? "", /^trurl +8\.13\.0/);
  assert.match((await home.pkg(["list"])).stdout, /^trurl +8\.14\.1/);
});
