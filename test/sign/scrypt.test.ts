import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { type ScryptLimits, SENSITIVE, scryptParameters, stretch } from "../../src/sign/scrypt.ts";
import { publicKeyFile, secretKeyOf } from "../../src/sign/secret-key.ts";
import { encodeSecretKeyFile } from "../../src/sign/secret-key-file.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { minisign } from "../support/minisign.ts";
import { tempDirectory } from "../support/temp-home.ts";

const MIB = 2n ** 20n;
const limits = (opslimit: bigint, memlimit: bigint): ScryptLimits => ({ opslimit, memlimit });

const TABLE: readonly (readonly [name: string, limits: ScryptLimits, N: number, p: number])[] = [
  ["minisign's own", SENSITIVE, 2 ** 20, 1],
  ["libsodium's interactive", limits(524288n, 16n * MIB), 2 ** 14, 1],
  ["its smallest", limits(32768n, 16n * MIB), 2 ** 10, 1],
  ["less than its smallest", limits(0n, 16n * MIB), 2 ** 10, 1],
  ["many operations and little memory", limits(2n ** 22n, MIB), 2 ** 10, 128],
  ["no memory", limits(32768n, 0n), 2, 512],
  ["limits that are no powers of two", limits(700_001n, 9_999_999n), 2 ** 13, 2],
];

test("scryptParameters() maps limits as libsodium does", async (t) => {
  for (const [name, given, N, p] of TABLE) {
    await t.test(name, () => assert.deepEqual(scryptParameters(given), { N, r: 8, p }));
  }
});

const EXCESSIVE: readonly (readonly [name: string, limits: ScryptLimits])[] = [
  ["2 GiB", limits(2n ** 26n, 2n ** 31n)],
  ["all the memory there is", limits(2n ** 64n - 1n, 2n ** 64n - 1n)],
  ["operations without end", limits(2n ** 64n - 1n, 16n * MIB)],
  ["operations without end in no memory", limits(2n ** 64n - 1n, 0n)],
  ["eight times minisign's work", limits(2n ** 28n, 2n ** 30n)],
];

test("stretch() refuses limits that ask for too much, before it allocates anything", async (t) => {
  for (const [name, given] of EXCESSIVE) {
    await t.test(name, async () => {
      assert.equal(scryptParameters(given), null);
      const before = process.resourceUsage().maxRSS;
      assert.equal(await stretch({ passphrase: "", salt: Buffer.alloc(32), limits: given, length: 104 }), null);
      assert.ok(process.resourceUsage().maxRSS - before < 10_000, "no memory was taken");
    });
  }
});

test("minisign unlocks what stretch() locked, with any limits", { skip: skipWithout("minisign") }, async (t) => {
  const directory = tempDirectory({ after });
  const key = secretKeyOf(Buffer.from("8 bytes."), Buffer.alloc(32, 9));
  writeFileSync(join(directory, "key.pub"), publicKeyFile(key));
  writeFileSync(join(directory, "content"), "content");
  for (const [name, given] of TABLE.filter(([, given]) => given !== SENSITIVE)) {
    await t.test(name, async () => {
      const lock = { passphrase: "pässphrase", salt: Buffer.alloc(32, name.length), limits: given };
      writeFileSync(join(directory, "key"), await encodeSecretKeyFile(key, lock));
      const signed = minisign(directory, ["-S", "-s", "key", "-m", "content"], "pässphrase\n");
      assert.equal(signed.status, 0, signed.stderr);
      assert.equal(minisign(directory, ["-V", "-p", "key.pub", "-m", "content"]).status, 0);
      assert.match(readFileSync(join(directory, "content.minisig"), "latin1"), /file:content/);
    });
  }
});

test("stretch() leaves signals to the system while it works, as nothing else could end it", async () => {
  const listener = () => {};
  process.on("SIGHUP", listener);
  const stretched = stretch({
    passphrase: "x",
    salt: Buffer.alloc(32),
    limits: limits(0n, 0n),
    length: 32,
  });
  assert.equal(process.listenerCount("SIGHUP"), 0);
  await stretched;
  assert.deepEqual(process.listeners("SIGHUP"), [listener]);
  process.off("SIGHUP", listener);
});
