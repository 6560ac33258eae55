import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { type ErrorCode, hasCode } from "../../src/errors.ts";
import { type Digest, digestHex, sha256Digest } from "../../src/oci/digest.ts";
import { type ImageIndex, type Manifest, parseManifestDocument } from "../../src/oci/manifest.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../../src/oci/media-types.ts";
import type { Policy } from "../../src/package/policy.ts";
import type { VerifiedProvenance } from "../../src/provenance/provenance.ts";
import type { FetchedPackage, FetchedProgram } from "../../src/verify/fetched-package.ts";
import { verifyPackage } from "../../src/verify/package.ts";
import { type Root, readRoot, verify } from "../provenance/provenance-home.ts";
import { createSigstore, type FakeSigstore, IDENTITY, ISSUER } from "../support/fake-sigstore.ts";

const PROGRAMS = ["trurl", "trurl-extra"].map((title) => ({ title, bytes: Buffer.from(title) }));

let sigstore: FakeSigstore;
let root: Root;

before(async () => {
  sigstore = await createSigstore();
  root = await readRoot({ after }, sigstore.trustedRoot);
});

function digestOf(bytes: Buffer): Digest {
  return sha256Digest(hashHex("sha256", bytes));
}

function manifestOf(titles: readonly string[]): Manifest {
  const layers = PROGRAMS.filter(({ title }) => titles.includes(title)).map(({ title, bytes }) => ({
    mediaType: "application/octet-stream",
    digest: digestOf(bytes),
    size: bytes.length,
    annotations: { "org.opencontainers.image.title": title },
  }));
  const config = { mediaType: "application/vnd.oci.empty.v1+json", digest: digestOf(Buffer.from("{}")), size: 2 };
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers }));
  const document = parseManifestDocument(bytes, OCI_MANIFEST, null);
  assert.ok(document.kind === "manifest");
  return document.manifest;
}

function indexOf(...manifests: readonly Manifest[]): ImageIndex {
  const entries = manifests.map(({ digest, bytes }) => ({ mediaType: OCI_MANIFEST, digest, size: bytes.length }));
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: entries }));
  const document = parseManifestDocument(bytes, OCI_INDEX, null);
  assert.ok(document.kind === "index");
  return document.index;
}

interface Case {
  readonly titles?: readonly string[];
  readonly withManifest?: boolean;
  readonly verified?: VerifiedProvenance | null;
  readonly imageIndex?: ImageIndex | null;
}

function fetched(options: Case): FetchedPackage {
  const { titles = ["trurl"], withManifest = true, verified = null, imageIndex = null } = options;
  const programs = PROGRAMS.filter(({ title }) => titles.includes(title)).map(({ title, bytes }): FetchedProgram => {
    const hashes = { sha256: hashHex("sha256", bytes) };
    const expected = { sha256: null, blake3: null, sizeBytes: null };
    return { title, blob: { digest: digestOf(bytes), size: bytes.length, hashes }, signature: null, expected };
  });
  return {
    name: "trurl",
    manifest: withManifest ? manifestOf(titles) : null,
    programs,
    checksum: null,
    checksumSignature: null,
    facts: null,
    wantedFacts: null,
    provenance: verified === null ? null : { verified, imageIndex },
  };
}

function policy(changes: Partial<Policy> = {}): Policy {
  const provenance = { identity: "https://github.com/me/tools/*", issuer: ISSUER, trustedRoot: null };
  return { require: ["digest", "provenance"], keys: [], allowLegacy: false, provenance, skip: [], ...changes };
}

/** Really verified: nothing else makes the type. */
async function verifiedFor(...subjects: readonly Digest[]): Promise<VerifiedProvenance> {
  return verify(root, await sigstore.sign({ subjects: subjects.map(digestHex) }), subjects);
}

function refuses(package_: FetchedPackage, code: ErrorCode, problem: RegExp, used = policy()): void {
  assert.throws(
    () => verifyPackage(package_, used),
    (error) => hasCode(error, code) && problem.test(error.message),
  );
}

const [PROGRAM, EXTRA] = PROGRAMS.map(({ bytes }) => digestOf(bytes));
assert.ok(PROGRAM !== undefined && EXTRA !== undefined);

test("verifyPackage() reports the builder of a package when the policy asks", async () => {
  const verified = await verifiedFor(PROGRAM);
  const { evidence } = verifyPackage(fetched({ verified }), policy());
  assert.deepEqual(evidence.checks, ["digest", "provenance"]);
  assert.equal(evidence.provenance?.identity, IDENTITY);
});

test("verifyPackage() refuses a package without provenance when the policy requires it", () => {
  refuses(fetched({}), "PROVENANCE_MISSING", /^Cannot pass the provenance check of package "trurl": found no Sigstore/);
});

test("verifyPackage() ignores provenance when it is not required, or skipped", async () => {
  const free = verifyPackage(fetched({}), policy({ require: ["digest"], provenance: null }));
  assert.deepEqual(free.evidence, {
    checks: ["digest"],
    skipped: [],
    signedBy: null,
    signedAs: null,
    provenance: null,
  });
  const skipped = verifyPackage(fetched({ verified: await verifiedFor(PROGRAM) }), policy({ skip: ["provenance"] }));
  assert.deepEqual(skipped.evidence, {
    checks: ["digest"],
    skipped: ["provenance"],
    signedBy: null,
    signedAs: null,
    provenance: null,
  });
});

test("verifyPackage() accepts provenance of the manifest, or of an image index that lists it", async () => {
  const titles = PROGRAMS.map(({ title }) => title);
  const manifest = manifestOf(titles);
  const imageIndex = indexOf(manifestOf(["trurl"]), manifest);
  const ofManifest = fetched({ titles, verified: await verifiedFor(manifest.digest) });
  assert.ok(verifyPackage(ofManifest, policy()).evidence.checks.includes("provenance"));
  const ofIndex = fetched({ titles, verified: await verifiedFor(imageIndex.digest), imageIndex });
  assert.ok(verifyPackage(ofIndex, policy()).evidence.checks.includes("provenance"));
});

test("verifyPackage() refuses provenance of an image index that lists another manifest, or is missing", async () => {
  const elsewhere = indexOf(manifestOf(["trurl-extra"]));
  const verified = await verifiedFor(elsewhere.digest);
  refuses(fetched({ verified, imageIndex: elsewhere }), "PROVENANCE_INVALID", /it does not cover sha256:/);
  refuses(fetched({ verified }), "PROVENANCE_INVALID", /it does not cover sha256:/);
  const withoutManifest = fetched({ verified, imageIndex: elsewhere, withManifest: false });
  refuses(withoutManifest, "PROVENANCE_INVALID", /it does not cover sha256:/);
});

test("verifyPackage() refuses provenance that leaves a program out", async () => {
  const titles = PROGRAMS.map(({ title }) => title);
  const problem = new RegExp(`it does not cover ${EXTRA}$`);
  refuses(fetched({ titles, verified: await verifiedFor(PROGRAM) }), "PROVENANCE_INVALID", problem);
  const whole = fetched({ titles, verified: await verifiedFor(PROGRAM, EXTRA) });
  assert.ok(verifyPackage(whole, policy()).evidence.checks.includes("provenance"));
});

test("verifyPackage() refuses provenance by someone else, or that someone else vouches for", async () => {
  const verified = await verifiedFor(PROGRAM);
  const other = { identity: "https://github.com/other/tools/*", issuer: ISSUER, trustedRoot: null };
  const builder =
    /it was built by "https:\/\/github.com\/me\/tools\/.*", expected "https:\/\/github.com\/other\/tools\/\*"/;
  refuses(fetched({ verified }), "PROVENANCE_INVALID", builder, policy({ provenance: other }));
  const voucher = { identity: IDENTITY, issuer: `${ISSUER}/`, trustedRoot: null };
  const issuer = /its builder is vouched for by "https:\/\/token.actions.*", expected "https:\/\/token.actions.*\/"/;
  refuses(fetched({ verified }), "PROVENANCE_INVALID", issuer, policy({ provenance: voucher }));
});
