import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isOn, secretVariable, variable, variables, widenThreadPool } from "../../src/base/environment.ts";

const SOURCE = join(import.meta.dirname, "../../src");

test("isOn() takes every value for yes but the usual words for no", () => {
  for (const text of ["0", "False", "NO", "off", " n ", "", "  "]) assert.equal(isOn({ A: text }, "A"), false, text);
  for (const text of ["1", "true", "yes", "x"]) assert.equal(isOn({ A: text }, "A"), true, text);
});

test("variable() takes a blank variable for one that is not set, secretVariable() does not", () => {
  assert.equal(variable({ A: " \t" }, "A"), null);
  assert.equal(secretVariable({ A: " " }, "A"), " ");
  assert.deepEqual(variables({ A: " " }), []);
});

test("variable() takes an empty variable for one that is not set", () => {
  assert.equal(variable({ A: "x" }, "A"), "x");
  assert.equal(variable({ A: "" }, "A"), null);
  assert.equal(variable({}, "A"), null);
  assert.deepEqual(variables({ A: "x", B: "", C: undefined }), [["A", "x"]]);
});

test("widenThreadPool() leaves a number that a person gave", () => {
  const [mine, unset]: Record<string, string | undefined>[] = [{ UV_THREADPOOL_SIZE: "2" }, { UV_THREADPOOL_SIZE: "" }];
  assert.ok(mine !== undefined && unset !== undefined);
  widenThreadPool(mine);
  widenThreadPool(unset);
  assert.deepEqual([mine, unset], [{ UV_THREADPOOL_SIZE: "2" }, { UV_THREADPOOL_SIZE: "16" }]);
});

/** The files that hand the environment of the process on; none of them reads from it. */
const EDGES: readonly string[] = ["library/registries.ts", "main.ts"];

test("variable() is the only way in which the program reads its environment", () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && path !== "base/environment.ts")
    .map((path) => [path, readFileSync(join(SOURCE, path), "utf8")] as const);
  const handing = files.filter(([, text]) => /\bprocess\.env\b/.test(text)).map(([path]) => path);
  assert.deepEqual(handing.toSorted(), EDGES);
  // Brackets, dots and destructuring, whether of `env` or of something's `env`.
  const reading =
    /(?<![$"`])\benv(?:ironment)?\s*(?:\?\.)?\[|(?<![$/])\benv\.[A-Za-z_]|\}\s*=\s*(?:[\w.]+\.)?env\b|\bprocess\.env\s*[.[]/;
  assert.deepEqual(
    files.filter(([, text]) => reading.test(text)).map(([path]) => path),
    [],
  );
});
