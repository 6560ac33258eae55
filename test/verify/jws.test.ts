import assert from "node:assert/strict";
import { constants, generateKeyPairSync, sign } from "node:crypto";
import { suite, test } from "node:test";
import { type JwsKey, openJws } from "../../src/verify/jws.ts";

const PAIR = generateKeyPairSync("rsa", { modulusLength: 2048 });
const OTHER = generateKeyPairSync("rsa", { modulusLength: 2048 });
const KEY: JwsKey = { id: "test-1", spki: spkiOf(PAIR.publicKey) };
const TASK = 'read the index of "homebrew"';
const PAYLOAD = '{"formulae":{"jq":{"desc":"é \\n"}}}';
const PROTECTED = { alg: "PS512", b64: false, crit: ["b64"] };

interface Signing {
  readonly protectedHeader?: object;
  readonly signed?: string;
  readonly keyId?: string;
  readonly saltLength?: number;
  readonly hash?: string;
  readonly padding?: number;
  readonly privateKey?: typeof PAIR.privateKey;
}

function spkiOf(key: typeof PAIR.publicKey): string {
  return key.export({ format: "der", type: "spki" }).toString("base64");
}

function signature(options: Signing = {}) {
  const { protectedHeader = PROTECTED, signed = PAYLOAD, keyId = KEY.id, saltLength = 64, hash = "sha512" } = options;
  const { padding = constants.RSA_PKCS1_PSS_PADDING, privateKey = PAIR.privateKey } = options;
  const text = Buffer.from(JSON.stringify(protectedHeader)).toString("base64url");
  const isPss = padding === constants.RSA_PKCS1_PSS_PADDING;
  const key = { key: privateKey, padding, ...(isPss ? { saltLength } : {}) };
  const bytes = sign(hash, Buffer.from(`${text}.${signed}`), key);
  return { protected: text, header: { kid: keyId }, signature: bytes.toString("base64url") };
}

function envelope(signatures: readonly unknown[] = [signature()], payload: unknown = PAYLOAD): string {
  return JSON.stringify({ payload, signatures });
}

function open(document: string | Uint8Array, keys: readonly JwsKey[] = [KEY]): string {
  return openJws(document, { keys, task: TASK });
}

suite("openJws()", () => {
  test("returns the payload as it was signed", () => {
    assert.equal(open(envelope()), PAYLOAD);
    assert.equal(open(Buffer.from(envelope())), PAYLOAD);
    assert.equal(open(envelope([signature({ protectedHeader: { alg: "PS512", b64: false } })])), PAYLOAD);
  });

  test("takes the signature of a key that it knows from several", () => {
    const stranger = signature({ keyId: "stranger", privateKey: OTHER.privateKey });
    assert.equal(open(envelope([stranger, signature()])), PAYLOAD);
  });

  test("takes one good signature, whatever stands beside it", () => {
    const sameName = signature({ privateKey: OTHER.privateKey });
    const newKind = { ...signature({ protectedHeader: { alg: "ML-DSA-65" } }), header: { kid: "next-1" } };
    for (const beside of [sameName, newKind, null, {}, { ...signature(), signature: "a+/=" }]) {
      assert.equal(open(envelope([beside, signature()])), PAYLOAD);
      assert.equal(open(envelope([signature(), beside])), PAYLOAD);
    }
    assert.throws(() => open(envelope([newKind, null])), { code: "SIGNATURE_INVALID", message: /lacks/ });
  });

  test("tries every key that has the name", () => {
    const other = { id: KEY.id, spki: spkiOf(OTHER.publicKey) };
    for (const keys of [
      [other, KEY],
      [{ id: KEY.id, spki: "AAAA" }, KEY],
    ]) {
      assert.equal(open(envelope(), keys), PAYLOAD);
    }
  });

  const refused: readonly (readonly [what: string, document: string, code: string, message: RegExp])[] = [
    ["a document cut off", envelope().slice(0, -20), "INDEX_INVALID", /: the document is not JSON$/],
    ["a list", "[]", "INDEX_INVALID", /the document has no "payload" and "signatures"/],
    ["a payload that is an object", envelope([signature()], {}), "INDEX_INVALID", /the document has no "payload"/],
    [
      "17 signatures",
      envelope(Array(17).fill(signature())),
      "INDEX_INVALID",
      /has 17 signatures, expected at most 16$/,
    ],
    [
      "a key's name of 9,000 letters",
      envelope([signature({ keyId: "x".repeat(9000) })]),
      "SIGNATURE_UNTRUSTED",
      /by "x{100}…", expected "test-1"$/,
    ],
    [
      "a protected header behind a byte order mark",
      envelope([
        { ...signature(), protected: Buffer.from(`\ufeff${JSON.stringify(PROTECTED)}`).toString("base64url") },
      ]),
      "SIGNATURE_INVALID",
      /not JSON/,
    ],
    ["no signature", envelope([]), "SIGNATURE_MISSING", /the document has no signature$/],
    ["another key's name", envelope([signature({ keyId: "x" })]), "SIGNATURE_UNTRUSTED", /by "x", expected "test-1"$/],
    ["another key", envelope([signature({ privateKey: OTHER.privateKey })]), "SIGNATURE_INVALID", /for other bytes$/],
    ["a signature over other bytes", envelope([signature({ signed: "{}" })]), "SIGNATURE_INVALID", /for other bytes$/],
    ["another payload", envelope([signature()], `${PAYLOAD} `), "SIGNATURE_INVALID", /for other bytes$/],
    ["a salt of 32 bytes", envelope([signature({ saltLength: 32 })]), "SIGNATURE_INVALID", /for other bytes$/],
    ["another hash", envelope([signature({ hash: "sha256" })]), "SIGNATURE_INVALID", /for other bytes$/],
    [
      "another padding",
      envelope([signature({ padding: constants.RSA_PKCS1_PADDING })]),
      "SIGNATURE_INVALID",
      /other bytes$/,
    ],
    ["no key id", envelope([{ ...signature(), header: {} }]), "SIGNATURE_INVALID", /lacks/],
    ["a signature that is not an object", envelope([7]), "SIGNATURE_INVALID", /lacks/],
    ["a signature in base64", envelope([{ ...signature(), signature: "a+/=" }]), "SIGNATURE_INVALID", /not base64url$/],
    ["an empty signature", envelope([{ ...signature(), signature: "" }]), "SIGNATURE_INVALID", /for other bytes$/],
    [
      "a protected header that is no JSON",
      envelope([{ ...signature(), protected: "e30x" }]),
      "SIGNATURE_INVALID",
      /not JSON/,
    ],
    ...[
      { alg: "RS512" },
      { alg: "none" },
      { alg: "HS512" },
      { b64: true },
      { crit: ["exp"] },
      { crit: [] },
      { kid: "y" },
    ].map(
      (change) =>
        [
          `the protected header ${JSON.stringify(change)}`,
          envelope([signature({ protectedHeader: { ...PROTECTED, ...change } })]),
          "SIGNATURE_INVALID",
          /protected header is \{.*\}, expected \{"alg":"PS512","b64":false,"crit":\["b64"\]\}$/,
        ] as const,
    ),
  ];
  for (const [what, document, code, message] of refused) {
    test(`refuses ${what}`, () => {
      assert.throws(() => open(document), { code, message });
      assert.throws(() => open(document), { message: /^Cannot read the index of "homebrew": / });
    });
  }

  test("refuses every document in which one byte is wrong", () => {
    const whole = Buffer.from(envelope());
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      assert.throws(() => open(damaged), { name: "PkgError" }, `byte ${at}`);
    }
  });

  test("refuses keys that are small, of another kind, or none", () => {
    const small = spkiOf(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey);
    const curve = generateKeyPairSync("ed25519").publicKey.export({ format: "der", type: "spki" }).toString("base64");
    for (const spki of [small, curve, "", "AAAA", KEY.spki.slice(0, 40)]) {
      assert.throws(() => open(envelope(), [{ id: KEY.id, spki }]), { code: "KEY_INVALID" }, spki);
    }
    assert.throws(() => open(envelope(), []), { code: "SIGNATURE_UNTRUSTED" });
  });
});
