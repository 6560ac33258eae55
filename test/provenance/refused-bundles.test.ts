import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { initializeCTLog } from "@sigstore/mock/dist/fulcio/ctlog.js";
import { generateKeyPair } from "@sigstore/mock/dist/util/key.js";
import { PkgError } from "../../src/errors.ts";
import { MAX_BUNDLE_BYTES } from "../../src/provenance/bundle.ts";
import {
  type BundleDocument,
  createSigstore,
  type FakeSigstore,
  ISSUER,
  type SignOptions,
} from "../support/fake-sigstore.ts";
import { bytesOf, OTHER, PROGRAM, type Root, readRoot, verify } from "./provenance-home.ts";

let sigstore: FakeSigstore;
let foreign: FakeSigstore;
let root: Root;

before(async () => {
  [sigstore, foreign] = await Promise.all([createSigstore(), createSigstore()]);
  root = await readRoot({ after }, sigstore.trustedRoot);
});

const sign = (options: Partial<SignOptions> = {}) => sigstore.sign({ subjects: [PROGRAM], ...options });

/** A good bundle with one thing changed in it. */
async function changed(change: (bundle: BundleDocument) => BundleDocument | undefined): Promise<BundleDocument> {
  const bundle = await sign();
  return change(bundle) ?? bundle;
}

/** A good bundle with one thing changed in its log entry. */
function changedEntry(change: (entry: BundleDocument) => void): Promise<BundleDocument> {
  return changed(({ verificationMaterial }) => change(verificationMaterial.tlogEntries[0]));
}

function flip(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return bytes.toString("base64");
}

function later(ms: number): Date {
  return new Date(Date.now() + ms);
}

const HOUR_MS = 3_600_000;

/** Each is good but for one thing, and the message is about that. */
const REFUSED: readonly (readonly [name: string, make: () => Promise<BundleDocument>, problem: RegExp])[] = [
  // What it speaks of.
  ["another subject", () => sign({ subjects: [OTHER] }), /it covers sha256:(?:cd)+, expected sha256:(?:ab)+$/],
  [
    "several subjects, all others",
    () => sign({ subjects: [OTHER, "ef".repeat(32)] }),
    /it covers sha256:cd.*, sha256:ef/,
  ],
  [
    "a subject by SHA-512 alone",
    () =>
      sign({
        change: (statement) => ({ ...statement, subject: [{ name: "a", digest: { sha512: "ab".repeat(64) } }] }),
      }),
    /it covers nothing by its SHA-256/,
  ],
  [
    "a digest in capitals, which no tool writes",
    () => sign({ subjects: [PROGRAM.toUpperCase()] }),
    /it covers nothing by its SHA-256/,
  ],
  ["no subject", () => sign({ subjects: [] }), /its statement names no subject/],
  [
    "more subjects than any build has",
    () => sign({ subjects: Array.from({ length: 4097 }, () => "ab") }),
    /its statement has 4097 subjects, expected at most 4096/,
  ],
  // What it states.
  [
    "a predicate that is no provenance",
    () => sign({ predicateType: "https://spdx.dev/Document/v2.3" }),
    /it states "https:\/\/spdx.dev\/Document\/v2.3", expected SLSA provenance/,
  ],
  [
    "a statement that is none of in-toto",
    () => sign({ change: (statement) => ({ ...statement, _type: "https://example.org/Claim" }) }),
    /its statement is of type "https:\/\/example.org\/Claim", expected an in-toto statement/,
  ],
  ["no predicate", () => sign({ change: ({ predicate: _, ...rest }) => rest }), /no predicate or no predicateType/],
  ["a payload of another type", () => sign({ payloadType: "text/plain" }), /what it signs is "text\/plain", expected/],
  [
    "a payload that is not JSON",
    () => sign({ payload: Buffer.from("nonsense") }),
    /its statement is not a JSON object/,
  ],
  // Who signed, and who vouches for that.
  ["a certificate of a foreign root", () => foreign.sign({ subjects: [PROGRAM] }), /its certificate is not trusted/],
  [
    "a certificate that had expired by the log's time",
    async () => sign({ log: await sigstore.log(later(HOUR_MS)) }),
    /its certificate is not trusted .*not valid or expired at the specified date/,
  ],
  [
    "a certificate that was not valid yet by the log's time",
    async () => sign({ log: await sigstore.log(later(-HOUR_MS)) }),
    /its certificate is not trusted .*not valid or expired at the specified date/,
  ],
  [
    "a certificate that no log was told of",
    async () => sign({ authority: await sigstore.authority({ ctLog: null }) }),
    /its certificate is not trusted \(expected 1 SCTs, got 0\)/,
  ],
  [
    "a certificate that a foreign log was told of",
    async () => sign({ authority: await sigstore.authority({ ctLog: await initializeCTLog(generateKeyPair()) }) }),
    /its certificate is not trusted \(SCT verification failed\)/,
  ],
  ["a certificate without an issuer", () => sign({ extensions: [] }), /does not say who vouched for the signer/],
  [
    "an issuer that is no text",
    () => sign({ extensions: [{ oid: "1.3.6.1.4.1.57264.1.8", value: ISSUER, legacy: true }] }),
    /does not say who vouched for the signer/,
  ],
  [
    "a signer named with a space",
    () => sign({ identity: "https://github.com/me/tools x" }),
    /does not name the signer by a plain URI or mail address/,
  ],
  [
    "another certificate in place of its own",
    async () => {
      const other = await sign();
      return changed((bundle) => {
        bundle.verificationMaterial.certificate = other.verificationMaterial.certificate;
      });
    },
    /its signature does not match this statement/,
  ],
  [
    "a certificate of which a byte was changed",
    () =>
      changed(({ verificationMaterial }) => {
        verificationMaterial.certificate.rawBytes = flip(verificationMaterial.certificate.rawBytes);
      }),
    /its certificate is not trusted/,
  ],
  [
    "a certificate that is noise",
    () =>
      changed(({ verificationMaterial }) => {
        verificationMaterial.certificate.rawBytes = Buffer.alloc(64, 0x30).toString("base64");
      }),
    /it cannot be read/,
  ],
  [
    "a bare key in place of a certificate",
    () =>
      changed((bundle) => {
        const { certificate: _, ...material } = bundle.verificationMaterial;
        return { ...bundle, verificationMaterial: { ...material, publicKey: { hint: "key" } } };
      }),
    /it is signed by a bare key, expected a certificate/,
  ],
  [
    "neither key nor certificate",
    () =>
      changed(({ verificationMaterial }) => {
        delete verificationMaterial.certificate;
      }),
    /it is not a Sigstore bundle, wrong or missing: verificationMaterial.content/,
  ],
  // Signature and statement.
  [
    "a statement that was changed",
    () =>
      changed(({ dsseEnvelope }) => {
        const text = Buffer.from(dsseEnvelope.payload, "base64").toString().replace("file-0", "file-1");
        dsseEnvelope.payload = Buffer.from(text).toString("base64");
      }),
    /the log entry is about something else \(DSSE payload hash mismatch\)/,
  ],
  [
    "a signature that was changed",
    () =>
      changed(({ dsseEnvelope }) => {
        dsseEnvelope.signatures[0].sig = flip(dsseEnvelope.signatures[0].sig);
      }),
    /the log entry is about something else \(tlog entry signature mismatch\)/,
  ],
  ["a signature by another key", () => sign({ otherKey: true }), /its signature does not match this statement/],
  [
    "two signatures",
    () =>
      changed(({ dsseEnvelope }) => {
        dsseEnvelope.signatures.push(dsseEnvelope.signatures[0]);
      }),
    /it is not a Sigstore bundle, wrong or missing: content.dsseEnvelope.signatures/,
  ],
  [
    "a signature of a file, with no statement",
    () =>
      changed((bundle) => {
        const { dsseEnvelope, ...rest } = bundle;
        const messageDigest = { algorithm: "SHA2_256", digest: Buffer.from(PROGRAM, "hex").toString("base64") };
        return { ...rest, messageSignature: { messageDigest, signature: dsseEnvelope.signatures[0].sig } };
      }),
    /it signs a file without saying how that was built/,
  ],
  // The log.
  [
    "no log entry",
    () =>
      changed(({ verificationMaterial }) => {
        verificationMaterial.tlogEntries = [];
      }),
    /no trusted source says when it was signed \(expected 1 timestamps, got 0\)/,
  ],
  [
    "neither proof nor promise by the log",
    () =>
      changedEntry((entry) => {
        delete entry.inclusionProof;
        delete entry.inclusionPromise;
      }),
    /it is not a Sigstore bundle, wrong or missing: .*inclusionProof/,
  ],
  [
    "v0.1 without the promise that it must have",
    () =>
      changed((bundle) => {
        delete bundle.verificationMaterial.tlogEntries[0].inclusionPromise;
        return { ...bundle, mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1" };
      }),
    /it is not a Sigstore bundle, wrong or missing: .*inclusionPromise/,
  ],
  [
    "a proof and no trusted time",
    () =>
      changedEntry((entry) => {
        delete entry.inclusionPromise;
      }),
    /no trusted source says when it was signed/,
  ],
  [
    "another time than the log promised",
    () =>
      changedEntry((entry) => {
        entry.integratedTime = String(Number(entry.integratedTime) + 1);
      }),
    /the promise that the log will include it is wrong/,
  ],
  [
    "the promise of a foreign log",
    async () => sign({ log: await foreign.log(later(0)) }),
    /the promise that the log will include it is wrong/,
  ],
  [
    "a proof of another tree",
    () =>
      changedEntry(({ inclusionProof: { checkpoint } }) => {
        const [origin, size, , ...rest] = checkpoint.envelope.split("\n");
        checkpoint.envelope = [origin, size, Buffer.alloc(32).toString("base64"), ...rest].join("\n");
      }),
    /the proof that it is in the log is wrong \(invalid checkpoint signature\)/,
  ],
  [
    "a proof of another place in the tree",
    () =>
      changedEntry(({ inclusionProof }) => {
        inclusionProof.logIndex = "1";
      }),
    /the proof that it is in the log is wrong \(invalid index: 1\)/,
  ],
  [
    "a log entry of another statement",
    () => sign({ logged: Buffer.from("{}") }),
    /the log entry is about something else \(DSSE payload hash mismatch\)/,
  ],
  [
    "the log entry of another bundle",
    async () => {
      const other = await sign();
      return changed(({ verificationMaterial }) => {
        verificationMaterial.tlogEntries = other.verificationMaterial.tlogEntries;
      });
    },
    /the log entry is about something else/,
  ],
  [
    "a log whose name would take the verifier's pattern forever",
    () =>
      changedEntry(({ inclusionProof: { checkpoint } }) => {
        checkpoint.envelope = checkpoint.envelope.replace(/— \S+/, "— (.*)*(.*)*(.*)*x");
      }),
    /its log entry is signed by "\(\.\*\).*", expected the name of a log/,
  ],
  [
    "more log entries than any bundle has",
    () =>
      changed(({ verificationMaterial }) => {
        verificationMaterial.tlogEntries = Array.from({ length: 9 }, () => verificationMaterial.tlogEntries[0]);
      }),
    /it has more than 8 log entries or timestamps/,
  ],
  // Its shape.
  ["a bundle that was cut off", async () => bytesOf(await sign()).subarray(0, -10), /it is not JSON/],
  ["nothing", async () => Buffer.alloc(0), /it is not JSON/],
  ["bytes that are no text", async () => Buffer.from([0x22, 0xff, 0x22]), /it is not JSON/],
  ["a list", async () => [], /it is not a Sigstore bundle/],
  ["null", async () => Buffer.from("null"), /it is not a Sigstore bundle/],
  [
    "fields of other types",
    async () => ({ mediaType: 1, verificationMaterial: [], dsseEnvelope: "" }),
    /it is not a Sigstore bundle/,
  ],
  [
    "a bundle that is too large",
    () => changed((bundle) => ({ ...bundle, padding: " ".repeat(MAX_BUNDLE_BYTES) })),
    /it has \d+ bytes, expected at most 1048576/,
  ],
  [
    "a version that is not known",
    () => changed((bundle) => ({ ...bundle, mediaType: "application/vnd.dev.sigstore.bundle.v0.9+json" })),
    /its type is "application\/vnd.dev.sigstore.bundle.v0.9\+json", expected a Sigstore bundle of v0.1 to v0.3/,
  ],
  [
    "v0.3 with a chain, which it must not have",
    () =>
      changed((bundle) => {
        const { certificate, ...material } = bundle.verificationMaterial;
        const x509CertificateChain = { certificates: [certificate] };
        return { ...bundle, verificationMaterial: { ...material, x509CertificateChain } };
      }),
    /it is not a Sigstore bundle, wrong or missing: verificationMaterial.content/,
  ],
];

test("verifyProvenance() refuses", async (t) => {
  verify(root, await sign());
  for (const [name, make, problem] of REFUSED) {
    await t.test(name, async () => {
      const bundle = await make();
      assert.throws(
        () => verify(root, bundle),
        (error) => {
          assert.ok(error instanceof PkgError, String(error));
          assert.equal(error.code, "PROVENANCE_INVALID");
          assert.match(error.message, /^Cannot use the bundle: /);
          assert.match(error.message, problem);
          return true;
        },
      );
    });
  }
});

test("verifyProvenance() refuses what a log signed after its key was retired", async () => {
  const [log] = sigstore.trustedRoot.tlogs;
  const ended = {
    ...log,
    publicKey: { ...log.publicKey, validFor: { start: "2020-01-01T00:00:00Z", end: "2021-01-01T00:00:00Z" } },
  };
  const past = await readRoot({ after }, { ...sigstore.trustedRoot, tlogs: [ended] });
  const bundle = await sign();
  assert.throws(() => verify(past, bundle), /the promise that the log will include it is wrong/);
});

test("verifyProvenance() refuses what the public instance did not sign", async () => {
  const { readTrustedRoot } = await import("../../src/provenance/trusted-root.ts");
  const [shipped, bundle] = [await readTrustedRoot(null), await sign()];
  assert.throws(() => verify(shipped, bundle), /its certificate is not trusted/);
});
