import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { hasCode } from "../../src/errors.ts";
import { createSigner as createOurSigner } from "../../src/sign/create-signer.ts";
import { scryptParameters } from "../../src/sign/scrypt.ts";
import type { SecretKey } from "../../src/sign/secret-key.ts";
import { encodeSecretKeyFile, parseSecretKeyFile, unlockSecretKey } from "../../src/sign/secret-key-file.ts";
import { parseFirstSignature, parsePublicKey, parseSignature, verifySignature } from "../../src/verify/minisign.ts";
import { skipWithout } from "../support/docker-registry.ts";
import {
  bitMutations,
  byteMutations,
  createRandom,
  type FileMutation,
  type Random,
  structureMutations,
} from "../support/file-mutations.ts";
import { askMinisign, minisign, type OracleRun } from "../support/minisign.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { tempDirectory } from "../support/temp-home.ts";

const skip = skipWithout("minisign");
const directory = tempDirectory({ after });
const CONTENT = Buffer.from("content to be signed\n");

interface Vector {
  readonly key: Buffer;
  readonly signature: Buffer;
  readonly content: Buffer;
}

/** How minisign itself is asked about these files. */
function verifyRun({ key, signature, content }: Vector): OracleRun {
  // A line alone is the form that minisign takes from its command line.
  const line = /^([A-Za-z0-9+/=]+)\n?$/.exec(key.toString("latin1"))?.[1];
  const keyOption = line === undefined ? ["-p", "pub"] : ["-P", line];
  return {
    files: { pub: key, sig: signature, content },
    args: ["-V", "-q", ...keyOption, "-x", "sig", "-m", "content"],
  };
}

function oracleAccepts(vector: Vector): boolean {
  return askMinisign(directory, [verifyRun(vector)])[0] === true;
}

function weAccept({ key, signature, content }: Vector, allowLegacy = false): boolean {
  try {
    verifySignature({
      signature: parseFirstSignature(signature),
      keys: [parsePublicKey(key.toString("latin1"))],
      content: { blake2b512: hashHex("blake2b512", content), legacyBytes: content },
      allowLegacy,
    });
    return true;
  } catch (error) {
    if (hasCode(error, "KEY_INVALID", "SIGNATURE_INVALID", "SIGNATURE_UNTRUSTED")) return false;
    throw error;
  }
}

let made = 0;

interface MadeVector extends Vector {
  readonly secretKey: Buffer;
}

/** A key pair and a signature made on the spot by minisign. */
function makeVector(content: Buffer, ...options: readonly string[]): MadeVector {
  const name = `vector-${made++}`;
  writeFileSync(join(directory, name), content);
  assert.equal(minisign(directory, ["-G", "-W", "-p", `${name}.pub`, "-s", `${name}.key`]).status, 0);
  const signing = ["-S", "-s", `${name}.key`, "-x", `${name}.sig`, "-m", name, ...options];
  const { status, stderr } = minisign(directory, signing);
  assert.equal(status, 0, stderr);
  const read = (suffix: string) => readFileSync(join(directory, `${name}.${suffix}`));
  return { key: read("pub"), signature: read("sig"), secretKey: read("key"), content };
}

const MADE: readonly (readonly [name: string, content: Buffer, options: readonly string[], fileName: RegExp | null])[] =
  [
    ["defaults", CONTENT, [], /^vector-\d+$/],
    ["an empty file", Buffer.alloc(0), [], /^vector-\d+$/],
    ["a large file", Buffer.alloc(3_000_000, 7), [], /^vector-\d+$/],
    ["comments", CONTENT, ["-c", "untrusted ünïcode", "-t", "trusted ✓"], null],
  ];

test("verifySignature() accepts what minisign signs", { skip }, async (t) => {
  for (const [name, content, options, fileName] of MADE) {
    await t.test(name, () => {
      const { key, signature } = makeVector(content, ...options);
      const verified = verifySignature({
        signature: parseSignature(signature),
        keys: [parsePublicKey(key.toString())],
        content: { blake2b512: hashHex("blake2b512", content) },
        allowLegacy: false,
      });
      if (fileName === null) assert.equal(verified.fileName, null);
      else assert.match(verified.fileName ?? "", fileName);
      // minisign leaves out zeros in front.
      const printed = /minisign public key ([0-9A-F]{1,16})\n/.exec(key.toString())?.[1];
      assert.equal(printed?.padStart(16, "0"), verified.keyId);
    });
  }
});

test("verifySignature() accepts a legacy signature of minisign only when told to", { skip }, () => {
  const vector = makeVector(CONTENT, "-l");
  assert.equal(weAccept(vector, true), true);
  assert.equal(weAccept(vector, false), false);
});

/** One damaged file, what we make of it, and how minisign is asked. */
interface Trial {
  readonly name: string;
  readonly accepted: boolean;
  /** Inside what is signed or signs: nothing may accept it. */
  readonly fatal: boolean;
  readonly run: OracleRun;
  /** False where minisign is not to be asked of what we refuse: it would take a minute, or it does not look. */
  readonly comparable: boolean;
}

function verifyTrial(vector: Vector, name: string, fatal: boolean): Trial {
  return { name, fatal, accepted: weAccept(vector), run: verifyRun(vector), comparable: true };
}

/** Damage to a signature file. */
function* signatureTrials(vector: Vector, random: Random): Generator<Trial> {
  const trial = ({ name, bytes }: FileMutation, fatal: boolean) =>
    verifyTrial({ ...vector, signature: bytes }, `signature: ${name}`, fatal);
  for (const mutation of byteMutations(vector.signature, random)) yield trial(mutation, false);
  for (const mutation of structureMutations(vector.signature)) yield trial(mutation, false);
  for (const mutation of bitMutations(vector.signature, 1)) yield trial(mutation, true);
  for (const mutation of bitMutations(vector.signature, 3)) yield trial(mutation, true);
}

/** Damage to a public key file. */
function* publicKeyTrials(vector: Vector, random: Random): Generator<Trial> {
  const trial = ({ name, bytes }: FileMutation, fatal: boolean) =>
    verifyTrial({ ...vector, key: bytes }, `public key: ${name}`, fatal);
  for (const mutation of byteMutations(vector.key, random)) yield trial(mutation, false);
  for (const mutation of structureMutations(vector.key)) yield trial(mutation, false);
  // The first 2 bytes are the algorithm, the next 8 the id; a changed key verifies nothing.
  for (const mutation of bitMutations(vector.key, 1)) yield trial(mutation, true);
}

const PASSPHRASE = "pässphrase of a test";

/** The key of a secret key file; null if the file is refused. */
async function openKey(bytes: Buffer): Promise<SecretKey | null> {
  try {
    const file = parseSecretKeyFile(bytes, "try");
    if (file.kind === "open") return file.key;
    const parameters = scryptParameters(file.limits);
    // What would take seconds is not tried: it is refused by the checksum, or a slow form of what is tried already.
    if (parameters !== null && parameters.N * parameters.p > MAX_MIXED) return null;
    return await unlockSecretKey(file, PASSPHRASE);
  } catch (error) {
    if (hasCode(error, "KEY_INVALID", "KEY_LOCKED")) return null;
    throw error;
  }
}

const MAX_MIXED = 2 ** 13;
/** Where seed and public key begin and end in a secret key file: after three algorithms, salt, two limits and the key id. */
const HALVES = [62, 126] as const;
const SECRET_BYTES = 158;

async function secretTrial({ name, bytes }: FileMutation, fatal: boolean): Promise<Trial> {
  const files = { key: bytes, content: CONTENT };
  const run = { files, input: `${PASSPHRASE}\n`, args: ["-S", "-s", "key", "-x", "out", "-m", "content", "-t", "x"] };
  return { name: `secret key: ${name}`, fatal, accepted: (await openKey(bytes)) !== null, run, comparable: false };
}

/** Damage to a secret key file that is not locked. */
async function* secretKeyTrials(file: Buffer, random: Random): AsyncGenerator<Trial> {
  for (const mutation of byteMutations(file, random)) yield await secretTrial(mutation, false);
  for (const mutation of structureMutations(file)) yield await secretTrial(mutation, false);
  for (const mutation of bitMutations(file, 1, [0, HALVES[0]])) yield await secretTrial(mutation, false);
  for (const mutation of bitMutations(file, 1, HALVES)) yield await secretTrial(mutation, true);
  for (const mutation of bitMutations(file, 1, [HALVES[1], SECRET_BYTES])) yield await secretTrial(mutation, false);
}

/** Damage to one that is locked: each trial derives a key, so there are fewer. */
async function* lockedKeyTrials(file: Buffer): AsyncGenerator<Trial> {
  for (const mutation of structureMutations(file)) yield await secretTrial(mutation, false);
  for (const mutation of bitMutations(file, 1, [0, HALVES[0]])) yield await secretTrial(mutation, false);
  for (const at of [HALVES[0], HALVES[1] - 1, SECRET_BYTES - 1]) {
    for (const mutation of bitMutations(file, 1, [at, at + 1])) yield await secretTrial(mutation, true);
  }
}

async function* allTrials(random: Random): AsyncGenerator<Trial> {
  const vector = makeVector(CONTENT);
  const secretKey = parseSecretKeyFile(vector.secretKey, "vector");
  assert.ok(secretKey.kind === "open");
  const ours = { blake2b512: hashHex("blake2b512", CONTENT), fileName: "content", timestamp: 1739440880 };
  yield* signatureTrials(vector, random);
  yield* signatureTrials({ ...vector, signature: createOurSigner(secretKey.key).sign(ours) }, random);
  yield* publicKeyTrials(vector, random);
  yield* secretKeyTrials(vector.secretKey, random);
  // Of few operations and much memory: hardly a bit of the limits makes it slow.
  const limits = { opslimit: 32768n, memlimit: 2n ** 24n };
  const lock = { passphrase: PASSPHRASE, salt: Buffer.alloc(32, 7), limits };
  yield* lockedKeyTrials(Buffer.from(await encodeSecretKeyFile(secretKey.key, lock)));
}

const SAMPLE_EVERY = 80;

test("of 10,000 damaged signature, public key and secret key files none is accepted that minisign rejects", {
  skip,
}, async () => {
  const counts = { all: 0, accepted: 0, sampled: 0, stricter: 0 };
  const asked: Trial[] = [];
  for await (const trial of allTrials(createRandom(20_250_627))) {
    counts.all++;
    if (trial.fatal) assert.equal(trial.accepted, false, trial.name);
    if (trial.accepted) counts.accepted++;
    const isSample = !trial.accepted && trial.comparable && counts.all % SAMPLE_EVERY === 0;
    if (isSample) counts.sampled++;
    if (trial.accepted || isSample) asked.push(trial);
  }
  const answers = askMinisign(
    directory,
    asked.map(({ run }) => run),
  );
  for (const [index, { name, accepted, fatal }] of asked.entries()) {
    if (accepted) assert.equal(answers[index], true, `we accept what minisign rejects: ${name}`);
    else if (fatal) assert.equal(answers[index], false, `minisign accepts ${name}`);
    else if (answers[index] === true) counts.stricter++;
  }
  assert.ok(counts.all >= 10_000 && counts.accepted > 200 && counts.sampled > 50, JSON.stringify(counts));
  assert.ok(counts.stricter < counts.sampled / 4, JSON.stringify(counts));
});

test("parseSignature() accepts trusted comments as long as minisign does, and no longer", { skip }, () => {
  const signer = createSigner();
  const key = Buffer.from(signer.publicKeyFile);
  const accepted = [8189, 8190, 8191, 8192].map((length) => {
    const trustedComment = "x".repeat(length - "trusted comment: ".length);
    const vector = { key, signature: signer.sign(CONTENT, "", { trustedComment }), content: CONTENT };
    return [weAccept(vector), oracleAccepts(vector)];
  });
  assert.deepEqual(accepted, [
    [true, true],
    [true, true],
    [false, false],
    [false, false],
  ]);
});

/** Signature files with more or less than one signature in them; `ours` is by the key that verifies. */
function signatureLists(ours: Buffer, strangers: Buffer): Readonly<Record<string, Buffer>> {
  const newline = Buffer.from("\n");
  const endless = strangers.subarray(0, -1);
  return {
    "ours alone": ours,
    "ours without its last newline": ours.subarray(0, -1),
    "ours, then a stranger's": Buffer.concat([ours, strangers]),
    "a stranger's, then ours": Buffer.concat([strangers, ours]),
    "two strangers' and ours": Buffer.concat([strangers, strangers, ours]),
    "ours twice": Buffer.concat([ours, ours]),
    "ours, then half a stranger's": Buffer.concat([ours, strangers.subarray(0, 90)]),
    "half a stranger's, then ours": Buffer.concat([strangers.subarray(0, 90), ours]),
    "a stranger's without its last newline, then ours": Buffer.concat([endless, ours]),
    "a stranger's, an empty line, then ours": Buffer.concat([strangers, newline, ours]),
    "ours, then empty lines": Buffer.concat([ours, newline, newline]),
    "an empty line, then ours": Buffer.concat([newline, ours]),
    "ours, then text": Buffer.concat([ours, Buffer.from("text")]),
    "ours, then NULs": Buffer.concat([ours, Buffer.alloc(3)]),
    "ours, then a long line": Buffer.concat([ours, Buffer.alloc(9000, "x")]),
    "a long comment, then ours": Buffer.concat([Buffer.from(`untrusted comment: ${"x".repeat(2000)}\n`), ours]),
    "the lines of both mixed": mixed(ours, strangers),
    "the lines of both mixed otherwise": mixed(strangers, ours),
    nothing: Buffer.alloc(0),
  };
}

/** The comment and signature of one, the trusted comment and its signature of the other, then the rest. */
function mixed(first: Buffer, second: Buffer): Buffer {
  const [a, b] = [first.toString().split("\n"), second.toString().split("\n")];
  return Buffer.from([...a.slice(0, 2), ...b.slice(2, 4), ...b.slice(0, 2), ...a.slice(2, 4), ""].join("\n"));
}

test("parseFirstSignature() judges files of several signatures as minisign does, by the first", { skip }, () => {
  const [vector, stranger] = [makeVector(CONTENT), makeVector(CONTENT)];
  const lists = Object.entries(signatureLists(vector.signature, stranger.signature));
  const vectors = lists.map(([name, signature]) => ({ name, vector: { ...vector, signature } }));
  const answers = askMinisign(
    directory,
    vectors.map((item) => verifyRun(item.vector)),
  );
  const ours = vectors.map((item) => [item.name, weAccept(item.vector)]);
  assert.deepEqual(
    ours,
    vectors.map(({ name }, index) => [name, answers[index]]),
  );
  // minisign also takes lines that end in a carriage return, and we do not.
  const crlf = { ...vector, signature: Buffer.from(vector.signature.toString().replaceAll("\n", "\r\n")) };
  assert.deepEqual([weAccept(crlf), oracleAccepts(crlf)], [false, true]);
});

test("verifySignature() rejects signatures in a second spelling, as minisign does", { skip }, () => {
  const vector = makeVector(CONTENT);
  const lines = vector.signature.toString().split("\n");
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  for (const [line, start] of [
    [1, 42],
    [3, 32],
  ] as const) {
    const bytes = Buffer.from(lines[line] ?? "", "base64");
    const s = BigInt(`0x${Buffer.from(bytes.subarray(start)).reverse().toString("hex")}`) + order;
    Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse().copy(bytes, start);
    const signature = Buffer.from(lines.with(line, bytes.toString("base64")).join("\n"));
    assert.equal(weAccept({ ...vector, signature }), false, `line ${line}`);
    assert.equal(oracleAccepts({ ...vector, signature }), false, `line ${line}`);
  }
});
