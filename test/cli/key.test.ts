import assert from "node:assert/strict";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { secretKeyOf } from "../../src/sign/secret-key.ts";
import { encodeSecretKeyFile } from "../../src/sign/secret-key-file.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { minisign } from "../support/minisign.ts";
import { runPkgProcess } from "../support/pkg-process.ts";
import { jsonOf, type RunOptions, type RunResult, runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

const PASSPHRASE = "pässphrase of a test";

const key = (home: string, args: readonly string[], options: Partial<RunOptions> = {}): Promise<RunResult> =>
  runPkg(["key", ...args], { home, ...options });
const keyFile = (home: string, name: string) => join(home, "keys", name);
const text = (path: string) => readFileSync(path, "utf8");
const modeOf = (path: string) => statSync(path).mode & 0o777;

async function succeed(home: string, args: readonly string[], options: Partial<RunOptions> = {}): Promise<RunResult> {
  const result = await key(home, args, options);
  assert.equal(result.code, 0, result.stderr);
  assert.doesNotMatch(result.stdout + result.stderr, /p[äa]ssphrase of/);
  return result;
}

/** A locked key that is unlocked in no time. */
function quickKey(): Promise<string> {
  const limits = { opslimit: 32768n, memlimit: 2n ** 24n };
  const lock = { passphrase: PASSPHRASE, salt: Buffer.alloc(32, 1), limits };
  return encodeSecretKeyFile(secretKeyOf(Buffer.alloc(8, 1), Buffer.alloc(32, 1)), lock);
}

/** A home next to a file to sign and to import from. */
function workplace(t: TestContext): string {
  const home = tempHome(t);
  writeFileSync(join(home, "content"), "content");
  return home;
}

function assertVerifies(home: string, publicKey: string): void {
  const { status, stderr } = minisign(home, ["-V", "-p", publicKey, "-m", "content"]);
  assert.equal(status, 0, stderr);
}

test("pkg key generate makes a pair that only its owner can read, and pkg key show shows it", async (t) => {
  const home = tempHome(t);
  const made = await succeed(home, ["generate", "--no-passphrase"]);
  const shown = jsonOf(await succeed(home, ["show", "default", "--json"]));
  const pub = text(keyFile(home, "default.pub")).split("\n")[1];
  const expected = {
    name: "default",
    secretFile: keyFile(home, "default.key"),
    publicFile: keyFile(home, "default.pub"),
    keyId: Buffer.from(pub ?? "", "base64")
      .subarray(2, 10)
      .reverse()
      .toString("hex")
      .toUpperCase(),
    publicKey: pub,
    locked: false,
  };
  assert.deepEqual(shown, { keys: [expected] });
  assert.ok(made.stdout.includes(expected.keyId) && made.stdout.includes(pub ?? "-"), made.stdout);
  assert.deepEqual(jsonOf(await succeed(home, ["show", "--json"])), { keys: [expected] });
  assert.equal(modeOf(join(home, "keys")), 0o700);
  assert.equal(modeOf(keyFile(home, "default.key")), 0o600);
  assert.deepEqual(readdirSync(join(home, "keys")).sort(), ["default.key", "default.pub"]);
});

test("a key that pkg locked signs with minisign", {
  skip: skipWithout("minisign"),
}, async (t) => {
  const home = workplace(t);
  await succeed(home, ["generate", "release", "--passphrase-fd", "0"], { stdin: `${PASSPHRASE}\n` });
  const secret = keyFile(home, "release.key");
  const signed = minisign(home, ["-S", "-s", secret, "-m", "content"], `${PASSPHRASE}\n`);
  assert.equal(signed.status, 0, signed.stderr);
  assertVerifies(home, keyFile(home, "release.pub"));
});

test("a key that minisign locked is imported as it is, with its passphrase", {
  skip: skipWithout("minisign"),
}, async (t) => {
  const home = workplace(t);
  const made = minisign(home, ["-G", "-p", "its.pub", "-s", "its.key"], `${PASSPHRASE}\n${PASSPHRASE}\n`);
  assert.equal(made.status, 0, made.stderr);
  await succeed(home, ["import", join(home, "its.key")], { env: { PKG_PASSPHRASE: PASSPHRASE } });
  assert.equal(text(keyFile(home, "default.key")), text(join(home, "its.key")));
  assert.equal(text(keyFile(home, "default.pub")), text(join(home, "its.pub")));
  assert.equal(modeOf(keyFile(home, "default.key")), 0o600);
});

test("keys that are not locked can be exported to minisign and imported from it", {
  skip: skipWithout("minisign"),
}, async (t) => {
  const home = workplace(t);
  assert.equal(minisign(home, ["-G", "-W", "-p", "its.pub", "-s", "its.key"]).status, 0);
  await succeed(home, ["import", join(home, "its.key"), "--name", "its", "--no-passphrase"]);
  assert.equal(text(keyFile(home, "its.pub")), text(join(home, "its.pub")));
  await succeed(home, ["generate", "ours", "--no-passphrase"]);
  await succeed(home, ["export", "ours", "--secret", "-o", join(home, "ours.key")]);
  assert.equal(modeOf(join(home, "ours.key")), 0o600);
  writeFileSync(join(home, "ours.pub"), (await succeed(home, ["export", "ours"])).stdout);
  for (const name of ["its", "ours"]) {
    assert.equal(minisign(home, ["-S", "-s", `${name}.key`, "-m", "content"]).status, 0);
    assertVerifies(home, `${name}.pub`);
    assertVerifies(home, keyFile(home, `${name}.pub`));
  }
});

test("pkg key import reads standard input, and locks or unlocks as asked", async (t) => {
  const home = tempHome(t);
  const stdin = await quickKey();
  const env = { PKG_PASSPHRASE: PASSPHRASE };
  await succeed(home, ["import", "-", "--name", "locked"], { stdin, env });
  assert.equal(text(keyFile(home, "locked.key")), stdin);
  await succeed(home, ["import", "-", "--name", "open", "--no-passphrase"], { stdin, env });
  const [locked, open] = await Promise.all(["locked", "open"].map((name) => key(home, ["show", name, "--json"])));
  assert.match(locked?.stdout ?? "", /"locked": true/);
  assert.match(open?.stdout ?? "", /"locked": false/);
  await succeed(home, ["import", keyFile(home, "open.key"), "--name", "again"], { env });
  assert.match((await key(home, ["show", "again", "--json"])).stdout, /"locked": true/);
});

test("pkg key export gives the file as it is kept; a missing public key is made again", async (t) => {
  const home = tempHome(t);
  const env = { PKG_PASSPHRASE: PASSPHRASE };
  const stdin = await quickKey();
  await succeed(home, ["import", "-"], { stdin, env });
  assert.equal((await succeed(home, ["export", "--secret"])).stdout, stdin);
  // Also where the same key is in the environment, as in CI.
  const inCi = await succeed(home, ["export", "--secret", "--json"], { env: { PKG_SIGNING_KEY: stdin } });
  assert.partialDeepStrictEqual(jsonOf(inCi), { content: stdin });
  const pub = text(keyFile(home, "default.pub"));
  assert.equal((await succeed(home, ["export"])).stdout, pub);
  writeFileSync(keyFile(home, "default.pub"), "damaged");
  assert.match((await succeed(home, ["show", "--json"])).stdout, /"keyId": null/);
  const unknown = await key(home, ["export"]);
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /passphrase is missing/);
  assert.equal((await succeed(home, ["export"], { env })).stdout, pub);
  assert.deepEqual(jsonOf(await succeed(home, ["export", "--json"], { env })), { name: "default", content: pub });
});

test("no key is overwritten: --force gives the old one another name, under which it still signs", async (t) => {
  const home = workplace(t);
  const old = jsonOf(await succeed(home, ["generate", "--no-passphrase", "--json"]));
  assert.ok(typeof old === "object" && old !== null && "keyId" in old);
  const secret = text(keyFile(home, "default.key"));
  for (const args of [["generate"], ["import", keyFile(home, "default.key")]]) {
    const refused = await key(home, [...args, "--no-passphrase"]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /no key is overwritten[\s\S]*--force/);
    assert.equal(text(keyFile(home, "default.key")), secret);
  }
  const forced = await succeed(home, ["generate", "--no-passphrase", "--force"]);
  const moved = `default-${old.keyId}`;
  assert.ok(forced.stdout.includes(`"${moved}"`), forced.stdout);
  assert.notEqual(text(keyFile(home, "default.key")), secret);
  assert.equal(text(keyFile(home, `${moved}.key`)), secret);
  assert.equal(modeOf(keyFile(home, `${moved}.key`)), 0o600);
  const shown = await succeed(home, ["show"]);
  assert.deepEqual(shown.stdout.match(/^\S+/gm), ["default", moved]);
  const taken = await key(home, ["export", "--secret", "-o", join(home, "content")]);
  assert.equal(taken.code, 1);
  assert.equal(text(join(home, "content")), "content");
});

test("pkg key generate run several times at once for one name makes one key, and the others fail", async (t) => {
  const home = tempHome(t);
  const results = await Promise.all(
    [1, 2, 3].map(() => runPkgProcess(["key", "generate", "--no-passphrase", "--json"], { home })),
  );
  assert.deepEqual(results.map(({ code }) => code).sort(), [0, 1, 1]);
  const winner = results.find(({ code }) => code === 0);
  const { movedTo, dryRun, ...made } = Object(jsonOf(winner ?? assert.fail()));
  assert.deepEqual([movedTo, dryRun], [null, false]);
  assert.deepEqual(jsonOf(await key(home, ["show", "default", "--json"])), { keys: [made] });
  assert.ok(text(keyFile(home, "default.pub")).includes(made.publicKey));
  assert.equal(readdirSync(join(home, "keys")).length, 2);
});

test("pkg key show reports a damaged key next to the others", async (t) => {
  const home = tempHome(t);
  await succeed(home, ["generate", "good", "--no-passphrase"]);
  writeFileSync(keyFile(home, "bad.key"), "damaged");
  const shown = await key(home, ["show"]);
  assert.equal(shown.code, 2);
  assert.match(shown.stdout, /^good /);
  assert.match(shown.stderr, /Cannot use secret key "bad"/);
  assert.equal((await succeed(tempHome(t), ["show"])).stdout, "");
});

const REFUSED: readonly (readonly [
  name: string,
  args: readonly string[],
  options: Partial<RunOptions>,
  code: number,
  expected: RegExp,
])[] = [
  ["no passphrase and nobody to ask", ["generate"], {}, 2, /--no-passphrase/],
  ["an empty passphrase", ["generate"], { env: { PKG_PASSPHRASE: "" } }, 2, /is empty/],
  ["a passphrase of two lines", ["generate"], { env: { PKG_PASSPHRASE: "a\nb" } }, 2, /line break/],
  ["a passphrase as an argument", ["generate", "--passphrase", PASSPHRASE], {}, 2, /read by others/],
  ["the same with =", ["generate", `--passphrase=${PASSPHRASE}`], {}, 2, /read by others/],
  ["a descriptor that is not open", ["generate", "--passphrase-fd", "77"], {}, 2, /not open/],
  ["a descriptor that is none", ["generate", "--passphrase-fd", "x"], {}, 2, /file descriptor/],
  ["a name that leaves the directory", ["generate", "../key", "--no-passphrase"], {}, 2, /letters, digits/],
  ["a file that is not there", ["import", "nowhere.key"], {}, 1, /no file/],
  ["a public key", ["import", "a.pub", "--no-passphrase"], {}, 2, /it is a public key/],
  ["a wrong passphrase", ["import", "quick.key"], { env: { PKG_PASSPHRASE: "wrong" } }, 1, /passphrase is wrong/],
  ["a name that is not kept", ["export", "release"], {}, 1, /pkg key show/],
  ["such a name too", ["show", "release"], {}, 1, /pkg key generate/],
];

for (const [name, args, options, code, expected] of REFUSED) {
  test(`pkg key ${args[0]} refuses ${name} with exit code ${code}, and leaves nothing`, async (t) => {
    const home = tempHome(t);
    const pub =
      "untrusted comment: minisign public key B39D7F546833D97E\nRWR+2TNoVH+ds4asVu1BNcNU9lFQBmWbz+vmRH/K8fo0fkCyZuhTVkRb\n";
    writeFileSync(join(home, "a.pub"), pub);
    writeFileSync(join(home, "quick.key"), await quickKey());
    mkdirSync(join(home, "keys"));
    const there = args.map((word) => (/^\w+\.(pub|key)$/.test(word) ? join(home, word) : word));
    const result = await key(home, there, options);
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stderr, expected);
    assert.ok(!`${result.stdout}${result.stderr}`.includes(PASSPHRASE));
    assert.deepEqual(readdirSync(join(home, "keys")), []);
  });
}

test("key generate --force moves a link aside as it is, also one that leads nowhere", async (t) => {
  const home = tempHome(t);
  await succeed(home, ["generate", "--no-passphrase"]);
  rmSync(join(home, "keys/default.key"));
  symlinkSync("/nowhere/at/all", join(home, "keys/default.key"));
  await succeed(home, ["generate", "--no-passphrase", "--force"]);
  const links = readdirSync(join(home, "keys")).filter((name) => lstatSync(join(home, "keys", name)).isSymbolicLink());
  assert.equal(links.length, 1);
  assert.equal(readlinkSync(join(home, "keys", links[0] ?? "")), "/nowhere/at/all");
});
