import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeSampleHome } from "../support/sample-home.ts";
import { examplesOf } from "./examples.ts";

test("the lines of docs/run.md run what they say", async (t) => {
  const page = readFileSync(join(import.meta.dirname, "../..", "docs/run.md"), "utf8");
  const home = await makeSampleHome(t);
  const packages = [
    ["trurl", "8.14.1"],
    ["trurl", "8.13.0"],
    ["tool", "1.0"],
  ].map(([name = "", version = ""]) => home.build({ name, version }));
  await home.push(...packages);
  home.publishIndex(...packages);
  const lines = examplesOf(page).flatMap(({ language, code }) => (language === "sh" ? code.trim().split("\n") : []));
  const printed: string[] = [];
  for (const line of lines) {
    const words = [...line.replace(/\s+#.*$/, "").matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, word]) => quoted ?? word ?? "",
    );
    const { code, stdout, stderr } = await home.pkg(words.slice(1), { stdin: "tool\n" });
    assert.equal(code, 0, `${line}\n${stderr}`);
    printed.push(stdout.trim());
  }
  assert.deepEqual(printed, ["trurl 8.14.1", "trurl 8.13.0", "trurl 8.13.0", "trurl 8.14.1", "tool 1.0"]);
});
