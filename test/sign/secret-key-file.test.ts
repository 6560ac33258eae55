import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { hasCode, PkgError } from "../../src/errors.ts";
import { keyIdText, publicKeyText, type SecretKey, secretKeyOf, seedOf } from "../../src/sign/secret-key.ts";
import { encodeSecretKeyFile, parseSecretKeyFile, unlockSecretKey } from "../../src/sign/secret-key-file.ts";

const SEED = Buffer.from("the seed of a key that is no secret".slice(0, 32));
const KEY = secretKeyOf(Buffer.from("0102030405060708", "hex"), SEED);
const LIMITS = { opslimit: 32768n, memlimit: 2n ** 24n };
const LOCK = { passphrase: "correct horse", salt: Buffer.alloc(32, 3), limits: LIMITS };
const COMMENT = "untrusted comment: minisign secret key";

const parse = (text: string) => parseSecretKeyFile(Buffer.from(text), "name");
const open = (text: string): SecretKey => {
  const file = parse(text);
  assert.ok(file.kind === "open");
  return file.key;
};
const locked = (text: string) => {
  const file = parse(text);
  assert.ok(file.kind === "locked");
  return file;
};

/** The text of a file whose bytes are changed. */
async function edited(edit: (bytes: Buffer) => void, lock: typeof LOCK | null = null): Promise<string> {
  const [comment, line = ""] = (await encodeSecretKeyFile(KEY, lock)).split("\n");
  const bytes = Buffer.from(line, "base64");
  edit(bytes);
  return `${comment}\n${bytes.toString("base64")}\n`;
}

test("parseSecretKeyFile() reads what encodeSecretKeyFile() writes", async () => {
  const key = open(await encodeSecretKeyFile(KEY, null));
  assert.equal(publicKeyText(key), publicKeyText(KEY));
  assert.equal(keyIdText(key), "0807060504030201");
  assert.deepEqual(seedOf(key), SEED);
});

test("unlockSecretKey() accepts the passphrase that the key was locked with, and no other", async () => {
  const file = locked(await encodeSecretKeyFile(KEY, LOCK));
  assert.deepEqual(seedOf(await unlockSecretKey(file, "correct horse")), SEED);
  for (const wrong of ["", "correct hors", "correct horse ", "Correct horse"]) {
    await assert.rejects(unlockSecretKey(file, wrong), (error) => {
      assert.ok(hasCode(error, "KEY_LOCKED"), String(error));
      assert.match(error.message, /the passphrase is wrong/);
      assert.ok(wrong === "" || !error.message.includes(wrong));
      return true;
    });
  }
});

test("a locked key file holds the secret in no readable form", async () => {
  const bytes = Buffer.from((await encodeSecretKeyFile(KEY, LOCK)).split("\n")[1] ?? "", "base64");
  for (const part of [SEED, KEY.publicKey, KEY.id]) assert.equal(bytes.includes(part), false);
});

test("a SecretKey shows nothing of its secret when it is printed", () => {
  const shown = `${inspect(KEY, { depth: 9, showHidden: true })}${JSON.stringify(KEY)}`;
  for (const form of [SEED.toString("hex"), SEED.toString("base64"), SEED.toString("latin1")]) {
    assert.ok(!shown.includes(form), shown);
  }
});

const BAD: readonly (readonly [name: string, text: () => Promise<string> | string, expected: RegExp])[] = [
  ["nothing", () => "", /not two lines/],
  ["the second line alone", async () => (await encodeSecretKeyFile(KEY, null)).split("\n")[1] ?? "", /not two lines/],
  ["a third line", async () => `${await encodeSecretKeyFile(KEY, null)}more\n`, /not two lines/],
  ["no comment", async () => `x${await encodeSecretKeyFile(KEY, null)}`, /does not begin/],
  [
    "a comment that is too long",
    async () => `${COMMENT}${"x".repeat(1000)}\n${(await encodeSecretKeyFile(KEY, null)).split("\n")[1]}\n`,
    /over 1022/,
  ],
  ["a NUL in the comment", async () => (await encodeSecretKeyFile(KEY, null)).replace(" key", "\0key"), /NUL/],
  ["CRLF", async () => (await encodeSecretKeyFile(KEY, null)).replaceAll("\n", "\r\n"), /carriage return/],
  [
    "a public key",
    () => `untrusted comment: minisign public key 0807060504030201\n${publicKeyText(KEY)}\n`,
    /public key/,
  ],
  [
    "a line that is cut",
    async () => (await encodeSecretKeyFile(KEY, null)).replace(/....\n$/, "\n"),
    /base64 of 158 bytes/,
  ],
  ["another algorithm", () => edited((bytes) => bytes.write("ED")), /algorithm/],
  ["another lock", () => edited((bytes) => bytes.write("Ar", 2)), /locked by/],
  ["another checksum algorithm", () => edited((bytes) => bytes.write("B3", 4)), /checksum is not "B2"/],
  ["a wrong checksum", () => edited((bytes) => bytes.writeUInt8(bytes.readUInt8(157) ^ 1, 157)), /checksum is wrong/],
  ["a changed key id", () => edited((bytes) => bytes.write("x", 54)), /checksum is wrong/],
  [
    "a public half that is another key's, under no checksum",
    () => edited((bytes) => secretKeyOf(KEY.id, Buffer.alloc(32)).publicKey.copy(bytes.fill(0, 126), 94)),
    /halves/,
  ],
];

test("parseSecretKeyFile() refuses damaged files, and quotes nothing of their content", async (t) => {
  for (const [name, make, expected] of BAD) {
    await t.test(name, async () => {
      const text = await make();
      assert.throws(
        () => parse(text),
        (error) => {
          assert.ok(hasCode(error, "KEY_INVALID"), String(error));
          assert.match(error.message, expected);
          assertSilent(error, text);
          return true;
        },
      );
    });
  }
});

/** No eight characters of the secret line are in the error. */
function assertSilent(error: PkgError, text: string): void {
  const said = `${error.message} ${error.hint} ${error.stack} ${inspect(error.cause)}`;
  const line = text.split("\n").find((part) => part.startsWith("RW") && part.length > 100) ?? "";
  for (let at = 0; at + 8 <= line.length; at++) {
    const piece = line.slice(at, at + 8);
    assert.ok(piece === "AAAAAAAA" || !said.includes(piece), said);
  }
}

test("unlockSecretKey() refuses a file that asks for too much memory or work", async () => {
  for (const [opslimit, memlimit] of [
    [2n ** 60n, 2n ** 22n],
    [2n ** 60n, 2n ** 60n],
    [2n ** 40n, 2n ** 63n],
  ] as const) {
    const greedy = await edited((bytes) => {
      bytes.writeBigUInt64LE(opslimit, 38);
      bytes.writeBigUInt64LE(memlimit, 46);
    }, LOCK);
    await assert.rejects(unlockSecretKey(locked(greedy), LOCK.passphrase), (error) => hasCode(error, "KEY_INVALID"));
  }
});

test("unlockSecretKey() refuses a key whose halves do not belong together, also under a right checksum", async () => {
  const other = { ...KEY, publicKey: secretKeyOf(KEY.id, Buffer.alloc(32)).publicKey };
  const file = locked(await encodeSecretKeyFile(other, LOCK));
  await assert.rejects(unlockSecretKey(file, LOCK.passphrase), (error) => {
    assert.ok(hasCode(error, "KEY_INVALID"), String(error));
    return error instanceof PkgError && /halves/.test(error.message);
  });
});
