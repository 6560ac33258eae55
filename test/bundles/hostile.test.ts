import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { indexWorld } from "../repository-index/world.ts";
import { runPkg } from "../support/run-pkg.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import {
  bundleTar,
  changed,
  contentOf,
  cutOff,
  damagedTars,
  EVIL,
  type HostileBundle,
  type Json,
  type LayoutContent,
  strangeMembers,
  withFile,
} from "./hostile-bundles.ts";

const CONFIG = ["soarpkgs", "homebrew"].map((name) => `[repositories.${name}]\nenabled = false\n`).join("\n");
const NOWHERE = `sha256:${"1".repeat(64)}`;

function bareHome(t: Cleanup): string {
  const home = tempDirectory(t);
  writeFileSync(join(home, "config.toml"), CONFIG);
  return home;
}

/** What a refused bundle must not have left: files of packages, blobs and indexes, and anything outside. */
function leftIn(home: string): readonly string[] {
  const inside = readdirSync(home, { recursive: true, encoding: "utf8" });
  const left = inside.filter((path) => /^(?:bin|packages|index|blobs\/[^/]*)\/./.test(path));
  return [...left, ...[join("/tmp", EVIL), join(dirname(home), EVIL)].filter((path) => existsSync(path))];
}

/** Layouts that cannot be used, or whose documents say what is not so. */
function lies(content: LayoutContent): readonly HostileBundle[] {
  const layout = JSON.parse(String(content.get("index.json"))) as { readonly manifests: readonly Json[] };
  const entries = (change: Json) =>
    JSON.stringify({ ...layout, manifests: layout.manifests.map((each) => ({ ...each, ...change })) });
  const cases: readonly (readonly [what: string, bytes: Buffer])[] = [
    ["a layout of another version", withFile(content, "oci-layout", '{"imageLayoutVersion":"2.0.0"}')],
    ["no oci-layout", withFile(content, "oci-layout", null)],
    ["no index.json", withFile(content, "index.json", null)],
    ["an index.json that is deep", withFile(content, "index.json", "[".repeat(200_000))],
    ["an index.json that lies about sizes", withFile(content, "index.json", entries({ size: 7 }))],
    ["an index.json that leads to nothing", withFile(content, "index.json", entries({ digest: NOWHERE }))],
    ["an index.json without tags", withFile(content, "index.json", entries({ annotations: {} }))],
  ];
  const documents: readonly (readonly [what: string, change: Parameters<typeof changed>[1]])[] = [
    ["a manifest list without a table", { root: (root) => ({ ...root, manifests: [] }) }],
    ["a manifest list that is deep", { root: () => "[".repeat(100_000) }],
    [
      "a table that is not there",
      { root: (root) => ({ ...root, manifests: [{ ...Object(Object(root["manifests"])[0]), digest: NOWHERE }] }) },
    ],
    ["a table of another version", { table: (table) => ({ ...table, schemaVersion: 2 }) }],
    ["a table that is no JSON", { table: () => "PK" }],
    ["a table for another machine", { table: (table) => ({ ...table, platforms: ["\u001b[2J"] }) }],
    ["a repository without an address", { table: (table) => withIndex(table, { url: "\u001b]0;x" }) }],
    ["an index that is not there", { table: (table) => withIndex(table, { manifest: NOWHERE }) }],
  ];
  return [
    ...cases.map(([what, bytes]) => ({ what, bytes })),
    ...documents.map(([what, change]) => ({ what, bytes: bundleTar(changed(content, change)) })),
  ];
}

function withIndex(table: Json, change: Json): Json {
  return { ...table, indexes: (table["indexes"] as readonly Json[]).map((index) => ({ ...index, ...change })) };
}

/** Bundles whose index is in order, and whose packages are not. */
function spoilt(content: LayoutContent): readonly HostileBundle[] {
  const [name = "", program = Buffer.alloc(0)] =
    [...content].find(([, bytes]) => bytes.toString("latin1", 1, 4) === "ELF") ?? [];
  const flipped = Buffer.from(program);
  flipped[100] = 1 ^ (flipped[100] ?? 0);
  const elsewhere = { name: "ghcr.io/other/x", tags: {} };
  return [
    { what: "a blob with other bytes", bytes: withFile(content, name, flipped) },
    { what: "no blob", bytes: withFile(content, name, null) },
    {
      what: "a blob that is larger",
      bytes: withFile(content, name, Buffer.concat([program, Buffer.alloc(2_000_000)])),
    },
    {
      what: "words that are none",
      bytes: bundleTar(
        changed(content, { table: (table) => ({ ...table, requested: ["--help", "/etc/passwd", "oci:/etc"] }) }),
      ),
    },
    {
      what: "another place",
      bytes: bundleTar(changed(content, { table: (table) => ({ ...table, places: [elsewhere] }) })),
    },
  ];
}

test("a bundle that is hostile or damaged is refused in clear words, and leaves nothing behind", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.publishPackageIndex({ at: Date.now() });
  const maker = bareHome(t);
  const ok = async (...words: readonly string[]) => {
    const { code, stderr } = await runPkg(words, { home: maker });
    assert.equal(code, 0, stderr);
  };
  const bundle = async (reference: string, file: string) => {
    await ok("repo", "add", reference, "--name", "tools");
    await ok("bundle", "create", "trurl", "-o", file);
    await ok("repo", "remove", "tools");
    return readFileSync(join(maker, file));
  };
  const whole = await bundle(world.reference, "good.tar");
  const content = contentOf(whole);
  const home = bareHome(t);
  const run = (bytes: Buffer, ...words: readonly string[]) => {
    writeFileSync(join(home, "x.tar"), bytes);
    return runPkg(words, { home });
  };
  const refused = async ({ what, bytes }: HostileBundle, ...words: readonly string[]) => {
    const { code, stdout, stderr } = await run(bytes, ...words);
    assert.ok(code === 1 || code === 2, `${what}: ${code} ${stdout}`);
    assert.match(stderr, /^error: Cannot [\s\S]*\nhint: /m, what);
    assert.doesNotMatch(stderr, /bug in pkg/, what);
    assert.equal(stdout, "", what);
    assert.equal(readFileSync(join(home, "config.toml"), "utf8").trimEnd(), CONFIG.trimEnd(), what);
    assert.deepEqual(leftIn(home), [], what);
  };

  for (const hostile of [...damagedTars(content), ...cutOff(whole, content), ...lies(content)]) {
    await refused(hostile, "install", "--from", "x.tar");
    await refused(hostile, "repo", "add", "x.tar", "--offline");
  }
  for (const hostile of spoilt(content)) await refused(hostile, "install", "--from", "x.tar");

  await t.test("an index that another key has signed is refused where its repository is known", async () => {
    const { file } = await world.key("other");
    const forged = { reference: `${world.host}/me/forged`, keys: [file], at: Date.now() };
    await world.publishPackageIndex(forged);
    const files = contentOf(await bundle(forged.reference, "forged.tar"));
    const bytes = bundleTar(
      changed(files, { table: (table) => withIndex(table, { url: `oci://${world.reference}` }) }),
    );
    const known = await run(whole, "repo", "add", "x.tar", "--offline");
    assert.equal(known.code, 0, known.stderr);
    for (const words of [
      ["install", "--from", "x.tar"],
      ["repo", "add", "x.tar", "--offline"],
    ]) {
      const { code, stderr } = await run(bytes, ...words);
      assert.equal(code, 1, stderr);
      assert.match(stderr, /Cannot sync "[a-z]+": [\s\S]*\nhint: /);
    }
    assert.deepEqual(
      leftIn(home).filter((path) => !path.startsWith("index/")),
      [],
    );
  });

  await t.test("members that no layout has are left where they are", async () => {
    const { code, stderr } = await run(bundleTar(content, ...strangeMembers()), "install", "--from", "x.tar");
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      leftIn(home).filter((path) => /evil|device|fifo|link/.test(path)),
      [],
    );
  });
});
