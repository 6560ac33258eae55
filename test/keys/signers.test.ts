import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/config.ts";
import { type ErrorCode, hasCode } from "../../src/errors.ts";
import { openSigners, type SignersRequest } from "../../src/keys/signers.ts";
import { publicKeyText, secretKeyOf } from "../../src/sign/secret-key.ts";
import { encodeSecretKeyFile } from "../../src/sign/secret-key-file.ts";
import { tempHome } from "../support/temp-home.ts";

const keyOf = (number: number) => secretKeyOf(Buffer.alloc(8, number), Buffer.alloc(32, number));
const plain = (number: number) => encodeSecretKeyFile(keyOf(number), null);
const locked = (number: number, passphrase: string) =>
  encodeSecretKeyFile(keyOf(number), {
    passphrase,
    salt: Buffer.alloc(32, number),
    limits: { opslimit: 32768n, memlimit: 2n ** 24n },
  });

interface Home {
  readonly config: (env?: Readonly<Record<string, string>>) => Config;
  /** Writes a file below the home and gives its path. */
  readonly write: (path: string, text: string) => string;
}

function makeHome(t: TestContext): Home {
  const home = tempHome(t);
  mkdirSync(join(home, "keys"));
  return {
    config: (env = {}) => loadConfig({ env: { PKG_HOME: home, ...env }, platform: "linux", arch: "x64", flags: {} }),
    write: (path, text) => {
      writeFileSync(join(home, path), text);
      return join(home, path);
    },
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function open(config: Config, more: Partial<SignersRequest> = {}): Promise<readonly string[]> {
  const request = { keys: [], passphraseFd: null, stdin: nothing(), ask: async () => null, ...more };
  return (await openSigners(config, request)).map(({ publicKey }) => publicKey);
}

const publicKeys = (...numbers: readonly number[]) => numbers.map((number) => publicKeyText(keyOf(number)));

test("openSigners() returns no signer when there is no key", async (t) => {
  assert.deepEqual(await open(makeHome(t).config()), []);
});

test('openSigners() prefers named keys to PKG_SIGNING_KEY, and that to the key "default"', async (t) => {
  const { config, write } = makeHome(t);
  write("keys/default.key", await plain(1));
  const path = write("other.key", await plain(2));
  assert.deepEqual(await open(config()), publicKeys(1));
  const env = { PKG_SIGNING_KEY: await plain(3) };
  assert.deepEqual(await open(config(env)), publicKeys(3));
  assert.deepEqual(await open(config(env), { keys: [path, "default"] }), publicKeys(2, 1));
});

test("openSigners() gives each key once, however often it is named", async (t) => {
  const { config, write } = makeHome(t);
  write("keys/a.key", await plain(1));
  const path = write("b.key", await locked(1, "one"));
  assert.deepEqual(await open(config({ PKG_PASSPHRASE: "one" }), { keys: ["a", path, "a"] }), publicKeys(1));
});

test("openSigners() reads PKG_SIGNING_KEY in the forms in which secrets are kept", async (t) => {
  const { config } = makeHome(t);
  const text = await plain(4);
  for (const form of [text, text.trim(), text.split("\n")[1] ?? "", `\n${text}\n`, text.replaceAll("\n", "\r\n")]) {
    assert.deepEqual(await open(config({ PKG_SIGNING_KEY: form })), publicKeys(4));
  }
  const env = { PKG_SIGNING_KEY: await locked(5, "five"), PKG_PASSPHRASE: "five" };
  assert.deepEqual(await open(config(env)), publicKeys(5));
});

test("openSigners() asks for the passphrase of each locked key", async (t) => {
  const { config, write } = makeHome(t);
  for (const [name, number] of [
    ["one", 1],
    ["two", 2],
  ] as const)
    write(`keys/${name}.key`, await locked(number, name));
  write("keys/three.key", await plain(3));
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return /one|two/.exec(question)?.[0] ?? null;
  };
  assert.deepEqual(await open(config(), { keys: ["one", "three", "two"], ask }), publicKeys(1, 3, 2));
  assert.deepEqual(asked, ['Passphrase of key "one":', 'Passphrase of key "two":']);
});

const FAULTS: readonly (readonly [
  name: string,
  code: ErrorCode,
  make: (home: Home) => Promise<readonly [config: Config, keys: readonly string[]]>,
])[] = [
  ["a name that is not kept", "KEY_MISSING", async ({ config }) => [config(), ["release"]]],
  ["a path where nothing is", "KEY_MISSING", async ({ config }) => [config(), ["./release.key"]]],
  ["what is no name", "USAGE", async ({ config }) => [config(), ["a b"]]],
  ["an empty word", "USAGE", async ({ config }) => [config(), [""]]],
  ["a directory", "FILE_SYSTEM", async ({ config }) => [config(), ["/"]]],
  [
    "a file that is too large",
    "KEY_INVALID",
    async ({ config, write }) => [config(), [write("large.key", "x".repeat(20_000))]],
  ],
  [
    'a key "default" that is damaged',
    "KEY_INVALID",
    async ({ config, write }) => {
      write("keys/default.key", "damaged");
      return [config(), []];
    },
  ],
  ["a damaged PKG_SIGNING_KEY", "KEY_INVALID", async ({ config }) => [config({ PKG_SIGNING_KEY: "RWQAAEIy" }), []]],
  [
    "a locked key and nobody to ask",
    "KEY_LOCKED",
    async ({ config, write }) => [config(), [write("locked.key", await locked(1, "one"))]],
  ],
  [
    "a wrong passphrase",
    "KEY_LOCKED",
    async ({ config, write }) => [config({ PKG_PASSPHRASE: "two" }), [write("locked.key", await locked(1, "one"))]],
  ],
];

test("openSigners() refuses keys that cannot sign", async (t) => {
  for (const [name, code, make] of FAULTS) {
    await t.test(name, async (t) => {
      const [config, keys] = await make(makeHome(t));
      await assert.rejects(open(config, { keys }), (error) => hasCode(error, code) || assert.fail(String(error)));
    });
  }
});
