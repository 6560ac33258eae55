import assert from "node:assert/strict";
import { globSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { type Example, examplesOf } from "../docs/examples.ts";
import { openRegistry } from "../registry/registry-client.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { emptyProject, installLibrary, type Project, packLibrary, withDependencies } from "./packed-library.ts";

const ROOT = join(import.meta.dirname, "../..");
const LIBRARY = readJson("packages/oci/package.json");
const EXAMPLES = examplesOf(readFileSync(join(ROOT, "packages/oci/README.md"), "utf8")).filter(
  ({ language }) => language === "typescript",
);

suite("the packed library", () => {
  const project = emptyProject(tempDirectory({ after }));

  before(async () => {
    await installLibrary(project, await packLibrary(project), Object.keys(LIBRARY.dependencies));
  });

  test("holds what is needed to use it, and no source", () => {
    const installed = join(project.directory, "node_modules/pkg");
    const files = globSync("**", { cwd: installed, withFileTypes: true }).filter((entry) => entry.isFile());
    const names = files.map(({ name }) => name);
    assert.deepEqual(readdirSync(installed).sort(), ["CHANGELOG.md", "LICENSE", "README.md", "dist", "package.json"]);
    assert.deepEqual(
      names.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts")),
      [],
    );
    for (const { name, parentPath } of files.filter((file) => file.name.endsWith(".d.ts"))) {
      assert.doesNotMatch(readFileSync(join(parentPath, name), "utf8"), /from "\.[^"]*\.ts"/, name);
    }
  });

  test("installs its dependencies and nothing else", () => {
    const { packages } = JSON.parse(readFileSync(join(project.directory, "package-lock.json"), "utf8"));
    const installed = Object.keys(packages).filter((path) => path !== "");
    const expected = ["pkg", ...withDependencies(Object.keys(LIBRARY.dependencies))].map(
      (name) => `node_modules/${name}`,
    );
    assert.deepEqual(installed.sort(), expected.sort());
  });

  for (const resolution of ["nodenext", "bundler"] as const) {
    test(`has declarations that a strict project accepts, with moduleResolution ${resolution}`, async () => {
      for (const example of EXAMPLES) writeFileSync(join(project.directory, `line-${example.line}.ts`), example.code);
      const { status, stdout } = await project.checkTypes(resolution);
      assert.equal(status, 0, stdout);
    });
  }

  for (const example of EXAMPLES) {
    test(`runs the example of README.md, line ${example.line}`, async (t) => {
      const { host } = new URL((await openRegistry(t)).server.url);
      assert.equal(await runExample(project, example, host), example.printed);
    });
  }
});

test("packages/oci is of the repository's version, with its dependencies", () => {
  const { version, license, engines, dependencies } = readJson("package.json");
  assert.deepEqual([LIBRARY.version, LIBRARY.license, LIBRARY.engines], [version, license, engines]);
  for (const [name, wanted] of Object.entries(LIBRARY.dependencies)) assert.equal(dependencies[name], wanted, name);
});

test("`npm pack` of the whole repository says what to type", async (t) => {
  const project = emptyProject(tempDirectory(t));
  const { status, stderr } = await project.npm("pack", ROOT);
  assert.equal(status, 1);
  assert.match(stderr, /npm pack \.\/packages\/oci/);
});

async function runExample(project: Project, { code, line }: Example, host: string): Promise<string> {
  const file = join(project.directory, `line-${line}.ts`);
  writeFileSync(file, code.replaceAll("127.0.0.1:5000", host));
  const { status, stdout, stderr } = await project.run(process.execPath, [file]);
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "");
  return stdout.replaceAll(host, "127.0.0.1:5000");
}

function readJson(path: string) {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8"));
}
