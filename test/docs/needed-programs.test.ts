import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "../..");
const read = (name: string) => readFileSync(join(ROOT, name), "utf8");

test("README and CONTRIBUTING ask for the Node and the npm that install.sh asks for, and npm is told the same", () => {
  const script = read("install.sh");
  const [node, npm] = [/^min_node=(\d+)/m.exec(script)?.[1], /^ *require npm (\d+)$/m.exec(script)?.[1]];
  for (const page of ["README.md", "CONTRIBUTING.md"]) {
    const text = read(page);
    assert.deepEqual(new Set(text.match(/(?<=\bNode )\d+/g)), new Set([node]), page);
    assert.deepEqual(new Set(text.match(/(?<=\bnpm )\d+/g)), new Set([npm]), page);
  }
  assert.equal(JSON.parse(read("package.json")).engines.npm, `>=${npm}`);
});
