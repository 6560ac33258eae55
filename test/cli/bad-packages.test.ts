import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { type FaultServer, startFaultServer } from "../support/fault-server.ts";
import type { Fault } from "../support/faults.ts";
import { createSigner, type Signer } from "../support/minisign-signer.ts";
import { type BuiltPackage, buildPackage, type PackageOptions } from "../support/package-builder.ts";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";
import type { Cleanup } from "../support/temp-home.ts";

/** A home whose registry serves wrong content, with `tool` 1.0.0 installed before it did. */
async function makeLyingHome(test: Cleanup): Promise<{ readonly home: SampleHome; readonly server: FaultServer }> {
  const home = await makeSampleHome(test);
  const tool = home.build({ name: "tool", version: "1.0.0" });
  const server = await startFaultServer(test, { packages: [tool] });
  const config = join(home.path, "config.toml");
  const text = readFileSync(config, "utf8");
  writeFileSync(config, text.replace(`mirrors = ["${home.registryUrl}"]`, `mirrors = ["${server.url}"]`));
  home.publishIndex(tool);
  assert.equal((await home.pkg(["install", "tool"])).code, 0);
  return { home, server };
}

/** Checks that everything is as it was: the old program runs, and nothing of the failed install is left. */
function assertUntouched(home: SampleHome): void {
  assert.equal(spawnSync(join(home.path, "bin", "tool"), { encoding: "utf8" }).stdout, "tool 1.0.0\n");
  assert.deepEqual(readdirSync(join(home.path, "bin")), ["tool"]);
  assert.deepEqual(readdirSync(join(home.path, "packages")), ["tool"]);
  assert.equal(readdirSync(join(home.path, "blobs", "sha256")).length, 1);
  const partial = join(home.path, "blobs", "partial");
  assert.deepEqual(existsSync(partial) ? readdirSync(partial) : [], []);
}

interface BadPackage {
  readonly code: string;
  readonly message: RegExp;
  readonly options?: Partial<PackageOptions>;
  /** The same, signed with the repository's own key. */
  readonly signed?: (signer: Signer) => Partial<PackageOptions>;
  /** Derives the bad package from the good one. */
  readonly entry?: (built: BuiltPackage) => Readonly<Record<string, unknown>>;
  /** What the registry does to requests whose path holds this. */
  readonly faults?: (built: BuiltPackage) => Readonly<Record<string, Fault>>;
}

const ZEROS = "0".repeat(64);
const blobOf = (built: BuiltPackage) => `${built.repository}/blobs/${built.programDigest}`;
const manifestOf = (built: BuiltPackage) => `${built.repository}/manifests/`;
const onBlob = (fault: Fault) => (built: BuiltPackage) => ({ [blobOf(built)]: fault });
const onManifest = (fault: Fault) => (built: BuiltPackage) => ({ [manifestOf(built)]: fault });
const titled = (title: string): BadPackage => ({
  code: "TITLE_INVALID",
  message: /title|file name/i,
  options: { files: { [title]: Buffer.from("x") } },
});

/** By the name of the package; `#` stands for it. */
const BAD: Readonly<Record<string, BadPackage>> = {
  "no-program-sig": { code: "SIGNATURE_MISSING", message: /no-program-sig/, options: { omit: ["no-program-sig.sig"] } },
  "no-checksum-sig": { code: "SIGNATURE_MISSING", message: /CHECKSUM/, options: { omit: ["CHECKSUM.sig"] } },
  "no-checksum": { code: "CHECKSUM_MISSING", message: /CHECKSUM/, options: { omit: ["CHECKSUM", "CHECKSUM.sig"] } },
  unsigned: { code: "SIGNATURE_MISSING", message: /signature/, options: { signer: null } },
  "other-key": { code: "SIGNATURE_UNTRUSTED", message: /expected "[0-9A-F]+"/, options: { signer: createSigner() } },
  "moved-sig": {
    code: "SIGNATURE_INVALID",
    message: /"another"/,
    signed: (signer) => ({
      files: { "moved-sig.sig": signer.sign(Buffer.from('#!/bin/sh\necho "moved-sig 1.0.0"\n'), "another") },
    }),
  },
  "broken-sig": {
    code: "SIGNATURE_INVALID",
    message: /signature/,
    options: { files: { "broken-sig.sig": Buffer.from("x") } },
  },
  "omitted-in-checksum": {
    code: "CHECKSUM_MISSING",
    message: /omitted-in-checksum/,
    options: { files: { CHECKSUM: Buffer.from(`LICENSE:${ZEROS}\n`) } },
  },
  "doubled-in-checksum": {
    code: "CHECKSUM_INVALID",
    message: /twice|doubled/,
    options: { files: { CHECKSUM: Buffer.from(`doubled-in-checksum:${ZEROS}\ndoubled-in-checksum:${ZEROS}\n`) } },
  },
  "wrong-in-checksum": {
    code: "CHECKSUM_MISMATCH",
    message: new RegExp(`expected "?${ZEROS}|found`),
    options: { files: { CHECKSUM: Buffer.from(`wrong-in-checksum:${ZEROS}\n`) } },
  },
  "wrong-bsum": { code: "DIGEST_MISMATCH", message: /BLAKE3/i, entry: () => ({ bsum: ZEROS }) },
  "wrong-size": { code: "SIZE_MISMATCH", message: /\d+ bytes/, entry: () => ({ size_raw: "7" }) },
  "other-layer": {
    code: "DIGEST_MISMATCH",
    message: /layer|manifest/,
    entry: (built) => {
      const sha256 = hashHex("sha256", built.files.get("LICENSE") ?? Buffer.alloc(0));
      return { shasum: sha256, ghcr_blob: `ghcr.io/${built.repository}@sha256:${sha256}`, size_raw: null, bsum: null };
    },
  },
  "corrupt-blob": {
    code: "DIGEST_MISMATCH",
    message: /expected digest "sha256:.*found "sha256:/,
    faults: onBlob({ kind: "corrupt" }),
  },
  "short-blob": { code: "SIZE_MISMATCH", message: /bytes/, faults: onBlob({ kind: "resize", bytes: -3 }) },
  "long-blob": { code: "SIZE_MISMATCH", message: /bytes/, faults: onBlob({ kind: "resize", bytes: 3 }) },
  "endless-blob": { code: "SIZE_MISMATCH", message: /bytes/, faults: onBlob({ kind: "endless" }) },
  "web-page": { code: "NOT_A_REGISTRY", message: /web page|HTML/i, faults: onManifest({ kind: "html" }) },
  "no-json": { code: "MANIFEST_INVALID", message: /manifest/i, faults: onManifest({ kind: "body", body: "{" }) },
  "other-type": {
    code: "MANIFEST_INVALID",
    message: /media ?type|content type/i,
    faults: onManifest({ kind: "headers", headers: { "content-type": "application/vnd.oci.image.index.v1+json" } }),
  },
  "other-digest": {
    code: "DIGEST_MISMATCH",
    message: /sha256:0000/,
    faults: onManifest({ kind: "headers", headers: { "docker-content-digest": `sha256:${ZEROS}` } }),
  },
  "huge-manifest": { code: "BODY_TOO_LARGE", message: /4194304|4 MiB/, faults: onManifest({ kind: "endless" }) },
  circle: { code: "REDIRECT_FORBIDDEN", message: /redirect/i, faults: onBlob({ kind: "redirect-loop" }) },
  metadata: {
    code: "ADDRESS_FORBIDDEN",
    message: /169\.254\.169\.254/,
    faults: onBlob({ kind: "redirect", location: "http://169.254.169.254/latest/meta-data" }),
  },
  parent: titled("../evil"),
  nested: titled("a/../b"),
  empty: titled("a//b"),
  "zero-byte": titled("a\0b"),
  bell: titled("a\u0007b"),
  windows: titled("CON"),
};

function build(home: SampleHome, name: string, bad: BadPackage): BuiltPackage {
  const options = { name, version: "1.0.0", signer: home.signer, ...bad.options, ...bad.signed?.(home.signer) };
  const built = buildPackage(options);
  return bad.entry === undefined ? built : buildPackage({ ...options, entry: bad.entry(built) });
}

test("pkg install refuses every bad package with its own error, continues with the others, and leaves nothing behind", async (t) => {
  const { home, server } = await makeLyingHome(t);
  const packages = Object.entries(BAD).map(([name, bad]) => {
    const built = build(home, name, bad);
    server.content.addPackage(built);
    for (const [path, fault] of Object.entries(bad.faults?.(built) ?? {})) server.rules.add({ path, fault });
    return built;
  });
  home.publishIndex(home.build({ name: "tool", version: "1.0.0" }), ...packages);
  assert.equal((await home.pkg(["sync"])).code, 0);

  const { code, document } = await home.json("install", ...Object.keys(BAD));
  assert.equal(code, 1);
  assert.ok(
    typeof document === "object" && document !== null && "packages" in document && Array.isArray(document.packages),
  );
  for (const [name, bad] of Object.entries(BAD)) {
    const item = document.packages.find((candidate: { readonly name: string }) => candidate.name === name);
    assert.partialDeepStrictEqual(
      item,
      { action: "fail", error: { code: bad.code } },
      `${name}: ${JSON.stringify(item)}`,
    );
    assert.match(item.error.message, bad.message, name);
  }
  assertUntouched(home);
  assert.equal(server.requests.filter(({ path }) => path.includes(".log")).length, 0);
});

test("pkg install and pkg pull take a package that also has files in directories", async (t) => {
  const { home, server } = await makeLyingHome(t);
  const files = { "share/a.txt": Buffer.from("shared"), "a:b.txt": Buffer.from("colon") };
  const built = home.build({ name: "wide", version: "1.0.0", files });
  server.content.addPackage(built);
  home.publishIndex(built);
  await home.pkg(["sync"]);
  const { code, stderr } = await home.pkg(["install", "wide"]);
  assert.equal(code, 0, stderr);
  const out = join(home.path, "out");
  assert.equal((await home.pkg(["pull", built.reference, "--output", out])).code, 0);
  assert.equal(readFileSync(join(out, "share/a.txt"), "utf8"), "shared");
  assert.equal(readFileSync(join(out, "a:b.txt"), "utf8"), "colon");
});

const REFUSALS: Readonly<Record<number, string>> = {
  401: "HTTP_UNAUTHORIZED",
  403: "HTTP_FORBIDDEN",
  404: "HTTP_NOT_FOUND",
};

for (const [status, code] of Object.entries(REFUSALS)) {
  test(`pkg install requests once if a registry answers ${status}`, async (t) => {
    const { home, server } = await makeLyingHome(t);
    const built = home.build({ name: "gone", version: "1.0.0" });
    home.publishIndex(built);
    await home.pkg(["sync"]);
    server.rules.add({ path: "/v2/", fault: { kind: "status", status: Number(status) } });
    server.clearRequests();
    const result = await home.json("install", "gone");
    assert.partialDeepStrictEqual(result, { code: 1, document: { packages: [{ action: "fail", error: { code } }] } });
    const asked = server.requests.map(({ path }) => path);
    assert.equal(asked.length, new Set(asked).size);
    assertUntouched(home);
  });
}

test("pkg install retries if that may help, and exits with 75 if it did not", async (t) => {
  const { home, server } = await makeLyingHome(t);
  const [busy, cut, down] = ["busy", "broken", "down"].map((name) => home.build({ name, version: "1.0.0" }));
  assert.ok(busy !== undefined && cut !== undefined && down !== undefined);
  for (const built of [busy, cut, down]) server.content.addPackage(built);
  home.publishIndex(busy, cut, down);
  await home.pkg(["sync"]);
  const wait: Fault = { kind: "status", status: 429, headers: { "retry-after": "1" } };
  server.rules.add({ path: manifestOf(busy), times: 1, fault: wait });
  server.rules.add({ path: blobOf(cut), times: 2, fault: { kind: "truncate", bytes: 5 } });
  server.rules.add({ path: down.repository, fault: { kind: "status", status: 503 } });

  const startedAt = performance.now();
  assert.equal((await home.pkg(["install", "busy"])).code, 0);
  assert.ok(performance.now() - startedAt >= 1000, "Retry-After was not honoured");
  assert.equal((await home.pkg(["install", "broken"])).code, 0);
  server.clearRequests();
  const failed = await home.pkg(["install", "down", "--json"], { env: { PKG_RETRY_FOR: "2s" } });
  assert.partialDeepStrictEqual(
    { code: failed.code, document: JSON.parse(failed.stdout) },
    { code: 75, document: { packages: [{ error: { code: "SERVER_FAILED" } }] } },
  );
  // How many tries fit into that time is a matter of chance.
  assert.ok(server.requests.length > 2, `${server.requests.length} requests`);
});

test("pkg never takes credentials along to another origin", async (t) => {
  const { home, server } = await makeLyingHome(t);
  const built = home.build({ name: "far", version: "1.0.0" });
  const other = await startFaultServer(t, { packages: [built] });
  server.content.addPackage(built);
  server.rules.add({ path: blobOf(built), fault: { kind: "redirect", location: `${other.url}/v2/${blobOf(built)}` } });
  home.publishIndex(built);
  await home.pkg(["sync"]);
  assert.equal((await home.pkg(["install", "far"])).code, 0);
  assert.deepEqual(
    other.requests.map(({ headers }) => headers["authorization"]),
    [undefined],
  );
});

test("pkg --insecure-skip goes without a check, records it, and shows it ever after", async (t) => {
  const { home, server } = await makeLyingHome(t);
  const built = buildPackage({ name: "unsigned", version: "1.0.0" });
  server.content.addPackage(built);
  home.publishIndex(built);
  await home.pkg(["sync"]);
  assert.equal((await home.pkg(["install", "unsigned"])).code, 1);
  assert.equal((await home.pkg(["install", "unsigned", "--insecure-skip=nonsense"])).code, 2);
  const installed = await home.json("install", "unsigned", "--insecure-skip=signature");
  assert.partialDeepStrictEqual(installed, {
    code: 0,
    document: { packages: [{ skipped: ["signature"], signedBy: null }] },
  });
  assert.match((await home.pkg(["list"])).stdout, /unsigned.*unchecked: signature/);
  assert.match((await home.pkg(["info", "unsigned"])).stdout, /unchecked +signature/);
});

test("pkg install sends exactly the requests it needs", async (t) => {
  const { home, server } = await makeLyingHome(t);
  const built = home.build({ name: "lean", version: "1.0.0" });
  const plain = home.build({ name: "plain", version: "1.0.0" });
  for (const item of [built, plain]) server.content.addPackage(item);
  home.publishIndex(built, plain);
  await home.pkg(["sync"]);
  const digestOf = (title: string) => `sha256:${hashHex("sha256", built.files.get(title) ?? Buffer.alloc(0))}`;

  server.clearRequests();
  assert.equal((await home.pkg(["install", "lean", "--dry-run"])).code, 0);
  assert.deepEqual(server.requests, []);
  assert.equal((await home.pkg(["install", "lean"])).code, 0);
  const expected = [
    `manifests/${built.tag}`,
    // An index that nobody signed: what the publisher signed about the package is read as well.
    ...["lean", "lean.sig", "CHECKSUM", "CHECKSUM.sig", "lean.json", "lean.json.sig"].map(
      (title) => `blobs/${digestOf(title)}`,
    ),
  ].map((path) => `GET /v2/${built.repository}/${path}`);
  assert.deepEqual(server.requests.map(({ method, path }) => `${method} ${path}`).toSorted(), expected.toSorted());

  server.clearRequests();
  assert.equal((await home.pkg(["install", "lean"])).code, 0);
  assert.partialDeepStrictEqual(await home.json("install", "--reinstall", "lean"), {
    code: 0,
    document: { packages: [{ action: "reinstall" }] },
  });
  assert.deepEqual(server.requests, []);

  const config = join(home.path, "config.toml");
  writeFileSync(
    config,
    readFileSync(config, "utf8").replace("[repositories.tools]", '[repositories.tools]\nrequire = ["digest"]'),
  );
  assert.equal((await home.pkg(["install", "plain"])).code, 0);
  assert.deepEqual(
    server.requests.map(({ path }) => path),
    [`/v2/${blobOf(plain)}`],
  );
});
