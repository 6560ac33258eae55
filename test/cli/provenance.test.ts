import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { digestHex } from "../../src/oci/digest.ts";
import {
  COMMIT,
  createSigstore,
  type FakeSigstore,
  IDENTITY,
  ISSUER,
  type SignOptions,
} from "../support/fake-sigstore.ts";
import type { BuiltPackage } from "../support/package-builder.ts";
import { pushReferrer } from "../support/referrer-publisher.ts";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";

const BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const OWN = "https://github.com/me/tools/*";
const OTHERS = "https://github.com/other/tools/*";

let sigstore: FakeSigstore;

before(async () => {
  sigstore = await createSigstore();
});

/** A home whose repository asks who built its packages, and the package `hello` in it. */
async function makeHome(t: TestContext, identity: string | null): Promise<{ home: SampleHome; built: BuiltPackage }> {
  const home = await makeSampleHome(t);
  const built = home.build({ name: "hello", version: "1.0.0" });
  await home.push(built);
  home.publishIndex(built);
  if (identity !== null) askFor(home, identity);
  return { home, built };
}

function askFor(home: SampleHome, identity: string): void {
  const root = join(home.path, "trusted_root.json");
  writeFileSync(root, JSON.stringify(sigstore.trustedRoot));
  const file = join(home.path, "config.toml");
  const line = `provenance = { identity = "${identity}", issuer = "${ISSUER}", trusted_root = "${root}" }`;
  const text = readFileSync(file, "utf8").replace(/^provenance = .*\n/m, "");
  writeFileSync(file, text.replace("[repositories.tools]", `[repositories.tools]\n${line}`));
}

async function attach(home: SampleHome, built: BuiltPackage, options: Partial<SignOptions> = {}): Promise<void> {
  const bundle = await sigstore.sign({ subjects: [digestHex(built.programDigest)], ...options });
  await pushReferrer(built, home.registryUrl, { type: BUNDLE_TYPE, bytes: Buffer.from(JSON.stringify(bundle)) });
  home.takeRequests();
}

function placed(home: SampleHome): readonly string[] {
  return ["bin", "packages", join("blobs", "sha256")].flatMap((name) => {
    try {
      return readdirSync(join(home.path, name));
    } catch {
      return [];
    }
  });
}

test("pkg install places what the policy's builder built, and records the builder", async (t) => {
  const { home, built } = await makeHome(t, OWN);
  await attach(home, built);
  const { code, stderr } = await home.pkg(["install", "hello"]);
  assert.equal(code, 0, stderr);
  const asked = home.takeRequests().filter((request) => request.includes("/referrers/"));
  assert.equal(asked.length, 1);

  const { document } = await home.json("info", "hello", "--provenance");
  const { packages } = document as { readonly packages: readonly Record<string, Record<string, unknown>>[] };
  const [{ from, policy, provenance } = assert.fail()] = packages;
  assert.deepEqual([from, policy], ["installation", { identity: OWN, issuer: ISSUER }]);
  assert.deepEqual([provenance?.["identity"], provenance?.["commit"]], [IDENTITY, COMMIT]);
  assert.deepEqual(provenance?.["subjects"], [built.programDigest]);
  assert.deepEqual(home.takeRequests(), [], "what is recorded needs no request");

  const text = await home.pkg(["info", "hello"]);
  assert.match(text.stdout, new RegExp(`built by +${IDENTITY.replaceAll(/[.]/g, "\\.")}`));
  assert.match(text.stdout, /checked +digest, checksum, signature, provenance/);
});

test("pkg install places nothing that somebody else built", async (t) => {
  const { home, built } = await makeHome(t, OTHERS);
  await attach(home, built);
  const { code, stderr } = await home.pkg(["install", "hello"]);
  assert.equal(code, 1);
  assert.match(stderr, /Cannot use Sigstore bundle "sha256:[0-9a-f]{64}" of package "hello": it was built by/);
  assert.match(stderr, /expected "https:\/\/github.com\/other\/tools\/\*"/);
  assert.deepEqual(placed(home), []);
  const { stdout } = await home.pkg(["list", "--json"]);
  assert.deepEqual(JSON.parse(stdout), { packages: [] });
});

test("pkg install places nothing without a bundle if the policy requires one, unless a person skips the check", async (t) => {
  const { home } = await makeHome(t, OWN);
  const { code, stderr } = await home.pkg(["install", "hello"]);
  assert.equal(code, 1);
  assert.match(stderr, /Cannot pass the provenance check of package "hello": found no Sigstore bundle/);
  assert.match(stderr, /hint: Tell the publisher; `pkg install --insecure-skip=provenance` skips this check/);
  assert.deepEqual(placed(home), []);

  const skipped = await home.pkg(["install", "hello", "--insecure-skip=provenance"]);
  assert.equal(skipped.code, 0, skipped.stderr);
  const { document } = await home.json("list");
  const [installed] = (document as { packages: readonly Record<string, unknown>[] }).packages;
  assert.deepEqual([installed?.["skipped"], installed?.["provenance"]], [["provenance"], null]);
});

test("pkg install looks for no bundle if no policy requires one", async (t) => {
  const { home, built } = await makeHome(t, null);
  await attach(home, built);
  const { code, stderr } = await home.pkg(["install", "hello"]);
  assert.equal(code, 0, stderr);
  const requests = home.takeRequests();
  assert.ok(requests.length > 0);
  assert.deepEqual(
    requests.filter((request) => /referrers|sha256-/.test(request)),
    [],
  );
});

test("pkg install tries each bundle until one is accepted, and says why none is", async (t) => {
  const { home, built } = await makeHome(t, OWN);
  await attach(home, built, { identity: "https://github.com/other/x/.github/workflows/a.yml@refs/heads/main" });
  await attach(home, built, { subjects: ["00".repeat(32)] });
  const failed = await home.pkg(["install", "hello"]);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /none of 2 bundles that refer to ".*" is accepted\. /);
  assert.match(failed.stderr, /: it was built by "https:\/\/github.com\/other/);
  assert.match(failed.stderr, /: it covers sha256:00/);
  await attach(home, built);
  const { code, stderr } = await home.pkg(["install", "hello"]);
  assert.equal(code, 0, stderr);
});

test("pkg install reads a limited number of bundles: anyone who may push can add some", async (t) => {
  const { home, built } = await makeHome(t, OWN);
  for (let count = 0; count < 18; count++) await attach(home, built, { subjects: ["00".repeat(32)] });
  const { code } = await home.pkg(["install", "hello"]);
  assert.equal(code, 1);
  const read = home.takeRequests().filter((request) => /^GET .*\/manifests\/sha256:/.test(request));
  assert.equal(read.length, 16);
});

test("pkg install does not trust a list about what a bundle refers to", async (t) => {
  const { home, built } = await makeHome(t, OWN);
  const other = home.build({ name: "other", version: "1.0.0" });
  await home.push(other);
  // A good bundle of another package, attached to this one.
  await attach(home, built, { subjects: [digestHex(other.programDigest)] });
  const { code, stderr } = await home.pkg(["install", "hello"]);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`it covers ${other.programDigest}, expected sha256:`));
});

test("pkg install refuses a plain download if the policy requires provenance, which it cannot have", async (t) => {
  const { home } = await makeHome(t, OWN);
  const program = Buffer.from("#!/bin/sh\necho plain\n");
  const index = join(home.path, "served", "index");
  writeFileSync(join(index, "plain"), program);
  const shasum = hashHex("sha256", program);
  const entry = {
    pkg_name: "plain",
    pkg_id: "plain",
    version: "1",
    shasum,
    download_url: `${home.registryUrl}/index/plain`,
  };
  const document = Buffer.from(JSON.stringify({ format: 1, packages: [entry] }));
  writeFileSync(join(index, "tools.json"), document);
  // If only the index states the hashes of its packages, it must be signed when a key is known.
  writeFileSync(join(index, "tools.json.sig"), home.signer.sign(document, "tools.json"));
  const { code, stderr } = await home.pkg(["install", "plain"]);
  assert.equal(code, 1);
  assert.match(stderr, /Cannot pass the provenance check of package "plain": found no Sigstore bundle/);
  assert.deepEqual(placed(home), []);
});

test("pkg install --reinstall fetches the provenance again, and nothing else", async (t) => {
  const { home, built } = await makeHome(t, OWN);
  await attach(home, built);
  assert.equal((await home.pkg(["install", "hello"])).code, 0);
  home.takeRequests();
  const { code, stderr } = await home.pkg(["install", "hello", "--reinstall"]);
  assert.equal(code, 0, stderr);
  const program = `/blobs/${built.programDigest}`;
  assert.ok(!home.takeRequests().some((request) => request.endsWith(program)));
  askFor(home, OTHERS);
  const refused = await home.pkg(["install", "hello", "--reinstall"]);
  assert.match(refused.stderr, /it was built by/);
  assert.equal(refused.code, 1);
});

test("pkg info --provenance verifies what is not installed, and says when anybody may build it", async (t) => {
  const { home, built } = await makeHome(t, OWN);
  const nothing = await home.pkg(["info", "hello", "--provenance"]);
  assert.equal(nothing.code, 1);
  assert.match(
    nothing.stderr,
    /Cannot tell who built "hello": nothing that refers to "sha256:.*" is a Sigstore bundle/,
  );
  await attach(home, built);
  const { stdout } = await home.pkg(["info", "hello", "--provenance"]);
  assert.match(stdout, /commit +0123456789abcdef/);
  assert.match(stdout, /verified +.*, just now/);
  assert.match(stdout, /allowed +https:\/\/github.com\/me\/tools\/\* by https:\/\/token/);
  // A reference has no repository's policy, so only the public instance is trusted.
  const reference = `${home.registryHost}/${built.repository}:${built.tag}`;
  const direct = await home.pkg(["info", reference, "--provenance"]);
  assert.match(direct.stderr, /its certificate is not trusted/);
});
