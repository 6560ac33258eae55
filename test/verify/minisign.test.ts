import assert from "node:assert/strict";
import { test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { type ErrorCode, hasCode } from "../../src/errors.ts";
import { parsePublicKey, parseSignature, verifySignature } from "../../src/verify/minisign.ts";
import { createSigner, type SignOptions } from "../support/minisign-signer.ts";

const signer = createSigner();
const KEY = parsePublicKey(signer.publicKey);
const CONTENT = Buffer.from("content\n");
const HASHED = { blake2b512: hashHex("blake2b512", CONTENT) };
const BINCACHE = "RWSWp/oBUfND5B2fSmDlYaBXPimGV+r2s9skVRYTQ5cJ+7i6ff/1Nxcr";

function throws(work: () => unknown, code: ErrorCode, message: RegExp): void {
  assert.throws(work, (error) => {
    assert.ok(hasCode(error, code), String(error));
    assert.match(error.message, message);
    return true;
  });
}

function verify(file: Uint8Array, allowLegacy = false, legacyBytes?: Uint8Array) {
  const content = legacyBytes === undefined ? HASHED : { ...HASHED, legacyBytes };
  return verifySignature({ signature: parseSignature(file), keys: [KEY], content, allowLegacy });
}

/** A key's base64 with its decoded bytes changed. */
function changedKey(change: (bytes: Buffer) => void): string {
  const bytes = Buffer.from(signer.publicKey, "base64");
  change(bytes);
  return bytes.toString("base64");
}

test("parsePublicKey() reads a single line and a file of two lines", () => {
  const expected = { keyId: "E443F35101FAA796", text: BINCACHE, bytes: Buffer.from(BINCACHE, "base64").subarray(10) };
  for (const text of [
    BINCACHE,
    `${BINCACHE}\n`,
    `untrusted comment: key\n${BINCACHE}`,
    `untrusted comment: \n${BINCACHE}\n`,
  ]) {
    assert.deepEqual(parsePublicKey(text), expected);
  }
  assert.equal(KEY.keyId, signer.keyId);
});

const BAD_KEYS: readonly (readonly [text: string, message: RegExp])[] = [
  ["", /base64 of 42 bytes/],
  [BINCACHE.slice(0, -1), /base64 of 42 bytes/],
  [`${BINCACHE}A`, /base64 of 42 bytes/],
  [` ${BINCACHE}`, /base64 of 42 bytes/],
  [`${BINCACHE}\r\n`, /base64 of 42 bytes/],
  [`${BINCACHE.slice(0, -4)}====`, /base64 of 42 bytes/],
  [`comment: key\n${BINCACHE}`, /its first line does not begin with "untrusted comment: "/],
  [`untrusted comment: ${"x".repeat(1004)}\n${BINCACHE}`, /has 1023 bytes, expected at most 1022/],
  [`untrusted comment: a\0b\n${BINCACHE}`, /NUL/],
  [`untrusted comment: a\r\n${BINCACHE}`, /carriage return/],
  [`untrusted comment: key\n${BINCACHE}\n${BINCACHE}\n`, /3 lines, expected at most 2/],
  [`untrusted comment: key\n\n${BINCACHE}\n`, /3 lines, expected at most 2/],
  [`untrusted comment: key\n\n`, /base64 of 42 bytes/],
  ["A".repeat(20_000), /20000 characters/],
  [changedKey((bytes) => bytes.write("ED", "latin1")), /algorithm is "ED", expected "Ed"/],
  [changedKey((bytes) => bytes.fill(0, 10)), /it is a point of small order/],
  [changedKey((bytes) => bytes.fill(0xff, 10)), /it is not in canonical form/],
];

test("parsePublicKey() refuses a key that is damaged or weak", async (t) => {
  for (const [text, message] of BAD_KEYS) {
    await t.test(JSON.stringify(text.slice(0, 90)), () => throws(() => parsePublicKey(text), "KEY_INVALID", message));
  }
});

test("parseSignature() reads a file with and without its last newline", () => {
  const file = signer.sign(CONTENT, "trurl");
  for (const bytes of [file, file.subarray(0, -1)]) {
    const signature = parseSignature(bytes);
    assert.equal(signature.algorithm, "ED");
    assert.equal(signature.keyId, signer.keyId);
    assert.equal(signature.trustedComment.toString(), "timestamp:1739440880\tfile:trurl\thashed");
  }
});

const GOOD_LINES = signer.sign(CONTENT, "trurl").toString().split("\n").slice(0, 4);
const [UNTRUSTED = "", SIGNATURE = "", TRUSTED = "", GLOBAL = ""] = GOOD_LINES;

function lines(...changed: readonly (string | null)[]): Buffer {
  const kept = GOOD_LINES.map((line, index) => (changed[index] === undefined ? line : changed[index]));
  return Buffer.from(`${kept.filter((line) => line !== null).join("\n")}\n`, "latin1");
}

const BAD_SIGNATURES: readonly (readonly [name: string, bytes: Buffer, message: RegExp])[] = [
  ["nothing", Buffer.alloc(0), /it has 0 lines, expected 4/],
  ["a web page", Buffer.from("<!doctype html>\n"), /it has 1 line, expected 4/],
  ["too many bytes", Buffer.alloc(16 * 1024 + 1), /it has 16385 bytes, expected at most 16384/],
  ["no untrusted comment", lines(null), /it has 3 lines, expected 4/],
  ["no global signature", lines(undefined as never, undefined as never, undefined as never, null), /it has 3 lines/],
  ["a fifth line", Buffer.concat([lines(), Buffer.from("x\n")]), /it has 5 lines/],
  ["an empty line at the end", Buffer.concat([lines(), Buffer.from("\n")]), /it has 5 lines/],
  ["another first prefix", lines("trusted comment: x"), /its first line does not begin with "untrusted comment: "/],
  ["a first line without a space", lines("untrusted comment:x"), /its first line does not begin/],
  ["a long first line", lines(`untrusted comment: ${"x".repeat(1004)}`), /its first line has 1023 bytes/],
  ["a NUL in the first line", lines(`${UNTRUSTED}\0`), /its first line holds a NUL/],
  ["a carriage return", lines(`${UNTRUSTED}\r`), /its first line holds a NUL or a carriage return/],
  ["another third prefix", lines(UNTRUSTED, SIGNATURE, "untrusted comment: x"), /its third line does not begin/],
  [
    "a long third line",
    lines(UNTRUSTED, SIGNATURE, `trusted comment: ${"x".repeat(8174)}`),
    /its third line has 8191 bytes/,
  ],
  ["a NUL in the third line", lines(UNTRUSTED, SIGNATURE, `${TRUSTED}\0`), /its third line holds a NUL/],
  ["a short signature", lines(UNTRUSTED, SIGNATURE.slice(4)), /its second line is not the base64 of 74 bytes/],
  ["a long signature", lines(UNTRUSTED, `AAAA${SIGNATURE}`), /its second line is not the base64 of 74 bytes/],
  [
    "a signature with unused bits",
    lines(UNTRUSTED, `${SIGNATURE.slice(0, -2)}${nextLetter(SIGNATURE.at(-2))}=`),
    /second line/,
  ],
  [
    "a global signature with a space",
    lines(UNTRUSTED, SIGNATURE, TRUSTED, `${GLOBAL} `),
    /its fourth line is not the base64/,
  ],
  ["lines swapped", lines(UNTRUSTED, GLOBAL, TRUSTED, SIGNATURE), /its second line is not the base64 of 74 bytes/],
  [
    "another algorithm",
    lines(
      UNTRUSTED,
      changedSignature((bytes) => bytes.write("EE", "latin1")),
    ),
    /algorithm is "EE", expected "ED"/,
  ],
];

function changedSignature(change: (bytes: Buffer) => void): string {
  const bytes = Buffer.from(SIGNATURE, "base64");
  change(bytes);
  return bytes.toString("base64");
}

/** The letter of base64 whose lowest bit differs: it sets a bit that padding leaves unused. */
function nextLetter(letter = ""): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return alphabet.charAt(alphabet.indexOf(letter) ^ 1);
}

test("parseSignature() refuses a file that is not exactly in the format", async (t) => {
  for (const [name, bytes, message] of BAD_SIGNATURES) {
    await t.test(name, () => throws(() => parseSignature(bytes), "SIGNATURE_INVALID", message));
  }
});

test("verifySignature() gives the signing key and the file name", () => {
  assert.deepEqual(verify(signer.sign(CONTENT, "trurl")), {
    keyId: signer.keyId,
    trustedComment: "timestamp:1739440880\tfile:trurl\thashed",
    fileName: "trurl",
    signedAtMs: 1_739_440_880_000,
  });
  assert.equal(verify(signer.sign(CONTENT, "", { trustedComment: "ünïcode ✓" })).fileName, null);
});

test("verifySignature() finds the key among several", () => {
  const others = [createSigner(), createSigner()].map(({ publicKey }) => parsePublicKey(publicKey));
  const signature = parseSignature(signer.sign(CONTENT, "trurl"));
  const request = { signature, content: HASHED, allowLegacy: false };
  assert.equal(verifySignature({ ...request, keys: [...others, KEY] }).keyId, signer.keyId);
  throws(
    () => verifySignature({ ...request, keys: others }),
    "SIGNATURE_UNTRUSTED",
    new RegExp(`its key is "${signer.keyId}"`),
  );
  throws(() => verifySignature({ ...request, keys: [] }), "SIGNATURE_UNTRUSTED", /expected none is configured/);
});

test("verifySignature() refuses the signature of a key that only has the id", () => {
  const bytes = Buffer.from(createSigner().publicKey, "base64");
  Buffer.from(signer.publicKey, "base64").copy(bytes, 2, 2, 10);
  const impostor = parsePublicKey(bytes.toString("base64"));
  assert.equal(impostor.keyId, signer.keyId);
  const signature = parseSignature(signer.sign(CONTENT, "trurl"));
  const request = { signature, keys: [impostor], content: HASHED, allowLegacy: false };
  throws(() => verifySignature(request), "SIGNATURE_INVALID", /not made for this content/);
});

test("verifySignature() refuses other content", () => {
  const file = signer.sign(Buffer.from("Content\n"), "trurl");
  throws(() => verify(file), "SIGNATURE_INVALID", /it was not made for this content by key/);
});

test("verifySignature() refuses an algorithm that was changed after signing", () => {
  const hashed = lines(
    UNTRUSTED,
    changedSignature((bytes) => bytes.write("Ed", "latin1")),
  );
  throws(() => verify(hashed, true, CONTENT), "SIGNATURE_INVALID", /not made for this content/);
  const [first = "", legacy = "", third = "", fourth = ""] = signer
    .sign(CONTENT, "x", { algorithm: "Ed" })
    .toString()
    .split("\n");
  const bytes = Buffer.from(legacy, "base64");
  bytes.write("ED", "latin1");
  const claimed = [first, bytes.toString("base64"), third, fourth].join("\n");
  throws(() => verify(Buffer.from(claimed)), "SIGNATURE_INVALID", /not made for this content/);
});

test("verifySignature() accepts a legacy signature only when the policy allows it and the content is in memory", () => {
  const file = signer.sign(CONTENT, "trurl", { algorithm: "Ed" });
  throws(() => verify(file, false, CONTENT), "SIGNATURE_INVALID", /legacy form "Ed", expected "ED"/);
  throws(() => verify(file, true), "SIGNATURE_INVALID", /legacy form "Ed", which cannot be checked/);
  throws(() => verify(file, true, Buffer.from("other")), "SIGNATURE_INVALID", /not made for this content/);
  assert.equal(verify(file, true, CONTENT).fileName, "trurl");
});

test("verifySignature() checks in the order of the format: algorithm, key id, content, global signature", () => {
  const other = createSigner();
  const wrong = Buffer.from("other");
  const legacy = parseSignature(other.sign(wrong, "x", { algorithm: "Ed" }));
  const request = { keys: [KEY], content: HASHED, allowLegacy: false };
  throws(() => verifySignature({ ...request, signature: legacy }), "SIGNATURE_INVALID", /legacy/);
  const unknown = parseSignature(other.sign(wrong, "x"));
  throws(() => verifySignature({ ...request, signature: unknown }), "SIGNATURE_UNTRUSTED", /its key is/);
  const both = parseSignature(lines(UNTRUSTED, otherContent(), "trusted comment: changed"));
  throws(() => verifySignature({ ...request, signature: both }), "SIGNATURE_INVALID", /not made for this content/);
});

function otherContent(): string {
  return signer.sign(Buffer.from("other"), "trurl").toString().split("\n")[1] ?? "";
}

test("verifySignature() refuses a trusted comment that was not signed", async (t) => {
  const swapped = signer.sign(Buffer.from("other"), "trurl").toString().split("\n")[3] ?? "";
  const changed: readonly (readonly [string, Buffer])[] = [
    ["another file's name", lines(UNTRUSTED, SIGNATURE, TRUSTED.replace("file:trurl", "file:curl"))],
    ["one more byte", lines(UNTRUSTED, SIGNATURE, `${TRUSTED} `)],
    ["nothing", lines(UNTRUSTED, SIGNATURE, "trusted comment: ")],
    ["the global signature of another signature", lines(UNTRUSTED, SIGNATURE, TRUSTED, swapped)],
    ["the signature itself as the global one", lines(UNTRUSTED, SIGNATURE, TRUSTED, headless())],
  ];
  for (const [name, bytes] of changed) {
    await t.test(name, () =>
      throws(() => verify(bytes), "SIGNATURE_INVALID", /its trusted comment is not the one that was signed/),
    );
  }
});

function headless(): string {
  return Buffer.from(SIGNATURE, "base64").subarray(10).toString("base64");
}

test("verifySignature() refuses halves of signatures in another spelling", () => {
  const badS = changedSignature((bytes) => bytes.fill(0xff, 42));
  throws(
    () => verify(lines(UNTRUSTED, badS)),
    "SIGNATURE_INVALID",
    /not made for this content .*: its second half is not in canonical form/,
  );
  const badR = changedSignature((bytes) => bytes.fill(0xff, 10, 42));
  throws(
    () => verify(lines(UNTRUSTED, badR)),
    "SIGNATURE_INVALID",
    /not made for this content .*: its first half is not in canonical form/,
  );
  const bytes = Buffer.from(GLOBAL, "base64").fill(0xff, 32);
  throws(
    () => verify(lines(UNTRUSTED, SIGNATURE, TRUSTED, bytes.toString("base64"))),
    "SIGNATURE_INVALID",
    /trusted comment is not the one that was signed: its second half is not in canonical form/,
  );
});

const BAD_COMMENTS: readonly (readonly [name: string, options: SignOptions, message: RegExp])[] = [
  ["an escape sequence", { trustedComment: "file:x\u001b[2J" }, /cannot be printed/],
  ["text that runs backwards", { trustedComment: "file:\u202Ex" }, /cannot be printed/],
  ["a line separator", { trustedComment: "file:x\u2028y" }, /cannot be printed/],
  ["an invisible character", { trustedComment: "file:x\u200b" }, /cannot be printed/],
  ["two file names", { trustedComment: "file:x\tfile:y" }, /names 2 files, expected one/],
];

test("verifySignature() refuses a misleading trusted comment, even if it was signed", async (t) => {
  for (const [name, options, message] of BAD_COMMENTS) {
    await t.test(name, () => throws(() => verify(signer.sign(CONTENT, "", options)), "SIGNATURE_INVALID", message));
  }
  await t.test("bytes that are not UTF-8", () => {
    const comment = Buffer.from([0x66, 0xff]);
    const signature = Buffer.from(SIGNATURE, "base64").subarray(10);
    const global = signer.signRaw(Buffer.concat([signature, comment])).toString("base64");
    const file = lines(UNTRUSTED, SIGNATURE, `trusted comment: ${comment.toString("latin1")}`, global);
    throws(() => verify(file), "SIGNATURE_INVALID", /its trusted comment is not UTF-8/);
  });
});

test("verifySignature() names the task it was given", () => {
  const signature = parseSignature(signer.sign(Buffer.from("other"), "trurl"));
  const request = { signature, keys: [KEY], content: HASHED, allowLegacy: false, task: 'sync "tools"' };
  throws(() => verifySignature(request), "SIGNATURE_INVALID", /^Cannot sync "tools": it was not made/);
});

test("verifySignature() treats a content without its hash as a bug", () => {
  const signature = parseSignature(signer.sign(CONTENT, "trurl"));
  for (const blake2b512 of ["", "ab", "z".repeat(128)]) {
    const request = { signature, keys: [KEY], content: { blake2b512 }, allowLegacy: false };
    assert.throws(() => verifySignature(request), { name: "Error" });
  }
});
