import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DIRECTORY, ENVIRONMENT_PAGE, environmentPage, generateDocs } from "../../scripts/docs.ts";
import { runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

test("generateDocs() gives the files that are checked in when it is run again", async () => {
  const files = await generateDocs();
  assert.deepEqual(readdirSync(DIRECTORY).sort(), [...files.keys()].sort(), "run `npm run docs`");
  for (const [name, content] of files) {
    assert.equal(readFileSync(join(DIRECTORY, name), "utf8"), content, `${name} is out of date: run \`npm run docs\``);
  }
});

test("environmentPage() gives the file that is checked in, and names every variable that is read", () => {
  assert.equal(readFileSync(ENVIRONMENT_PAGE, "utf8"), environmentPage(), "run `npm run docs`");
  const root = join(DIRECTORY, "../../src");
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  const read = sources.flatMap((path) =>
    [...readFileSync(join(root, path), "utf8").matchAll(/\b(?:env, |read\()"([A-Z][A-Z_]+)"/g)].map(
      ([, name = ""]) => name,
    ),
  );
  assert.ok(read.length > 20);
  for (const name of new Set(read)) assert.ok(environmentPage().includes(`| \`${name}\` |`), name);
});

test("generateDocs() names every option that `--help` of the program shows", async (t) => {
  const files = await generateDocs();
  for (const words of [
    ["install"],
    ["repo"],
    ["repo", "add"],
    ["oci", "push"],
    ["oci", "manifest", "fetch"],
    ["registry", "serve"],
  ]) {
    const { stdout } = await runPkg([...words, "--help"], { home: tempHome(t) });
    const shown = [...stdout.matchAll(/^\s+(?:-\w, )?--([a-z-]+) /gm)].map(([, name = ""]) => name);
    assert.ok(shown.length > 5, stdout);
    const told = `${files.get(`${words.join("-")}.md`)}${files.get("README.md")}`;
    const known = shown.filter((name) => name !== "help" && name !== "version");
    assert.deepEqual(
      known.filter((name) => !told.includes(`\`--${name}\``)),
      [],
      words.join(" "),
    );
  }
});
