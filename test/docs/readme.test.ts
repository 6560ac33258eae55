import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { examplesOf } from "./examples.ts";
import { helpWorld } from "./help-world.ts";

const README = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
/** Those for a person who has pkg; the others install or test pkg itself. */
const BLOCKS = examplesOf(README)
  .filter(({ language, code }) => language === "sh" && code.startsWith("pkg "))
  .map(({ code }) => code.trimEnd().split("\n"));

test("every block of README.md does what it says", async (t) => {
  const world = await helpWorld(t);
  const [first = [], ways = [], publishing = [], using = [], anything = [], ...more] = BLOCKS;
  assert.deepEqual(more, []);
  const scripts: readonly (readonly string[])[] = [
    first,
    ...ways.map((line) => [line]),
    ["rm .config/pkg/keys/default.*", ...publishing, ...using],
    anything,
  ];
  for (const lines of scripts) {
    await t.test(lines[0] ?? "", async () => {
      world.restore();
      for (const line of lines) {
        const { status, output } = await world.run(typed(line).replaceAll(/ghcr\.io|127\.0\.0\.1:5000/g, world.host));
        assert.equal(status, 0, `${line}: ${output}`);
      }
    });
  }

  function typed(line: string): string {
    const bare = line.replace(/ +# .*$/, "").replaceAll("ghcr.io/me/", `${world.host}/you/`);
    if (bare.startsWith("pkg registry serve")) return `${bare} --port 0`;
    if (bare === "pkg key generate") return `${bare} --no-passphrase`;
    return bare.includes("git#") ? `${bare} --allow-name git` : bare;
  }
});
