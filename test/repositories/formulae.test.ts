import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { makeKey, type SealOptions, seal, TEST_KEY } from "../homebrew/envelope.ts";
import { internalIndex, publicIndex } from "../homebrew/formula-index.ts";
import type { SampleFormula } from "../homebrew/sample-formula.ts";
import { TAG } from "../homebrew/sample-formula.ts";
import { formulae, head, makeFormulaWorld } from "./formula-world.ts";

const INTERNAL = `/api/internal/packages.${TAG}.jws.json`;
const PUBLIC = "/api/formula.jws.json";
const FEW = formulae("jq", "oniguruma");

suite("sync of formulae", () => {
  test("asks for the internal form, and once when nothing has changed", async (t) => {
    const world = await makeFormulaWorld(t);
    world.serve(FEW, head(1));
    const first = await world.pkg(["sync"]);
    assert.match(first.stdout, /^homebrew +updated +2 packages/);
    assert.deepEqual(world.api.takeRequests(), [INTERNAL]);
    assert.match((await world.pkg(["sync"])).stdout, /^homebrew +unchanged +2 packages/);
    assert.deepEqual(world.api.takeRequests(), [`${INTERNAL} 304`]);
    world.api.serve({ internal: seal(internalIndex(FEW, head(1))), withoutETag: true });
    await world.pkg(["sync", "--force"]);
    world.api.takeRequests();
    await world.pkg(["sync"]);
    assert.deepEqual(world.api.takeRequests(), [`${INTERNAL} 304`], "by its time");
  });

  test("takes it compressed, and asks once then too, however the server marks the ETag of what it compresses", async (t) => {
    const world = await makeFormulaWorld(t);
    const marks = [
      (etag: string) => `W/${etag}`,
      (etag: string) => etag.replace(/"$/, '-gzip"'),
      (etag: string) => etag,
    ];
    for (const [number, gzip] of marks.entries()) {
      world.api.serve({ internal: seal(internalIndex(FEW, head(number))), gzip });
      assert.match((await world.pkg(["sync"])).stdout, /^homebrew +updated +2 packages/);
      assert.match((await world.pkg(["sync"])).stdout, /^homebrew +unchanged +2 packages/);
      assert.deepEqual(world.api.takeRequests(), [`${INTERNAL} gzip`, `${INTERNAL} 304`], `${gzip}`);
    }
  });

  test("falls back on the public form where there is no internal one, and back again", async (t) => {
    const world = await makeFormulaWorld(t);
    world.serve(FEW, head(1));
    assert.equal((await world.sync()).code, 0);
    world.api.takeRequests();
    world.api.serve({ public: seal(publicIndex(FEW)) });
    assert.match((await world.pkg(["sync"])).stdout, /^homebrew +updated +2 packages/);
    assert.deepEqual(world.api.takeRequests(), [INTERNAL, PUBLIC]);
    assert.match((await world.pkg(["sync"])).stdout, /unchanged/);
    assert.deepEqual(world.api.takeRequests(), [INTERNAL, `${PUBLIC} 304`]);
    world.serve(FEW, head(1));
    assert.match((await world.pkg(["sync"])).stdout, /updated/);
  });

  test("makes of each formula one package", async (t) => {
    const world = await makeFormulaWorld(t);
    const jq: SampleFormula = {
      ...{ name: "jq", version: "1.8.1", revision: 2, rebuild: 1, sha256: "a".repeat(64), cellar: ":any" },
      ...{ description: "JSON processor", homepage: "https://jq.example", license: "MIT", executables: ["jq", "../x"] },
      ...{ aliases: ["jayq"], oldNames: ["jquery-cli"], dependencies: ["oniguruma", "nothing-like-it"] },
      conflicts: { jaq: "both install jq" },
    };
    const never: SampleFormula = {
      name: "never",
      version: "1",
      disabled: { date: "2020-01-01", because: ":unmaintained" },
    };
    const later: SampleFormula = { ...never, name: "later", disabled: { date: "9999-01-01", because: "it ends" } };
    world.serve([jq, ...formulae("openssl@3"), never, later], head(1));
    assert.equal((await world.sync()).code, 0);
    const info = async (name: string) => {
      const { packages } = JSON.parse((await world.pkg(["info", name, "--json"])).stdout);
      return packages[0].known ?? packages[0].available?.[0] ?? packages[0];
    };
    assert.partialDeepStrictEqual(await info("jayq"), { name: "jq", version: "1.8.1_2", indexSigned: true });
    assert.equal((await info("jayq")).keg.builderChecked, false);
    assert.partialDeepStrictEqual(await info("openssl@3"), { name: "openssl@3", version: "1.0" });
    const { stdout: told } = await world.pkg(["info", "jq"]);
    assert.match(told, /also called +jayq, jquery-cli/);
    assert.match(told, /builder +who built it is not checked/);
    assert.match((await world.pkg(["info", "never"])).stdout, /state +disabled.*unmaintained/);
    assert.match((await world.pkg(["info", "later"])).stdout, /state +not installable/);
    const found = async (word: string) => {
      const { packages } = JSON.parse((await world.pkg(["search", word, "--json"])).stdout);
      return packages.map(({ name, match }: { name: string; match: string }) => `${name} ${match}`);
    };
    assert.deepEqual(await found("jayq"), ["jq name"]);
    assert.deepEqual(await found("jquery"), ["jq substring"]);
    assert.deepEqual(await found("ayq"), ["jq substring"]);
    assert.deepEqual(await found("uery-c"), ["jq substring"]);
    assert.deepEqual(await found("processor"), ["jq description"]);
  });
});

/** What is served, and what is said of it. */
interface Served {
  readonly body: Buffer | string;
  readonly length?: number;
  readonly headers?: Readonly<Record<string, string>>;
}
const payload = internalIndex(FEW, head(2));
const sealed = (options: SealOptions, text = payload): Served => ({ body: seal(text, options) });
const withFields = (fields: object) => ({ body: seal(JSON.stringify({ ...JSON.parse(payload), ...fields })) });

const REFUSED: Readonly<Record<string, readonly [served: Served, code: string, message: RegExp]>> = {
  "another algorithm": [sealed({ protectedHeader: { alg: "RS512" } }), "SIGNATURE_INVALID", /RS512/],
  "no algorithm": [sealed({ protectedHeader: { alg: "none" } }), "SIGNATURE_INVALID", /none/],
  "a payload in base64": [sealed({ protectedHeader: { b64: true } }), "SIGNATURE_INVALID", /b64/],
  "another key id": [
    sealed({ keys: [makeKey({ id: "evil-1" })] }),
    "SIGNATURE_UNTRUSTED",
    /"evil-1", expected "homebrew-1"/,
  ],
  "another key of that id": [sealed({ keys: [makeKey()] }), "SIGNATURE_INVALID", /other bytes/],
  "a signature of other bytes": [sealed({ signed: "{}" }), "SIGNATURE_INVALID", /other bytes/],
  "no signature": [sealed({ keys: [] }), "SIGNATURE_MISSING", /no signature/],
  "half of it": [{ body: seal(payload).subarray(0, 400) }, "INDEX_INVALID", /not JSON/],
  "a payload that is not JSON": [sealed({}, "formulae"), "INDEX_INVALID", /payload/],
  "a payload of something else": [sealed({}, '{"casks":{}}'), "INDEX_INVALID", /neither a list nor has "formulae"/],
  "a name twice": [sealed({}, payload.replace('{"jq"', '{"jq":{},"jq"')), "INDEX_INVALID", /"jq" twice/],
  "a page": [{ body: "<html>login</html>" }, "INDEX_INVALID", /^Cannot read the index of "homebrew": it is a web page/],
  "300 MB": [
    { body: Buffer.alloc(1024), length: 300_000_000 },
    "INDEX_TOO_LARGE",
    /300000000 bytes .*67108864 allowed/,
  ],
  "a bomb": [
    { body: gzipSync(Buffer.alloc(70_000_000)), headers: { "content-encoding": "gzip" } },
    "INDEX_TOO_LARGE",
    /67108864/,
  ],
  "gzip that is cut off": [
    { body: gzipSync(seal(payload)).subarray(0, 200), headers: { "content-encoding": "gzip" } },
    "INDEX_INVALID",
    /gzip|compressed|ends/,
  ],
  nothing: [withFields({ formulae: {} }), "INDEX_SHRUNK", /2 of its 2 formulae are missing/],
  "only bad names": [withFields({ formulae: { "../x": { stable_version: "1" } } }), "INDEX_SHRUNK", /missing at once/],
};

test("sync refuses formulae that are not as they should be, and the old ones serve", async (t) => {
  const world = await makeFormulaWorld(t);
  world.serve(FEW, head(1));
  assert.equal((await world.sync()).code, 0);
  const before = world.inPlace();
  for (const [name, [{ body, length, headers = {} }, code, message]] of Object.entries(REFUSED)) {
    await t.test(name, async () => {
      world.api.answer({
        status: 200,
        body,
        headers: length === undefined ? headers : { "content-length": `${length}` },
      });
      const { stdout, code: exit } = await world.pkg(["sync", "--json"]);
      const [{ error }] = JSON.parse(stdout).repositories;
      assert.equal(error?.code, code, stdout);
      assert.match(error.message, message);
      assert.notEqual(exit, 0);
      assert.equal(world.inPlace(), before);
    });
  }
  world.api.answer(null);
  assert.match((await world.pkg(["search", "jq"])).stdout, /jq/);
});

test("sync says which address it needs where neither document of formulae is", async (t) => {
  const world = await makeFormulaWorld(t);
  const { code, stderr } = await world.sync();
  assert.equal(code, 1);
  assert.match(stderr, /answered 404.*\nhint: Its url has to be the address below which internal\/packages/);
});

test("sync skips formulae whose names could lead anywhere, and takes the others", async (t) => {
  const world = await makeFormulaWorld(t);
  const odd = ["a/b", "..", "a..b", "line\nbreak", "-option", "ok"].map((name) => [name, { stable_version: "1" }]);
  const text = JSON.stringify({ formulae: Object.fromEntries(odd), formula_tap_git_head: head(1) });
  world.api.serve({ internal: seal(text) });
  const { code, stderr } = await world.sync("--verbose");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /5 entries skipped/);
  assert.match(stderr, /skipped "line.+break": its name is not a formula's/);
  assert.match((await world.pkg(["search", "ok"])).stdout, /^ +ok +1 /);
});

const MANY = Array.from({ length: 20 }, (_, index) => `formula-${index}`);

test("sync never takes formulae again that were replaced, though the repository was added anew", async (t) => {
  const world = await makeFormulaWorld(t);
  const add = async () => {
    const args = ["repo", "add", "corp", world.api.url, "--kind", "homebrew", "--key", TEST_KEY.spki];
    const { code, stderr } = await world.pkg(args);
    return { code, stderr };
  };
  world.serve(FEW, head(1));
  assert.equal((await add()).code, 0);
  world.serve(formulae("jq", "oniguruma", "new"), head(2));
  assert.equal((await world.sync("corp")).code, 0);
  world.serve(FEW, head(1));
  assert.match((await world.sync("corp")).stderr, /its formulae are older than those seen before/);
  assert.equal((await world.pkg(["repo", "remove", "corp"])).code, 0);
  assert.match((await add()).stderr, /its formulae are older than those seen before/);
  world.serve(formulae("jq", "oniguruma", "new"), head(2));
  assert.equal((await add()).code, 0);
});

test("sync refuses formulae of which many are missing at once, unless told to accept that", async (t) => {
  const world = await makeFormulaWorld(t);
  await lose(t, world, { lost: 2, refused: false });
  await lose(t, world, { lost: 3, refused: true });
  const { code, stderr } = await world.sync("--accept-loss");
  assert.equal(code, 0, stderr);
});

test("sync takes one formula less of a short list, but not the last", async (t) => {
  const world = await makeFormulaWorld(t);
  const codes = [];
  for (const [number, names] of [["a", "b", "c"], ["a", "b"], ["a"], ["b"]].entries()) {
    world.serve(formulae(...names), head(number));
    codes.push((await world.sync()).code);
  }
  assert.deepEqual(codes, [0, 0, 0, 1]);
});

type World = Awaited<ReturnType<typeof makeFormulaWorld>>;
let heads = 100;

async function lose(
  _: TestContext,
  world: World,
  { lost, refused }: { lost: number; refused: boolean },
): Promise<void> {
  world.serve(formulae(...MANY), head(heads++));
  assert.equal((await world.sync()).code, 0);
  const renamed = { ...formulae("renamed")[0], name: "renamed", version: "2", oldNames: [MANY[0] ?? ""] };
  world.serve([renamed, ...formulae(...MANY.slice(lost + 1))], head(heads++));
  const { code, stderr } = await world.sync();
  assert.equal(code, refused ? 1 : 0, stderr);
  if (refused) assert.match(stderr, /3 of its 20 formulae are missing at once\nhint: .*--accept-loss/);
}

test("a fresh machine needs no sync before it searches, though another repository is dead", async (t) => {
  const world = await makeFormulaWorld(t, '[repositories.dead]\nurl = "http://127.0.0.1:1/index.json"\n');
  world.serve(FEW, head(1));
  const { code, stdout, stderr } = await world.pkg(["search", "jq"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^ +jq +1\.0 +homebrew/);
  assert.match(stderr, /The packages of dead are left out/);
});

test("repo trust says which key signs formulae, and repo list how many there are", async (t) => {
  const world = await makeFormulaWorld(t);
  assert.match((await world.pkg(["repo", "trust", "homebrew"])).stdout, /none were accepted yet/);
  world.serve(FEW, head(7));
  assert.equal((await world.sync()).code, 0);
  const { stdout } = await world.pkg(["repo", "trust", "homebrew"]);
  assert.match(stdout, /formulae +2, first seen at 20\d\d-/);
  assert.ok(stdout.includes(`made from        ${head(7)}`) && stdout.includes(TEST_KEY.spki), stdout);
  assert.match((await world.pkg(["repo"])).stdout, /^homebrew +2 packages +just now\n +key homebrew-1$/m);
  const accept = await world.pkg(["repo", "trust", "homebrew", "--accept-keys", TEST_KEY.spki]);
  assert.match(accept.stderr, /its formulae are signed by the keys in the config alone/);
});

test("repo enable says why a repository was disabled", async (t) => {
  const world = await makeFormulaWorld(t);
  const { stderr } = await world.pkg(["repo", "enable", "bincache"]);
  assert.match(stderr, /^warning: bincache may be of no use: its makers stopped serving it early in 2026$/m);
});

test("install tells what has another name by now, and where else a name is", async (t) => {
  const world = await makeFormulaWorld(t);
  world.serve([{ ...FEW[0], name: "jq", version: "1.0", oldNames: ["jquery-cli"] }], head(1));
  const { stderr } = await world.pkg(["install", "jquery-cli", "--dry-run"]);
  assert.match(stderr, /^note: jquery-cli is called jq now$/m);
});

const ADDED_WRONGLY: readonly (readonly [args: string, message: RegExp])[] = [
  ["corp URL --key KEY", /it is a key of formulae.*\n.*--kind homebrew/],
  ["URL --kind homebrew", /do not say what their repository is called\nhint: .*pkg repo add NAME/],
  ["corp URL --kind homebrew --key KEY --threshold 1", /Cannot use --threshold with --kind homebrew/],
  ["corp URL --kind homebrew --key RWQ109gKujRqohsA7RERlXFfeJi23EcHN3Dz8TxyPAywa5mLw/fbcbU4", /RSA key|RWQ109/],
  ["corp URL --kind brew", /index.*homebrew/],
  ["corp oci://ghcr.io/me/x --kind homebrew", /begins with https:, http: or file:/],
];

test("repo add refuses in words what formulae do not have", async (t) => {
  const world = await makeFormulaWorld(t);
  for (const [words, message] of ADDED_WRONGLY) {
    const args = words.replaceAll("URL", world.api.url).replaceAll("KEY", TEST_KEY.spki).split(" ");
    const { code, stderr } = await world.pkg(["repo", "add", ...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message, words);
  }
  assert.deepEqual(world.api.takeRequests(), []);
});

test("a name that was one of formulae is not taken over by an index without keys", async (t) => {
  const world = await makeFormulaWorld(t);
  const config = join(world.home, "config.toml");
  const table = (lines: string) => `[repositories.corp]\nurl = "${world.api.url}"\n${lines}\n`;
  const before = readFileSync(config, "utf8");
  writeFileSync(config, `${before}${table(`kind = "homebrew"\nkeys = ["${TEST_KEY.spki}"]`)}`);
  world.serve(FEW, head(1));
  assert.equal((await world.sync("corp")).code, 0);
  writeFileSync(config, `${before}${table("")}`);
  world.api.answer({ status: 200, body: "[]" });
  assert.match((await world.sync("corp")).stderr, /its index has no signature, and it was signed before/);
});

test("install knows a formula by a name, or an alias, that has an @ in it", async (t) => {
  const world = await makeFormulaWorld(t);
  const [python] = formulae("python@3.13");
  world.serve([{ ...python, name: "python@3.13", version: "3.13.5", aliases: ["python@3", "python"] }], head(1));
  for (const typed of ["python@3.13", "python@3", "python", "python@3.13.5", "PYTHON@3"]) {
    const { stdout, stderr } = await world.pkg(["info", typed]);
    assert.match(stdout, /^python@3\.13 3\.13\.5$/m, `${typed}: ${stderr}`);
  }
});
