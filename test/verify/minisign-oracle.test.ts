import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { hashHex } from "../../src/fs/hashes.ts";
import { parsePublicKey, parseSignature, verifySignature } from "../../src/verify/minisign.ts";
import { skipWithout } from "../support/docker-registry.ts";
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

function minisign(...args: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  const { status, stderr, error } = spawnSync("minisign", args, { cwd: directory, encoding: "utf8", input: "" });
  if (error !== undefined) throw error;
  return { status, stderr };
}

/** What minisign itself says of these files. */
function oracleAccepts({ key, signature, content }: Vector): boolean {
  writeFileSync(join(directory, "try.pub"), key);
  writeFileSync(join(directory, "try.sig"), signature);
  writeFileSync(join(directory, "try"), content);
  // A line alone is the form that minisign takes from its command line.
  const line = /^([A-Za-z0-9+/=]+)\n?$/.exec(key.toString("latin1"))?.[1];
  const keyOption = line === undefined ? ["-p", "try.pub"] : ["-P", line];
  return minisign("-V", "-q", ...keyOption, "-x", "try.sig", "-m", "try").status === 0;
}

function weAccept({ key, signature, content }: Vector, allowLegacy = false): boolean {
  try {
    verifySignature({
      signature: parseSignature(signature),
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

/** A key pair and a signature made on the spot by minisign. */
function makeVector(content: Buffer, ...options: readonly string[]): Vector {
  const name = `vector-${made++}`;
  writeFileSync(join(directory, name), content);
  assert.equal(minisign("-G", "-W", "-p", `${name}.pub`, "-s", `${name}.key`).status, 0);
  const { status, stderr } = minisign("-S", "-s", `${name}.key`, "-x", `${name}.sig`, "-m", name, ...options);
  assert.equal(status, 0, stderr);
  const read = (suffix: string) => readFileSync(join(directory, `${name}.${suffix}`));
  return { key: read("pub"), signature: read("sig"), content };
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

interface Mutation extends Vector {
  readonly name: string;
  /** Inside what is signed or signs: nothing may accept it. */
  readonly fatal: boolean;
}

/** Small numbers that are the same in every run (Numerical Recipes' linear congruence). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Field = "key" | "signature";

/** Each byte changed, doubled, taken out, and something put before it. */
function* byteMutations(vector: Vector, field: Field, random: (below: number) => number): Generator<Mutation> {
  const bytes = vector[field];
  for (let at = 0; at < bytes.length; at++) {
    const [before, byte, rest] = [bytes.subarray(0, at), bytes.subarray(at, at + 1), bytes.subarray(at + 1)];
    const other = Buffer.of((byte.readUInt8() + 1 + random(255)) % 256);
    const edits = {
      changed: [before, other, rest],
      flipped: [before, Buffer.of(byte.readUInt8() ^ (1 << random(8))), rest],
      doubled: [before, byte, byte, rest],
      removed: [before, rest],
      inserted: [before, Buffer.of(random(256)), byte, rest],
      cut: [before],
    };
    for (const [edit, parts] of Object.entries(edits)) {
      yield { ...vector, [field]: Buffer.concat(parts), name: `${field}: byte ${at} ${edit}`, fatal: false };
    }
  }
}

/** Each bit of what a base64 line holds, which leaves the line itself well-formed. */
function* bitMutations(vector: Vector, field: Field, line: number): Generator<Mutation> {
  const lines = vector[field].toString().split("\n");
  const bytes = Buffer.from(lines[line] ?? "", "base64");
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    const text = lines.with(line, changed.toString("base64")).join("\n");
    yield { ...vector, [field]: Buffer.from(text), name: `${field}: line ${line} bit ${bit}`, fatal: true };
  }
}

/** Lines taken out, doubled, exchanged, emptied, ended otherwise, made as long as they may be and longer. */
function* structureMutations(vector: Vector, field: Field): Generator<Mutation> {
  const lines = vector[field].toString().trimEnd().split("\n");
  const edits: [name: string, text: string][] = [
    ["ended by CRLF", `${lines.join("\r\n")}\r\n`],
    ["without a last newline", lines.join("\n")],
    ["with an empty line at the end", `${lines.join("\n")}\n\n`],
    ["with spaces at the end", `${lines.join("  \n")}\n`],
    ["after an empty line", `\n${lines.join("\n")}\n`],
    ["after a byte order mark", `\uFEFF${lines.join("\n")}\n`],
    ["twice", `${lines.join("\n")}\n`.repeat(2)],
    ["empty", ""],
  ];
  for (const [index, line] of lines.entries()) {
    edits.push([`without line ${index}`, lines.toSpliced(index, 1).join("\n")]);
    edits.push([`with line ${index} empty`, lines.with(index, "").join("\n")]);
    edits.push([`with line ${index} doubled`, lines.toSpliced(index, 0, line).join("\n")]);
    edits.push([`with line ${index} in capitals`, lines.with(index, line.toUpperCase()).join("\n")]);
    edits.push([`with line ${index} of another kind of base64`, lines.with(index, toUrlBase64(line)).join("\n")]);
    for (let other = 0; other < index; other++) {
      edits.push([`with lines ${other} and ${index} exchanged`, exchange(lines, other, index).join("\n")]);
    }
    for (const length of [1020, 1021, 1022, 1023, 1024, 1025, 8188, 8189, 8190, 8191, 8192, 8193]) {
      edits.push([
        `with line ${index} of ${length} bytes`,
        `${lines.with(index, line.padEnd(length, "x")).join("\n")}\n`,
      ]);
    }
  }
  for (const [name, text] of edits) {
    yield { ...vector, [field]: Buffer.from(text), name: `${field}: ${name}`, fatal: false };
  }
}

function toUrlBase64(line: string): string {
  return line.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function exchange(lines: readonly string[], a: number, b: number): readonly string[] {
  return lines.with(a, lines[b] ?? "").with(b, lines[a] ?? "");
}

function* allMutations(vector: Vector, random: (below: number) => number): Generator<Mutation> {
  for (const field of ["signature", "key"] as const) {
    yield* byteMutations(vector, field, random);
    yield* structureMutations(vector, field);
  }
  yield* bitMutations(vector, "signature", 1);
  yield* bitMutations(vector, "signature", 3);
  // The first 2 bytes are the algorithm, the next 8 the id; a changed key verifies nothing.
  yield* bitMutations(vector, "key", 1);
}

const SAMPLE_EVERY = 40;

test("verifySignature() rejects whatever minisign rejects, for each damage to a signature or key file", {
  skip,
}, () => {
  const vector = makeVector(CONTENT);
  const counts = { all: 0, accepted: 0, sampled: 0, stricter: 0 };
  for (const mutation of allMutations(vector, createRandom(20_250_627))) {
    counts.all++;
    const accepted = weAccept(mutation);
    if (mutation.fatal) assert.equal(accepted, false, mutation.name);
    if (accepted) {
      counts.accepted++;
      assert.equal(oracleAccepts(mutation), true, `we accept what minisign rejects: ${mutation.name}`);
    } else if (counts.all % SAMPLE_EVERY === 0) {
      counts.sampled++;
      if (oracleAccepts(mutation)) counts.stricter++;
      if (mutation.fatal) assert.equal(oracleAccepts(mutation), false, `minisign accepts ${mutation.name}`);
    }
  }
  assert.ok(counts.all > 4000 && counts.accepted > 50 && counts.sampled > 50, JSON.stringify(counts));
  assert.ok(counts.stricter < counts.sampled / 4, JSON.stringify(counts));
});

test("parseSignature() takes trusted comments as long as minisign takes, and no longer", { skip }, () => {
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
