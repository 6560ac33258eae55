import assert from "node:assert/strict";
import { test } from "node:test";
import { createMultiHash } from "../../src/base/hashes.ts";
import type { StoredBlob } from "../../src/blobs/blob-store.ts";
import { type ErrorCode, hasCode } from "../../src/errors.ts";
import { parseDigest, sha256Digest } from "../../src/oci/digest.ts";
import { type Manifest, parseManifestDocument } from "../../src/oci/manifest.ts";
import { type Check, type ExpectedHashes, neededHashes, type Policy } from "../../src/package/policy.ts";
import type { FetchedPackage, FetchedProgram } from "../../src/verify/fetched-package.ts";
import { parsePublicKey } from "../../src/verify/minisign.ts";
import { type VerifiedPackage, verifyPackage, withMembers } from "../../src/verify/package.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { type BuiltPackage, buildPackage, type PackageOptions } from "../support/package-builder.ts";

const signer = createSigner();
const stranger = createSigner();
const ALL: readonly Check[] = ["digest", "checksum", "signature"];
const OPTIONS = { name: "trurl", version: "8.14.1", signer } as const;
const NOTHING: ExpectedHashes = { sha256: null, blake3: null, sizeBytes: null };
const OTHER_HEX = "0".repeat(64);

function policy(changes: Partial<Policy> = {}): Policy {
  return {
    require: ALL,
    keys: [parsePublicKey(signer.publicKey)],
    allowLegacy: false,
    provenance: null,
    skip: [],
    ...changes,
  };
}

/** As the blob store gives it, with every hash that a policy may need. */
function store(bytes: Buffer): StoredBlob {
  const hash = createMultiHash(["sha256", "sha512", "blake3", "blake2b512"]);
  hash.update(bytes);
  const hashes = hash.digest();
  return { digest: sha256Digest(hashes.sha256 ?? ""), size: bytes.length, hashes };
}

function manifestOf(bytes: Buffer): Manifest {
  const document = parseManifestDocument(bytes, null, null);
  assert.ok(document.kind === "manifest");
  return document.manifest;
}

function programOf(built: BuiltPackage, title: string): FetchedProgram {
  const blob = store(built.files.get(title) ?? Buffer.alloc(0));
  const { sha256 = null, blake3 = null } = blob.hashes;
  const expected = title === built.name ? { sha256, blake3, sizeBytes: blob.size } : NOTHING;
  return { title, blob, signature: built.files.get(`${title}.sig`) ?? null, expected };
}

/** A package as it arrives when all is well. */
function fetch(options: Partial<PackageOptions> = {}, ...more: readonly string[]): FetchedPackage {
  const built = buildPackage({ ...OPTIONS, ...options });
  return {
    name: built.name,
    manifest: manifestOf(built.manifest),
    programs: [built.name, ...more].map((title) => programOf(built, title)),
    checksum: built.files.get("CHECKSUM") ?? null,
    checksumSignature: built.files.get("CHECKSUM.sig") ?? null,
    facts: null,
    wantedFacts: null,
    provenance: null,
  };
}

/** The package with its main program changed. */
function withMain(fetched: FetchedPackage, change: (main: FetchedProgram) => Partial<FetchedProgram>): FetchedPackage {
  const [main, ...others] = fetched.programs;
  assert.ok(main !== undefined);
  return { ...fetched, programs: [{ ...main, ...change(main) }, ...others] };
}

function expecting(expected: Partial<ExpectedHashes>): FetchedPackage {
  return withMain(fetch(), (main) => ({ expected: { ...main.expected, ...expected } }));
}

function refuses(fetched: FetchedPackage, code: ErrorCode, message: RegExp, used: Policy = policy()): void {
  assert.throws(
    () => verifyPackage(fetched, used),
    (error) => {
      assert.ok(hasCode(error, code), String(error));
      assert.match(error.message, message);
      return true;
    },
  );
}

function evidenceOf(fetched: FetchedPackage, used: Policy = policy()): VerifiedPackage["evidence"] {
  return verifyPackage(fetched, used).evidence;
}

test("verifyPackage() accepts a package that proves everything, with CHECKSUM in each form", () => {
  for (const checksumFormat of ["g1", "g2", "coreutils", "bsd"] as const) {
    const fetched = fetch({ checksumFormat });
    const verified = verifyPackage(fetched, policy());
    assert.equal(verified.fetched, fetched);
    assert.deepEqual(verified.evidence, {
      checks: ALL,
      skipped: [],
      signedBy: signer.keyId,
      signedAs: null,
      provenance: null,
    });
  }
});

test("verifyPackage() needs no more hashes than neededHashes() returns", () => {
  for (const used of [
    policy(),
    policy({ require: ["digest"], keys: [] }),
    policy({ skip: ALL }),
    policy({ skip: ["signature"] }),
  ]) {
    const lean = withMain(fetch(), ({ blob, expected }) => {
      const needed: readonly string[] = neededHashes(used, expected);
      const hashes = Object.fromEntries(Object.entries(blob.hashes).filter(([name]) => needed.includes(name)));
      return { blob: { ...blob, hashes } };
    });
    assert.doesNotThrow(() => verifyPackage(lean, used));
  }
});

test("verifyPackage() treats a hash that was not computed as a bug, never as a match", () => {
  const bare = withMain(fetch(), ({ blob }) => ({ blob: { ...blob, hashes: {} } }));
  assert.throws(() => verifyPackage(bare, policy()), { name: "Error", message: /was not computed/ });
  assert.throws(() => verifyPackage({ ...fetch(), programs: [] }, policy()), { name: "Error" });
});

test("verifyPackage() refuses a SHA-256 that is not the index's", () => {
  const found = fetch().programs[0]?.blob.hashes.sha256;
  const message = `digest check of "trurl" in package "trurl": found "sha256:${found}", expected "sha256:${OTHER_HEX}" from the index`;
  refuses(expecting({ sha256: OTHER_HEX }), "DIGEST_MISMATCH", new RegExp(message));
});

test("verifyPackage() refuses a blob stored under another digest than the index's SHA-256", () => {
  const moved = withMain(fetch(), ({ blob }) => ({ blob: { ...blob, digest: sha256Digest(OTHER_HEX) } }));
  const used = policy({ require: ["digest"], keys: [] });
  refuses({ ...moved, manifest: null }, "DIGEST_MISMATCH", new RegExp(`found "sha256:${OTHER_HEX}"`), used);
});

test("verifyPackage() refuses a BLAKE3 that is not the index's", () => {
  refuses(
    expecting({ blake3: OTHER_HEX }),
    "DIGEST_MISMATCH",
    /digest check .* found "blake3:[0-9a-f]{64}", expected "blake3:0{64}" from the index/,
  );
});

test("verifyPackage() refuses a size that is not the index's", () => {
  refuses(
    expecting({ sizeBytes: 7 }),
    "SIZE_MISMATCH",
    /digest check of "trurl" .*: found \d+ bytes, expected 7 from the index/,
  );
});

test("verifyPackage() skips only the hashes in the index when the digest check is skipped", () => {
  const wrong = expecting({ sha256: OTHER_HEX, blake3: OTHER_HEX, sizeBytes: 7 });
  const used = policy({ skip: ["digest"] });
  assert.deepEqual(evidenceOf(wrong, used).checks, ["checksum", "signature"]);
  assert.deepEqual(evidenceOf(wrong, used).skipped, ["digest"]);
  const other = withMain(fetch({ program: "exit 1" }), () => ({ blob: store(Buffer.from("other")) }));
  refuses(other, "DIGEST_MISMATCH", /from its manifest/, used);
});

/** The manifest with something of the layer of `trurl` changed. */
function withLayer(change: (layer: Manifest["layers"][number]) => Partial<Manifest["layers"][number]>): FetchedPackage {
  const fetched = fetch();
  assert.ok(fetched.manifest !== null);
  const [layer, ...others] = fetched.manifest.layers;
  assert.ok(layer !== undefined);
  return { ...fetched, manifest: { ...fetched.manifest, layers: [{ ...layer, ...change(layer) }, ...others] } };
}

test("verifyPackage() refuses a program that is not the manifest's layer", () => {
  const digest = sha256Digest(OTHER_HEX);
  const message = new RegExp(
    `digest check of "trurl" .*: found "sha256:[0-9a-f]{64}", expected "${digest}" from its manifest`,
  );
  refuses(
    withLayer(() => ({ digest })),
    "DIGEST_MISMATCH",
    message,
  );
  refuses(
    withLayer(() => ({ size: 7 })),
    "SIZE_MISMATCH",
    /found \d+ bytes, expected 7 from its manifest/,
  );
  refuses(
    withLayer(() => ({ annotations: {} })),
    "LAYER_MISSING",
    /its manifest "sha256:[0-9a-f]{64}" has no such file/,
  );
});

test("verifyPackage() knows a layer of an image by its digest, since it has no title", () => {
  const layer = { diffId: sha256Digest(OTHER_HEX), members: [], scripts: [] };
  const asLayer = (fetched: FetchedPackage) => withMain(fetched, () => ({ archive: true as const, layer }));
  const untitled = asLayer(withLayer(() => ({ annotations: {} })));
  assert.doesNotThrow(() => verifyPackage(untitled, policy()));
  const other = asLayer(withLayer(() => ({ digest: sha256Digest(OTHER_HEX) })));
  refuses(other, "LAYER_MISSING", /its manifest "sha256:[0-9a-f]{64}" has no such file/);
});

test("verifyPackage() compares a layer named by SHA-512 with the SHA-512 of the program", () => {
  const right = parseDigest(`sha512:${fetch().programs[0]?.blob.hashes.sha512}`);
  assert.doesNotThrow(() =>
    verifyPackage(
      withLayer(() => ({ digest: right })),
      policy(),
    ),
  );
  const wrong = parseDigest(`sha512:${"0".repeat(128)}`);
  refuses(
    withLayer(() => ({ digest: wrong })),
    "DIGEST_MISMATCH",
    /expected "sha512:0{128}" from its manifest/,
  );
});

test("verifyPackage() compares the index's SHA-256 with a program that is stored by its SHA-512", () => {
  const digest = parseDigest(`sha512:${fetch().programs[0]?.blob.hashes.sha512}`);
  const stored = withMain(
    withLayer(() => ({ digest })),
    ({ blob }) => ({ blob: { ...blob, digest } }),
  );
  assert.deepEqual(evidenceOf(stored).checks, ALL);
  const wrong = withMain(stored, ({ expected }) => ({ expected: { ...expected, sha256: OTHER_HEX } }));
  refuses(wrong, "DIGEST_MISMATCH", /found "sha256:[0-9a-f]{64}", expected "sha256:0{64}" from the index/);
});

test("verifyPackage() refuses a layer whose kind of digest was not computed, as a wrong digest and not as a bug", () => {
  const digest = parseDigest(`sha512:${fetch().programs[0]?.blob.hashes.sha512}`);
  const fetchedByIndex = withMain(
    withLayer(() => ({ digest })),
    ({ blob }) => {
      const { sha512: _, ...hashes } = blob.hashes;
      return { blob: { ...blob, hashes } };
    },
  );
  refuses(
    fetchedByIndex,
    "DIGEST_MISMATCH",
    new RegExp(`found "sha256:[0-9a-f]{64}", expected "${digest}" from its manifest`),
  );
});

test("verifyPackage() works without a manifest and without hashes in the index", () => {
  const used = policy({ require: ["digest"], keys: [] });
  const alone = { ...fetch(), manifest: null, checksum: null, checksumSignature: null };
  const snapshot = withMain(alone, () => ({ expected: NOTHING, signature: null }));
  assert.deepEqual(evidenceOf(snapshot, used), {
    checks: ["digest"],
    skipped: [],
    signedBy: null,
    signedAs: null,
    provenance: null,
  });
});

test("verifyPackage() refuses titles that are not file names, and two with the same name", () => {
  refuses(
    withMain(fetch(), () => ({ title: "../trurl" })),
    "TITLE_INVALID",
    /"\.\.\/trurl"/,
  );
  const fetched = fetch();
  refuses(
    { ...fetched, programs: [...fetched.programs, ...fetched.programs] },
    "MANIFEST_INVALID",
    /two of its programs have the same name/,
  );
});

test("verifyPackage() refuses a package without CHECKSUM when the policy requires it", () => {
  const message = /checksum check of package "trurl": found no file CHECKSUM, expected one/;
  refuses({ ...fetch(), checksum: null }, "CHECKSUM_MISSING", message);
});

test("verifyPackage() refuses a CHECKSUM that omits a program", () => {
  const empty = fetch({ files: { CHECKSUM: Buffer.from(`curl:${OTHER_HEX}\n`) } });
  refuses(empty, "CHECKSUM_MISSING", /checksum check of package "trurl": CHECKSUM does not list "trurl"/);
  const programs = { "trurl-extra": Buffer.from("extra") };
  const built = buildPackage({ ...OPTIONS, programs });
  const kept = built.files
    .get("CHECKSUM")
    ?.toString()
    .split("\n")
    .filter((line) => !line.startsWith("trurl-extra:"))
    .join("\n");
  const partial = fetch({ programs, files: { CHECKSUM: Buffer.from(kept ?? "") } }, "trurl-extra");
  refuses(partial, "CHECKSUM_MISSING", /CHECKSUM does not list "trurl-extra"/);
});

test("verifyPackage() refuses a program that is not what CHECKSUM says, by each of its hashes", () => {
  const { blake3 = "", sha256 = "" } = fetch().programs[0]?.blob.hashes ?? {};
  const cases = [
    [`trurl:${OTHER_HEX}\n`, `BLAKE3 of "trurl" is "${blake3}", expected "${OTHER_HEX}" from CHECKSUM`],
    [`${OTHER_HEX}  trurl\n`, `SHA-256 of "trurl" is "${sha256}", expected "${OTHER_HEX}" from CHECKSUM`],
    [`BLAKE3: ${blake3}  trurl\nSHA256: ${OTHER_HEX}  trurl\n`, "SHA-256 of"],
    [`BLAKE3: ${OTHER_HEX}  trurl\nSHA256: ${sha256}  trurl\n`, "BLAKE3 of"],
  ] as const;
  for (const [text, message] of cases) {
    refuses(
      fetch({ files: { CHECKSUM: Buffer.from(text) } }),
      "CHECKSUM_MISMATCH",
      new RegExp(`checksum check of package "trurl": ${message}`),
    );
  }
});

test("verifyPackage() refuses a CHECKSUM that lists a program twice", () => {
  const blake3 = fetch().programs[0]?.blob.hashes.blake3;
  refuses(
    fetch({ files: { CHECKSUM: Buffer.from(`trurl:${blake3}\ntrurl:${blake3}\n`) } }),
    "CHECKSUM_INVALID",
    /a second time/,
  );
});

test("verifyPackage() reads CHECKSUM only once its signature is verified", () => {
  refuses({ ...fetch(), checksum: Buffer.from("nonsense") }, "SIGNATURE_INVALID", /signature check of "CHECKSUM"/);
});

test("verifyPackage() compares a CHECKSUM that is not required, and refuses it only when it is wrong", () => {
  const used = policy({ require: ["digest"], keys: [] });
  assert.deepEqual(evidenceOf(fetch(), used).checks, ["digest", "checksum"]);
  assert.deepEqual(evidenceOf({ ...fetch(), checksum: null }, used).checks, ["digest"]);
  assert.deepEqual(evidenceOf({ ...fetch(), checksum: Buffer.alloc(0) }, used).checks, ["digest"]);
  refuses({ ...fetch(), checksum: Buffer.from(`trurl:${OTHER_HEX}\n`) }, "CHECKSUM_MISMATCH", /BLAKE3/, used);
  refuses({ ...fetch(), checksum: Buffer.from("nonsense") }, "CHECKSUM_INVALID", /line 1/, used);
});

test("verifyPackage() looks at no CHECKSUM when that check is skipped", () => {
  const wrong = { ...fetch(), checksum: Buffer.from("nonsense"), checksumSignature: null };
  const expected = {
    checks: ["digest", "signature"],
    skipped: ["checksum"],
    signedBy: signer.keyId,
    signedAs: null,
    provenance: null,
  };
  assert.deepEqual(evidenceOf(wrong, policy({ skip: ["checksum"] })), expected);
});

test("verifyPackage() refuses a missing signature of a program and of CHECKSUM", () => {
  const unsigned = withMain(fetch(), () => ({ signature: null }));
  refuses(
    unsigned,
    "SIGNATURE_MISSING",
    /signature check of "trurl" in package "trurl": found no file "trurl.sig", expected one/,
  );
  refuses(
    { ...fetch(), checksumSignature: null },
    "SIGNATURE_MISSING",
    /signature check of "CHECKSUM" .* found no file "CHECKSUM.sig"/,
  );
  const extra = fetch({ programs: { extra: Buffer.from("extra") }, omit: ["extra.sig"] }, "extra");
  refuses(extra, "SIGNATURE_MISSING", /signature check of "extra"/);
});

test("verifyPackage() refuses a signature of other bytes", () => {
  const signature = signer.sign(Buffer.from("other"), "trurl");
  refuses(
    withMain(fetch(), () => ({ signature })),
    "SIGNATURE_INVALID",
    /signature check of "trurl" .* not made for this content by key/,
  );
  const checksumSignature = signer.sign(Buffer.from("other"), "CHECKSUM");
  refuses(
    { ...fetch(), checksumSignature },
    "SIGNATURE_INVALID",
    /signature check of "CHECKSUM" .* not made for this content/,
  );
});

test("verifyPackage() refuses a signature by a key that the repository does not have", () => {
  const message = new RegExp(`its key is "${stranger.keyId}", expected "${signer.keyId}"`);
  refuses(fetch({ signer: stranger }), "SIGNATURE_UNTRUSTED", message);
  refuses(fetch(), "SIGNATURE_UNTRUSTED", /expected none is configured/, policy({ keys: [] }));
});

test("verifyPackage() refuses a signature that is damaged", () => {
  refuses(
    withMain(fetch(), () => ({ signature: Buffer.from("<html>") })),
    "SIGNATURE_INVALID",
    /signature check of "trurl" .* 1 line, expected 4/,
  );
});

test("verifyPackage() refuses a good signature of another file in the place of this one's", () => {
  const bytes = buildPackage(OPTIONS).program;
  for (const [options, found] of [
    [{}, '"curl"'],
    [{ trustedComment: "timestamp:1" }, "no file"],
  ] as const) {
    const signature = signer.sign(bytes, "curl", options);
    const message = new RegExp(`signature check of "trurl" .* its trusted comment names ${found}, expected "trurl"`);
    refuses(
      withMain(fetch(), () => ({ signature })),
      "SIGNATURE_INVALID",
      message,
    );
  }
  const { checksum } = fetch();
  assert.ok(checksum !== null);
  const checksumSignature = signer.sign(checksum, "trurl");
  refuses(
    { ...fetch(), checksumSignature },
    "SIGNATURE_INVALID",
    /signature check of "CHECKSUM" .* names "trurl", expected "CHECKSUM"/,
  );
});

test("verifyPackage() checks a signature that is not required when it exists and a key is known", () => {
  const used = policy({ require: ["digest", "checksum"] });
  assert.deepEqual(evidenceOf(fetch(), used), {
    checks: ALL,
    skipped: [],
    signedBy: signer.keyId,
    signedAs: null,
    provenance: null,
  });
  refuses(fetch({ signer: stranger }), "SIGNATURE_UNTRUSTED", /its key is/, used);
  const half = { ...fetch(), checksumSignature: null };
  assert.deepEqual(evidenceOf(half, used), {
    checks: ["digest", "checksum"],
    skipped: [],
    signedBy: null,
    signedAs: null,
    provenance: null,
  });
  const keyless = policy({ require: ["digest", "checksum"], keys: [] });
  assert.deepEqual(evidenceOf(fetch({ signer: stranger }), keyless).signedBy, null);
});

test("verifyPackage() reads no signature when that check is skipped, and says so", () => {
  const used = policy({ skip: ["signature"] });
  const expected = {
    checks: ["digest", "checksum"],
    skipped: ["signature"],
    signedBy: null,
    signedAs: null,
    provenance: null,
  };
  assert.deepEqual(evidenceOf(fetch({ signer: stranger }), used), expected);
  assert.deepEqual(evidenceOf(fetch({ signer: null }), used), expected);
});

test("verifyPackage() accepts a legacy signature of CHECKSUM when the policy allows it", () => {
  const { checksum } = fetch();
  assert.ok(checksum !== null);
  const legacy = { ...fetch(), checksumSignature: signer.sign(checksum, "CHECKSUM", { algorithm: "Ed" }) };
  assert.equal(evidenceOf(legacy, policy({ allowLegacy: true })).signedBy, signer.keyId);
  refuses(legacy, "SIGNATURE_INVALID", /signature check of "CHECKSUM" .* legacy form "Ed", expected "ED"/);
});

test("verifyPackage() refuses a legacy signature of a program, whose bytes are not kept in memory", () => {
  const signature = signer.sign(buildPackage(OPTIONS).program, "trurl", { algorithm: "Ed" });
  const legacy = withMain(fetch(), () => ({ signature }));
  refuses(legacy, "SIGNATURE_INVALID", /legacy form "Ed", which cannot be checked/, policy({ allowLegacy: true }));
});

test("verifyPackage() reads the first signature of a file, and no other, as minisign does", () => {
  const fetched = fetch();
  const [main] = fetched.programs;
  const ours = main?.signature ?? Buffer.alloc(0);
  const content = buildPackage(OPTIONS).files.get("trurl") ?? Buffer.alloc(0);
  const foreign = stranger.sign(content, "trurl");
  const withSignatures = (...signatures: readonly Buffer[]) =>
    withMain(fetched, () => ({ signature: Buffer.concat(signatures) }));
  assert.equal(evidenceOf(withSignatures(ours, foreign)).signedBy, signer.keyId);
  for (const strangersFirst of [withSignatures(foreign, ours), withSignatures(foreign, foreign)]) {
    refuses(strangersFirst, "SIGNATURE_UNTRUSTED", /its key is/);
  }
  const wrong = signer.sign(Buffer.from("other"), "trurl");
  refuses(withSignatures(wrong, ours), "SIGNATURE_INVALID", /not made for this content/);
});

test("withMembers() takes as many members as a package may have", async () => {
  const fetched = withMain(fetch(), () => ({ archive: true as const }));
  const member = { path: "x", digest: sha256Digest("0".repeat(64)), size: 1, mode: 0o644, blake3: null };
  const { files } = await withMembers(verifyPackage(fetched, policy()), async () =>
    Array.from({ length: 200_000 }, () => member),
  );
  assert.equal(files.length, 200_000);
});
