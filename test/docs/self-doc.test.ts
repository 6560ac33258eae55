import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";
import { examplesOf } from "./examples.ts";

const ROOT = join(import.meta.dirname, "../..");

/** A checkout is never replaced, and install.sh is asked for its help instead: test/self and test/cli do what the lines do. */
test("the lines of docs/self.md are understood", async (t) => {
  const home = tempHome(t);
  const page = readFileSync(join(ROOT, "docs/self.md"), "utf8");
  const lines = examplesOf(page).flatMap(({ language, code }) => (language === "sh" ? code.trim().split("\n") : []));
  assert.equal(lines.length, 4);
  for (const line of lines) {
    const [program = "", ...words] = line.replace(/\s+#.*$/, "").split(" ");
    if (program === "./install.sh") {
      assert.equal(spawnSync("/bin/sh", [join(ROOT, "install.sh"), ...words, "--help"]).status, 0, line);
      continue;
    }
    const { code, stderr } = await runPkg(words, { home });
    assert.equal(code, 1, line);
    assert.match(stderr, /it runs from a checkout/, line);
  }
});
