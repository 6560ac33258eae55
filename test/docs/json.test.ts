import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commandPages } from "../../scripts/command-pages.ts";
import {
  createOutputAjv,
  documentSchema,
  exampleDocuments,
  JSON_PAGE,
  jsonPage,
  OUTPUT_SCHEMAS,
  recordOf,
} from "../../scripts/json-page.ts";
import { hashHex } from "../../src/base/hashes.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { runPkg } from "../support/run-pkg.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { tempHome } from "../support/temp-home.ts";
import { helpWorld } from "./help-world.ts";
import { JSON_CASES } from "./json-cases.ts";

const ajv = createOutputAjv();
const PAGES = await commandPages(COMMANDS);
const NAMES = PAGES.map(({ words }) => words.join(" "));

/** The one document on stdout, which has to be as the schema of its command, or of a failure, says. */
function checked(command: string, stdout: string): object {
  const document: unknown = JSON.parse(stdout);
  assert.ok(typeof document === "object" && document !== null, stdout);
  const schema = documentSchema("error" in document ? "failed" : command);
  assert.ok(ajv.validate({ $ref: schema }, document), `${command}: ${misfits()}`);
  return document;
}

function misfits(): string {
  const errors = ajv.errors ?? [];
  return errors
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
    .join("\n");
}

test("every command has a schema for what --json prints, and a case that is typed", () => {
  const cases = new Set(JSON_CASES.map(({ command }) => command));
  for (const name of NAMES) {
    assert.ok(ajv.getSchema(documentSchema(name)) !== undefined, `${name} has no schema in metadata-schema/output`);
    assert.ok(cases.has(name), `${name} is not in json-cases.ts`);
  }
});

test("every field of a schema is a word of the vocabulary, under its own name", () => {
  for (const { file, schema } of OUTPUT_SCHEMAS) {
    for (const [name, field] of fieldsOf(schema)) {
      const isOwn = "description" in field;
      assert.ok(isOwn || field["$ref"] === `vocabulary.schema.json#/$defs/${name}`, `${file}: ${name}`);
    }
  }
});

/** In `config`, a place or a table by its name; in `oci copy`, counts; else two sides, or a thing and the list of them. */
const TWO_SHAPES = new Set(
  "after before blobs keys left manifests owner packages paths provenance replaced repositories right saved share subject taken".split(
    " ",
  ),
);

test("one name has one shape in every document", () => {
  const vocabulary = OUTPUT_SCHEMAS.find(({ file }) => file === "vocabulary.schema.json");
  const words = new Map(Object.entries(recordOf(vocabulary?.schema["$defs"])));
  const shapes = OUTPUT_SCHEMAS.flatMap(({ schema }) => fieldsOf(schema)).map(([name, field]) => ({
    name,
    shape: [field["type"] ?? recordOf(words.get(name))["type"] ?? "any"].flat().filter((type) => type !== "null"),
  }));
  const byName = Map.groupBy(shapes, ({ name }) => name);
  const several = [...byName].filter(([, uses]) => new Set(uses.flatMap(({ shape }) => shape)).size > 1);
  assert.deepEqual(several.map(([name]) => name).toSorted(), [...TWO_SHAPES].toSorted());
});

test("docs/json.md describes every command, with an example that fits", () => {
  const page = jsonPage(NAMES);
  for (const name of NAMES) {
    const example: unknown = exampleDocuments().get(name.replaceAll(" ", "-"));
    checked(name, JSON.stringify(example));
    const section = page
      .slice(page.indexOf(`### [pkg ${name}](`))
      .split("\n```", 1)
      .join("");
    for (const field of Object.keys(example ?? {}))
      assert.ok(section.includes(`| \`${field}\` |`), `${name}: ${field}`);
  }
  assert.equal(readFileSync(JSON_PAGE, "utf8"), page, "run `npm run docs`");
});

test("every command prints one document that fits its schema, and says in it what failed", async (t) => {
  const world = await helpWorld(t);
  const blob = `sha256:${hashHex("sha256", Buffer.from("file"))}`;
  const typed = (line: string) =>
    line
      .replaceAll("HOST", world.host)
      .replaceAll("INDEX", world.indexUrl)
      .replaceAll("NOSUCH", `sha256:${"0".repeat(64)}`)
      .replaceAll("BLOB", blob);
  const wrong: string[] = [];
  for (const { command, lines } of JSON_CASES) {
    for (const line of lines) {
      const { status, stdout, output } = await world.run(withJson(typed(line)));
      try {
        const document = checked(command, stdout);
        assert.doesNotMatch(output, /This is a bug/);
        // `exists` is the answer to a question, and a package that cannot be judged fails nothing but itself.
        const mayDiffer = "exists" in document || stdout.includes("Cannot tell whether");
        if (!mayDiffer) assert.equal(status !== 0, /"error":|"errors":/.test(stdout), `${status}\n${output}`);
      } catch (error) {
        wrong.push(`${line}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

/** What follows the package that is run, or `--`, is not for pkg. */
function withJson(line: string): string {
  return /^(?:run|exec) /.test(line) ? `pkg --json ${line}` : `pkg ${line} --json`;
}

test("a usage error, help, the version and an interruption are one document too", async (t) => {
  const home = tempHome(t);
  for (const { words } of PAGES) {
    const wrong = await runPkg([...words, "--nosuch", "--json"], { home });
    assert.equal(wrong.code, 2);
    assert.deepEqual(Object.keys(checked(words.join(" "), wrong.stdout)), ["error"]);
    assert.deepEqual(Object.keys(checked("help", (await runPkg([...words, "--help", "--json"], { home })).stdout)), [
      "help",
    ]);
  }
  checked("help", (await runPkg(["--json"], { home })).stdout);
  checked("version", (await runPkg(["--version", "--json"], { home })).stdout);
  const interrupted = await runPkg(["sync", "--json"], { home, signal: AbortSignal.abort() });
  assert.partialDeepStrictEqual(checked("sync", interrupted.stdout), { error: { code: "INTERRUPTED" } });
});

/** They list what there is. */
const LISTING = ["list", "outdated", "verify", "update", "sync", "repo list", "key show", "search --all", "config"];

test("a home with nothing in it has empty lists", async (t) => {
  const home = tempHome(t);
  writeFileSync(join(home, "config.toml"), NO_DEFAULT_REPOSITORIES);
  for (const line of LISTING) {
    const command = line.replace(/ --.*/, "");
    const { code, stdout } = await runPkg([...line.split(" "), "--json"], { home });
    checked(command, stdout);
    assert.equal(code !== 0, /"error":|"errors":/.test(stdout), stdout);
  }
});

/** Every property of every object in a schema, with its name. */
function fieldsOf(schema: unknown): readonly (readonly [string, Record<string, unknown>])[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === "properties" ? Object.entries<Record<string, unknown>>(value) : []),
    ...fieldsOf(value),
  ]);
}
