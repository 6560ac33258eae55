import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { sha256Digest } from "../../src/oci/digest.ts";
import {
  type BundleDocument,
  COMMIT,
  createSigstore,
  type FakeSigstore,
  IDENTITY,
  ISSUER,
  RUN,
} from "../support/fake-sigstore.ts";
import { NOW, OTHER, PROGRAM, type Root, readRoot, verify } from "./provenance-home.ts";

const STATEMENT = { subjects: [PROGRAM] };

let sigstore: FakeSigstore;
let root: Root;
let logless: Root;

before(async () => {
  sigstore = await createSigstore();
  root = await readRoot({ after }, sigstore.trustedRoot);
  logless = await readRoot({ after }, sigstore.logless);
});

test("verifyProvenance() gives builder and source as the certificate names them", async () => {
  const bundle = await sigstore.sign(STATEMENT);
  const { signedAt, ...provenance } = verify(root, bundle);
  assert.deepEqual(provenance, {
    identity: IDENTITY,
    issuer: ISSUER,
    sourceRepository: "https://github.com/me/tools",
    commit: COMMIT,
    ref: "refs/tags/v1.2.0",
    workflow: IDENTITY,
    builder: "https://github.com/actions/runner/github-hosted",
    buildType: "https://actions.github.io/buildtypes/workflow/v1",
    runUrl: RUN,
    predicateType: "https://slsa.dev/provenance/v1",
    subjects: [sha256Digest(PROGRAM)],
    verifiedAt: new Date(NOW).toISOString(),
  });
  const [entry] = bundle.verificationMaterial.tlogEntries;
  assert.equal(Date.parse(signedAt), Number(entry.integratedTime) * 1000);
});

test("verifyProvenance() prefers the certificate to the statement, in which the signer can write anything", async () => {
  const change = (statement: BundleDocument) => {
    statement.predicate.buildDefinition.resolvedDependencies[0].digest.gitCommit = "f".repeat(40);
    statement.predicate.buildDefinition.externalParameters.workflow.repository = "https://github.com/other/tools";
    return statement;
  };
  const { commit, sourceRepository } = verify(root, await sigstore.sign({ ...STATEMENT, change }));
  assert.deepEqual([commit, sourceRepository], [COMMIT, "https://github.com/me/tools"]);
});

test("verifyProvenance() takes from the statement what the certificate of a person does not say", async () => {
  const extensions = [{ oid: "1.3.6.1.4.1.57264.1.8", value: "https://accounts.example.org" }];
  const { issuer, commit, ref, runUrl, workflow } = verify(root, await sigstore.sign({ ...STATEMENT, extensions }));
  assert.deepEqual(
    [issuer, commit, ref, runUrl, workflow],
    ["https://accounts.example.org", COMMIT, "refs/tags/v1.2.0", RUN, null],
  );
});

test("verifyProvenance() reads an old certificate, whose extensions are bare text", async () => {
  const old: Readonly<Record<number, string>> = { 1: ISSUER, 3: COMMIT, 5: "me/tools", 6: "refs/heads/main" };
  const extensions = Object.entries(old).map(([number, value]) => ({
    oid: `1.3.6.1.4.1.57264.1.${number}`,
    value,
    legacy: true,
  }));
  const { issuer, commit, sourceRepository, ref } = verify(root, await sigstore.sign({ ...STATEMENT, extensions }));
  assert.deepEqual(
    [issuer, commit, sourceRepository, ref],
    [ISSUER, COMMIT, "https://github.com/me/tools", "refs/heads/main"],
  );
});

/** The shapes that were current before v0.3. */
function older(bundle: BundleDocument, version: string): BundleDocument {
  const { certificate, ...material } = bundle.verificationMaterial;
  return {
    ...bundle,
    mediaType: `application/vnd.dev.sigstore.bundle+json;version=${version}`,
    verificationMaterial: { ...material, x509CertificateChain: { certificates: [certificate] } },
  };
}

function withoutProof(bundle: BundleDocument): BundleDocument {
  for (const entry of bundle.verificationMaterial.tlogEntries) delete entry.inclusionProof;
  return bundle;
}

const SLSA_V0_2 = {
  predicateType: "https://slsa.dev/provenance/v0.2",
  predicate: {
    builder: { id: "https://github.com/slsa-framework/slsa-github-generator" },
    buildType: "https://github.com/slsa-framework/slsa-github-generator/generic@v1",
    invocation: { configSource: { uri: "git+https://github.com/me/tools@refs/tags/v1", digest: { sha1: COMMIT } } },
  },
};

const ACCEPTED: readonly (readonly [name: string, make: () => Promise<BundleDocument>])[] = [
  [
    "a bundle of v0.1 with a promise and no proof",
    async () => withoutProof(older(await sigstore.sign(STATEMENT), "0.1")),
  ],
  ["a bundle of v0.2 with a chain", async () => older(await sigstore.sign(STATEMENT), "0.2")],
  [
    "v0.3 in its older spelling",
    async () => ({
      ...(await sigstore.sign(STATEMENT)),
      mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.3",
    }),
  ],
  ["a statement of several subjects", () => sigstore.sign({ subjects: [OTHER, PROGRAM] })],
  ["SLSA provenance v0.2", () => sigstore.sign({ ...STATEMENT, ...SLSA_V0_2 })],
  [
    "an in-toto statement v0.1",
    () =>
      sigstore.sign({
        ...STATEMENT,
        change: (statement) => ({ ...statement, _type: "https://in-toto.io/Statement/v0.1" }),
      }),
  ],
];

test("verifyProvenance() accepts", async (t) => {
  for (const [name, make] of ACCEPTED) {
    await t.test(name, async () => assert.equal(verify(root, await make()).commit, COMMIT));
  }
});

test("verifyProvenance() lists every subject asked about that the statement covers", async () => {
  const asked = [sha256Digest(PROGRAM), sha256Digest(OTHER), sha256Digest("ef".repeat(32))];
  const bundle = await sigstore.sign({ subjects: [OTHER, PROGRAM, "00".repeat(32)] });
  assert.deepEqual(verify(root, bundle, asked).subjects, asked.slice(0, 2));
});

test("verifyProvenance() requires no log when the root has none, but still a trusted time", async () => {
  const bundle = await sigstore.signLogless(STATEMENT);
  assert.equal(verify(logless, bundle).identity, IDENTITY);
  const timeless = {
    ...bundle,
    verificationMaterial: { ...bundle.verificationMaterial, timestampVerificationData: {} },
  };
  assert.throws(() => verify(logless, timeless), /no trusted source says when it was signed/);
});

test("verifyProvenance() requires the log when the root has one, even if another source gives the time", async () => {
  const bundle = await sigstore.signLogless(STATEMENT);
  assert.throws(
    () => verify(root, bundle),
    (error) => error instanceof PkgError && /expected 1 SCTs, got 0/.test(error.message),
  );
  const withSct = await sigstore.signLogless({ ...STATEMENT, authority: await sigstore.authority() });
  assert.throws(() => verify(root, withSct), /it is in no transparency log \(expected 1 tlog entries, got 0\)/);
});
