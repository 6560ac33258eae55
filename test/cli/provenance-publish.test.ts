import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { startRegistry } from "../../src/registry/server.ts";
import { skipWithout, startDockerRegistry } from "../support/docker-registry.ts";
import { createSigstore, type FakeSigstore, IDENTITY, ISSUER } from "../support/fake-sigstore.ts";
import { type RunResult, runPkg } from "../support/run-pkg.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { tempHome } from "../support/temp-home.ts";

const SPDX = JSON.stringify({ spdxVersion: "SPDX-2.3", SPDXID: "SPDXRef-DOCUMENT" });
const CYCLONEDX = JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6" });
const FILES = { amd64: "#!/bin/sh\necho amd64\n", arm64: "#!/bin/sh\necho arm64\n" };
const HOST_FILE = process.arch === "arm64" ? FILES.arm64 : FILES.amd64;

let sigstore: FakeSigstore;

before(async () => {
  sigstore = await createSigstore();
});

interface Publisher {
  readonly home: string;
  readonly reference: string;
  /** Publishes `hello` for two platforms, with further arguments. */
  publish(...words: readonly string[]): Promise<RunResult>;
  pkg(...words: readonly string[]): Promise<RunResult>;
  write(file: string, content: string): string;
}

function makePublisher(t: TestContext, host: string): Publisher {
  const home = tempHome(t);
  const write = (file: string, content: string) => {
    writeFileSync(join(home, file), content, { mode: 0o755 });
    return file;
  };
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(join(home, name));
    write(`${name}/hello`, content);
  }
  const reference = `${host}/me/hello`;
  const pkg = (...words: readonly string[]) => runPkg(words, { home });
  const files = Object.keys(FILES).flatMap((name) => ["--file", `${name}/hello@linux/${name}`]);
  const fixed = ["--version", "1.0.0", "--license", "MIT", "--no-sign", "--json", ...files];
  return { home, reference, write, pkg, publish: (...words) => pkg("publish", reference, ...fixed, ...words) };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function bundleFor(...contents: readonly string[]): Promise<string> {
  return JSON.stringify(await sigstore.sign({ subjects: contents.map(sha256) }));
}

interface Published {
  readonly digest: string;
  readonly platforms: readonly { readonly platform: string; readonly digest: string }[];
  readonly attached: readonly Readonly<Record<string, string | null>>[];
}

function publishedOf({ code, stdout, stderr }: RunResult): Published {
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

async function startOwn(t: TestContext) {
  const requests: string[] = [];
  const onRequest = ({ method, path }: { method: string; path: string }) => requests.push(`${method} ${path}`);
  const registry = await startRegistry({ root: join(tempHome(t), "served"), port: 0, onRequest });
  t.after(() => registry.close());
  return { host: new URL(registry.url).host, requests };
}

test("pkg publish --sbom --attest attaches each to what it describes, and nothing a second time", async (t) => {
  const { host, requests } = await startOwn(t);
  const publisher = makePublisher(t, host);
  publisher.write("all.spdx.json", SPDX);
  publisher.write("arm64.cdx.json", CYCLONEDX);
  publisher.write("bundle.json", await bundleFor(FILES.amd64, FILES.arm64));
  const words = ["--sbom", "all.spdx.json", "--sbom", "arm64.cdx.json@linux/arm64", "--attest", "bundle.json"];
  const { digest, platforms, attached } = publishedOf(await publisher.publish(...words));
  const [amd64, arm64] = platforms.map((platform) => platform.digest);
  const bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
  assert.deepEqual(
    attached.map(({ artifactType, subject, how }) => [artifactType, subject, how]),
    [
      ["application/spdx+json", digest, "sent"],
      ["application/vnd.cyclonedx+json", arm64, "sent"],
      [bundle, amd64, "sent"],
      [bundle, arm64, "sent"],
    ],
  );
  requests.length = 0;
  const again = publishedOf(await publisher.publish(...words));
  assert.deepEqual(
    again.attached,
    attached.map((statement) => ({ ...statement, how: "existed" })),
  );
  assert.deepEqual(
    requests.filter((request) => !/^(?:GET|HEAD) /.test(request)),
    [],
  );
});

test("pkg publish --attest takes a file with a bundle on each line, and one about the image index", async (t) => {
  const { host } = await startOwn(t);
  const publisher = makePublisher(t, host);
  const { digest, platforms } = publishedOf(await publisher.publish());
  const [amd64, arm64] = platforms.map((platform) => platform.digest);
  const ofIndex = JSON.stringify(await sigstore.sign({ subjects: [digest.replace("sha256:", "")] }));
  publisher.write("bundles.jsonl", `${await bundleFor(FILES.amd64)}\n${await bundleFor(FILES.arm64)}\n${ofIndex}\n`);
  const { attached } = publishedOf(await publisher.publish("--attest", "bundles.jsonl"));
  assert.deepEqual(
    attached.map(({ subject }) => subject),
    [amd64, arm64, digest],
  );
});

const REFUSED: readonly (readonly [name: string, words: readonly string[], code: number, problem: RegExp])[] = [
  ["an SBOM that is none", ["--sbom", "amd64/hello"], 2, /Cannot attach SBOM "amd64\/hello": it is not JSON/],
  ["a JSON file that is no SBOM", ["--sbom", "other.json"], 2, /it says neither spdxVersion nor bomFormat/],
  [
    "an SBOM of a platform that is not published",
    ["--sbom", "all.spdx.json@linux/riscv64"],
    2,
    /it is about linux\/riscv64, expected one of linux\/amd64, linux\/arm64/,
  ],
  [
    "a bundle that is none",
    ["--attest", "all.spdx.json"],
    2,
    /Cannot use Sigstore bundle "all.spdx.json": it is not a Sigstore/,
  ],
  [
    "a bundle of something else",
    ["--attest", "foreign.json"],
    2,
    /Cannot attach Sigstore bundle "foreign.json": it covers sha256:.*, expected sha256:.* or sha256:/,
  ],
  ["a file that is not there", ["--attest", "missing.json"], 1, /Cannot read ".*missing.json": no such file/],
];

test("pkg publish sends nothing when an attachment is", async (t) => {
  const { host, requests } = await startOwn(t);
  const publisher = makePublisher(t, host);
  publisher.write("all.spdx.json", SPDX);
  publisher.write("other.json", "{}");
  publisher.write("foreign.json", await bundleFor("something else"));
  for (const [name, words, code, problem] of REFUSED) {
    await t.test(name, async () => {
      const result = await publisher.publish(...words);
      assert.match(result.stderr, problem);
      assert.equal(result.code, code);
      assert.deepEqual(requests, []);
    });
  }
});

test("pkg install finds the bundle by the fallback tag if the registry lists no referrers", {
  skip: skipWithout("docker-registry"),
}, async (t) => {
  const registry = await startDockerRegistry();
  assert.ok(registry !== null);
  t.after(() => registry.stop());
  const publisher = makePublisher(t, registry.host);
  publisher.write("bundle.json", await bundleFor(...Object.values(FILES)));
  const { attached } = publishedOf(await publisher.publish("--attest", "bundle.json"));
  const tags = attached.map(({ referrersTag }) => referrersTag);
  assert.deepEqual(
    tags,
    attached.map(({ subject }) => subject?.replace(":", "-")),
  );
  writeIndex(publisher, "https://github.com/me/tools/*");
  const installed = await publisher.pkg("install", "hello");
  assert.equal(installed.code, 0, installed.stderr);
  const { stdout } = await publisher.pkg("info", "hello", "--provenance");
  assert.match(stdout, new RegExp(`built by +${IDENTITY.replaceAll(".", "\\.")}`));
  assert.equal((await publisher.pkg("remove", "hello", "--yes")).code, 0);
  writeIndex(publisher, "https://github.com/other/tools/*");
  const refused = await publisher.pkg("install", "hello");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /it was built by/);
});

test("pkg install finds the bundle of the image index that lists its manifest", async (t) => {
  const { host } = await startOwn(t);
  const publisher = makePublisher(t, host);
  const { digest } = publishedOf(await publisher.publish());
  publisher.write("bundle.json", JSON.stringify(await sigstore.sign({ subjects: [digest.replace("sha256:", "")] })));
  publishedOf(await publisher.publish("--attest", "bundle.json"));
  writeIndex(publisher, "https://github.com/me/tools/*");
  const { code, stderr } = await publisher.pkg("install", "hello");
  assert.equal(code, 0, stderr);
  const { stdout } = await publisher.pkg("info", "hello", "--provenance", "--json");
  assert.deepEqual(JSON.parse(stdout).packages[0].provenance.subjects, [digest]);
});

/** An index that leads to the manifest of this machine, and a config that says who builds its packages. */
function writeIndex({ home, reference }: Publisher, identity: string): void {
  const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
  const entry = {
    pkg: "hello",
    pkg_name: "hello",
    pkg_id: "me.hello",
    pkg_type: "static",
    host: `${machine}-Linux`,
    version: "1.0.0",
    installable: "true",
    provides: ["hello"],
    ghcr_pkg: `${reference}:1.0.0-${machine}-linux`,
    shasum: sha256(HOST_FILE),
  };
  const root = join(home, "trusted_root.json");
  writeFileSync(root, JSON.stringify(sigstore.trustedRoot));
  writeFileSync(join(home, "index.json"), JSON.stringify([entry]));
  const lines = [
    NO_DEFAULT_REPOSITORIES,
    "[repositories.tools]",
    `url = "file://${join(home, "index.json")}"`,
    `provenance = { identity = "${identity}", issuer = "${ISSUER}", trusted_root = "${root}" }`,
    `[registries."${reference.split("/")[0]}"]`,
    "plain_http = true",
    "",
  ];
  writeFileSync(join(home, "config.toml"), lines.join("\n"));
}
