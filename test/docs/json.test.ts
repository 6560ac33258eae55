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
import { textWidth } from "../../src/report/columns.ts";
import { runPkg } from "../support/run-pkg.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { tempHome } from "../support/temp-home.ts";
import { changedPaths, treeOf } from "../support/tree.ts";
import { type HelpWorld, helpWorld } from "./help-world.ts";
import { JSON_CASES } from "./json-cases.ts";

const ajv = createOutputAjv();
const PAGES = await commandPages(COMMANDS);
const NAMES = PAGES.map(({ words }) => words.join(" "));

/** They show what there is; those that may write what they show to a file are not among them. */
const READING = new Set(
  "config,completion,list,outdated,changes,verify,search,info,why,files,which,owns,versions,command-not-found,env,hook,history,diff,profile list,repo list,key show,index diff,index lint,oci referrers,oci resolve,oci tags,oci catalog,oci manifest inspect,oci blob exists,oci diff,oci layout ls,oci layout verify".split(
    ",",
  ),
);

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

/** Where nothing can be foreseen; each says why when --dry-run is typed. */
const NO_DRY_RUN = new Set(["registry serve"]);

test("every command has examples, a schema for what --json prints, a case that is typed, and --dry-run or a reason why not", () => {
  const cases = new Set(JSON_CASES.map(({ command }) => command));
  for (const { words, examples, dryRun, noDryRun } of PAGES) {
    const name = words.join(" ");
    assert.ok(examples.length > 0, `${name} has no example, which help-examples.test.ts would run`);
    assert.ok(ajv.getSchema(documentSchema(name)) !== undefined, `${name} has no schema in metadata-schema/output`);
    assert.ok(cases.has(name), `${name} is not in json-cases.ts, whose lines the program is run with`);
    assert.equal(noDryRun !== null, NO_DRY_RUN.has(name), `${name} refuses --dry-run, and says why`);
    assert.equal(dryRun, noDryRun === null, `${name} has neither \`dryRun\` nor \`noDryRun\``);
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
      try {
        const foreseen = isRehearsed(command, line) ? await rehearsed(world, { command, line: typed(line) }) : null;
        const { status, stdout, output } = await world.run(withJson(typed(line)));
        const document = checked(command, stdout);
        assert.doesNotMatch(output, /This is a bug/);
        // `exists` is the answer to a question, and a package that cannot be judged fails nothing but itself.
        const mayDiffer = "exists" in document || stdout.includes("Cannot tell whether");
        if (!mayDiffer) assert.equal(status !== 0, /"error":|"errors":/.test(stdout), `${status}\n${output}`);
        if (foreseen !== null) assert.equal(foreseen, status, `with --dry-run, the exit code is ${foreseen}`);
      } catch (error) {
        wrong.push(`${line}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

/** The indexes: whoever asks what an update would bring has them brought up to date. */
const REFRESHED = /\/share\/pkg\/index\//;
/** What a package holds is not known before it is there. */
const UNFORESEEN = new Set(["exec trurl -- nosuch"]);

/** True for what may change something, which --dry-run then may not, however it ends. */
function isRehearsed(command: string, line: string): boolean {
  return !READING.has(command) && !NO_DRY_RUN.has(command) && !UNFORESEEN.has(line) && !line.includes("--dry-run");
}

/** Types a line with --dry-run. @returns its exit code */
async function rehearsed(world: HelpWorld, { command, line }: { command: string; line: string }): Promise<number> {
  const before = treeOf(world.directories);
  const { status, stdout } = await world.run(
    withJson(/^(?:run|exec) /.test(line) ? `--dry-run ${line}` : `${line} --dry-run`),
  );
  const document = checked(command, stdout);
  const changed = changedPaths(before, treeOf(world.directories));
  assert.deepEqual(
    changed.filter((path) => command === "sync" || !REFRESHED.test(path)),
    [],
    `with --dry-run`,
  );
  if ("dryRun" in document) assert.equal(document.dryRun, true, `${line} --dry-run`);
  return status;
}

/** What follows the package that is run, or `--`, is not for pkg. */
function withJson(line: string): string {
  return /^(?:--dry-run )?(?:run|exec) /.test(line) ? `pkg --json ${line}` : `pkg ${line} --json`;
}

test("a usage error, help, the version and an interruption are one document too", async (t) => {
  const home = tempHome(t);
  for (const { words } of PAGES) {
    const wrong = await runPkg([...words, "--nosuch", "--json"], { home });
    assert.equal(wrong.code, 2);
    assert.deepEqual(Object.keys(checked(words.join(" "), wrong.stdout)), ["error"]);
  }
  const groups = new Map(PAGES.map(({ words }) => [words.slice(0, -1).join(" "), words.slice(0, -1)]));
  for (const words of [...PAGES.map((page) => page.words), ...groups.values()]) {
    const document = checked("help", (await runPkg([...words, "--help", "--json"], { home })).stdout);
    assert.deepEqual(Object.keys(document), ["help"]);
    const tooWide = textOf(document).filter((line) => textWidth(line) > COLUMNS);
    assert.deepEqual(tooWide, [], `the help of pkg ${words.join(" ")} does not fit ${COLUMNS} columns`);
  }
  checked("help", (await runPkg(["--json"], { home })).stdout);
  checked("version", (await runPkg(["--version", "--json"], { home })).stdout);
  const interrupted = await runPkg(["sync", "--json"], { home, signal: AbortSignal.abort() });
  assert.partialDeepStrictEqual(checked("sync", interrupted.stdout), { error: { code: "INTERRUPTED" } });
});

/** Of a terminal as it is opened. */
const COLUMNS = 80;

function textOf(document: object): readonly string[] {
  return "help" in document ? String(document.help).split("\n") : [];
}

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
