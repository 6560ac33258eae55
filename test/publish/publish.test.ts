import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { sha256Digest } from "../../src/oci/digest.ts";
import { layersByTitle } from "../../src/oci/manifest.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { parseChecksum } from "../../src/package/checksum-file.ts";
import { parsePublicKey, parseSignature, verifySignature } from "../../src/verify/minisign.ts";
import { elfFile } from "../support/elf-file.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { failureOf, PUBLIC_KEY, type PublishWorld, publishWorld, SAMPLE_FILES, writeFiles } from "./world.ts";

const writes = ({ requests }: PublishWorld) => requests.filter(({ method }) => method !== "GET" && method !== "HEAD");

async function registryOf({ context, host }: PublishWorld) {
  const network = await context.network();
  return network.openRegistry(host, { task: "look at what was published", namedBy: "person" }).client;
}

async function documentAt(world: PublishWorld, key: string) {
  const reference = parseReference(`${world.host}/me/tools/trurl:${key}`);
  return (await registryOf(world)).fetchManifest(reference, world.context.signal);
}

async function tagsOf(world: PublishWorld): Promise<readonly string[]> {
  const reference = parseReference(`${world.host}/me/tools/trurl`);
  return [...(await (await registryOf(world)).listTags(reference, world.context.signal))].sort();
}

/** The version that a tag names. */
async function versionAt(world: PublishWorld, tag: string): Promise<string | undefined> {
  const document = await documentAt(world, tag);
  assert.ok(document.kind === "index");
  return document.index.annotations["org.opencontainers.image.version"];
}

/** Every file of one platform's package. */
async function filesAt(world: PublishWorld, tag: string): Promise<ReadonlyMap<string, Buffer>> {
  const document = await documentAt(world, tag);
  assert.ok(document.kind === "manifest");
  const reference = parseReference(`${world.host}/me/tools/trurl`);
  const files = new Map<string, Buffer>();
  for (const [title, { digest, size }] of layersByTitle(document.manifest)) {
    const request = { reference, digest, size, maxBytes: 1e6, signal: world.context.signal };
    files.set(title, await (await registryOf(world)).fetchBlob(request));
  }
  return files;
}

test("publish() pushes a package for each platform, its files signed and listed in CHECKSUM", async (t) => {
  const world = await publishWorld(t);
  const outcome = await world.publish();
  assert.equal(outcome.state, "published");
  assert.deepEqual(await tagsOf(world), [
    "8",
    "8.14",
    "8.14.1",
    "8.14.1-aarch64-linux",
    "8.14.1-x86_64-linux",
    "latest",
  ]);
  const index = await documentAt(world, "8.14.1");
  assert.ok(index.kind === "index");
  assert.equal(index.index.digest, outcome.digest);
  assert.deepEqual(
    index.index.manifests.map(({ digest, platform }) => [platform?.architecture, digest]),
    outcome.platforms.map(({ platform, digest }) => [platform.split("/")[1], digest]),
  );
  const titles = ["trurl", "CHECKSUM", "trurl.json", "LICENSE"];
  for (const [host, program] of [
    ["x86_64", "x64/trurl"],
    ["aarch64", "arm64/trurl"],
  ] as const) {
    const files = await filesAt(world, `8.14.1-${host}-linux`);
    assert.deepEqual([...files.keys()], [...titles, ...titles.map((title) => `${title}.sig`)]);
    assert.deepEqual(files.get("trurl"), SAMPLE_FILES[program]);
    const listed = parseChecksum(files.get("CHECKSUM") ?? Buffer.alloc(0));
    for (const title of ["trurl", "LICENSE"]) {
      const content = files.get(title) ?? Buffer.alloc(0);
      assert.deepEqual(listed.lookup(title), {
        sha256: hashHex("sha256", content),
        blake3: hashHex("blake3", content),
      });
    }
    for (const title of titles) {
      const { fileName, trustedComment } = verifySignature({
        signature: parseSignature(files.get(`${title}.sig`) ?? Buffer.alloc(0), "verify"),
        keys: [parsePublicKey(PUBLIC_KEY)],
        content: { blake2b512: hashHex("blake2b512", files.get(title) ?? Buffer.alloc(0)) },
        allowLegacy: false,
      });
      assert.equal(fileName, title);
      assert.doesNotMatch(trustedComment, /timestamp/);
    }
    const entry = JSON.parse((files.get("trurl.json") ?? "").toString());
    assert.equal(entry.ghcr_pkg, `${world.host}/me/tools/trurl:8.14.1-${host}-linux`);
    assert.equal(entry.libc, "static");
  }
});

test("publish() sends blobs before manifests, manifests before the image index, and rolling tags last", async (t) => {
  const world = await publishWorld(t);
  await world.publish();
  const order = writes(world)
    .filter(({ method }) => method === "PUT")
    .map(({ path }) => (path.includes("/blobs/") ? "blob" : path.slice(path.lastIndexOf("/") + 1)));
  const tags = order.filter((what) => what !== "blob");
  assert.deepEqual(tags, ["8.14.1-x86_64-linux", "8.14.1-aarch64-linux", "8.14.1", "8.14", "8", "latest"]);
  assert.equal(order.lastIndexOf("blob") < order.indexOf("8.14.1-x86_64-linux"), true);
});

test("publish() gives the same digests whatever the directory, times, modes and order; the second time nothing is sent", async (t) => {
  const world = await publishWorld(t);
  const first = await world.publish();
  const before = writes(world).length;
  const requests = world.requests.length;
  const other = tempDirectory(t);
  writeFiles(other, {
    "elsewhere/a": SAMPLE_FILES["x64/trurl"] ?? "",
    "elsewhere/b": SAMPLE_FILES["arm64/trurl"] ?? "",
  });
  writeFiles(other, { LICENSE: SAMPLE_FILES["LICENSE"] ?? "" });
  for (const file of ["elsewhere/a", "elsewhere/b", "LICENSE"]) {
    utimesSync(join(other, file), 1_000_000, 1_000_000);
    chmodSync(join(other, file), 0o600);
  }
  const second = await world.publish({
    directory: other,
    typed: { files: ["elsewhere/b@linux/arm64", "elsewhere/a@linux/amd64/static"] },
  });
  assert.equal(second.state, "existed");
  assert.equal(second.digest, first.digest);
  assert.equal(second.bytesSent, 0);
  assert.deepEqual(
    second.platforms.map(({ digest }) => digest),
    first.platforms.map(({ digest }) => digest),
  );
  assert.equal(writes(world).length, before);
  // Each tag is read once, and nothing is asked about blobs.
  assert.deepEqual(
    world.requests
      .slice(requests)
      .map(({ path }) => path.slice(path.lastIndexOf("/") + 1))
      .sort(),
    ["8", "8.14", "8.14.1", "8.14.1-aarch64-linux", "8.14.1-x86_64-linux", "latest", "list"],
  );
  assert.deepEqual([...new Set(second.rollingTags.map(({ how }) => how))], ["existed"]);
});

test("publish() writes a time only when SOURCE_DATE_EPOCH gives one", async (t) => {
  const world = await publishWorld(t);
  await world.publishWith({ SOURCE_DATE_EPOCH: "1739440880" }, { typed: { version: "1.0" } });
  const index = await documentAt(world, "1.0");
  assert.ok(index.kind === "index");
  assert.equal(index.index.annotations["org.opencontainers.image.created"], "2025-02-13T10:01:20Z");
  const files = await filesAt(world, "1.0-x86_64-linux");
  assert.equal(JSON.parse((files.get("trurl.json") ?? "").toString()).build_date, "2025-02-13T10:01:20Z");
  assert.match((files.get("trurl.sig") ?? "").toString(), /timestamp:1739440880\t/);
});

test("publish() refuses a version that has other content, and replaces it when it is forced to", async (t) => {
  const world = await publishWorld(t);
  const first = await world.publish();
  const before = writes(world).length;
  const changed = { typed: { license: "MIT" } };
  const refused = await failureOf(world.publish(changed));
  assert.match(refused, /^VERSION_EXISTS: .*expected "sha256:[0-9a-f]{64}", found "sha256:[0-9a-f]{64}"$/);
  assert.ok(refused.includes(first.digest));
  assert.equal(writes(world).length, before, "it sent something although it refused");
  const forced = await world.publish({ ...changed, force: true });
  assert.equal(forced.state, "replaced");
  assert.equal(forced.replaced, first.digest);
  const index = await documentAt(world, "latest");
  assert.equal(index.kind === "index" && index.index.digest, forced.digest);
});

test("publish() moves rolling tags only forward, and never for what is not a release", async (t) => {
  const world = await publishWorld(t);
  const publishVersion = (version: string, more = {}) => world.publish({ typed: { version }, ...more });
  await publishVersion("8.14.1");
  const older = await publishVersion("8.13.0");
  assert.deepEqual(older.rollingTags, [
    { tag: "8.13", how: "moved", version: "8.13.0" },
    { tag: "8", how: "kept", version: "8.14.1" },
    { tag: "latest", how: "kept", version: "8.14.1" },
  ]);
  assert.deepEqual((await publishVersion("9.0.0-rc1")).rollingTags, []);
  assert.deepEqual((await publishVersion("9.0.0", { rolling: false })).rollingTags, []);
  assert.equal(await versionAt(world, "latest"), "8.14.1");
  await publishVersion("8.15.0");
  assert.deepEqual(await Promise.all(["8.14", "8.13", "8", "latest"].map((tag) => versionAt(world, tag))), [
    "8.14.1",
    "8.13.0",
    "8.15.0",
    "8.15.0",
  ]);
});

test("publish() never moves a version's own tag, as a rolling tag or for another version", async (t) => {
  const world = await publishWorld(t);
  await world.publish({ typed: { version: "8.14" } });
  const next = await world.publish({ typed: { version: "8.14.1" } });
  assert.deepEqual(next.rollingTags[0], { tag: "8.14", how: "kept", version: "8.14" });
  assert.equal(await versionAt(world, "8.14"), "8.14");
  await world.publish({ typed: { version: "9.1.0" } });
  assert.match(
    await failureOf(world.publish({ typed: { version: "9.1" } })),
    /VERSION_EXISTS: .*the tag ".*:9\.1" names version "9\.1\.0", which is another one/,
  );
});

test("publish() does not move a rolling tag that names something without a version, unless it is forced to", async (t) => {
  const world = await publishWorld(t);
  const registry = await registryOf(world);
  const reference = parseReference(`${world.host}/me/tools/trurl`);
  const bytes = Buffer.from('{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}');
  const mediaType = "application/vnd.oci.image.index.v1+json";
  const digest = sha256Digest(hashHex("sha256", bytes));
  await registry.putManifest(reference, { bytes, mediaType, digest, tag: "latest" }, world.context.signal);
  const kept = await world.publish();
  assert.deepEqual(kept.rollingTags.at(-1), { tag: "latest", how: "kept", version: null });
  const forced = await world.publish({ force: true });
  assert.deepEqual(forced.rollingTags.at(-1), { tag: "latest", how: "moved", version: "8.14.1" });
});

test("publish() of several versions at the same time leaves the rolling tags with the newest", async (t) => {
  const world = await publishWorld(t);
  for (let round = 1; round <= 5; round++) {
    const versions = [3, 1, 2].map((last) => `${round}.1.${last}`);
    await Promise.all(versions.map((version) => world.publish({ typed: { version } })));
    const found = await Promise.all([`${round}.1`, `${round}`, "latest"].map((tag) => versionAt(world, tag)));
    assert.deepEqual(
      found,
      Array.from({ length: 3 }, () => `${round}.1.3`),
    );
  }
});

test("publish() mounts blobs from another repository of the registry", async (t) => {
  const world = await publishWorld(t);
  await world.publish();
  const other = `${world.host}/me/other`;
  const mounted = await world.publish({ typed: { reference: other }, mountFrom: `${world.host}/me/tools/trurl` });
  const ways = new Map(mounted.platforms[0]?.files.map(({ title, how }) => [title, how]));
  assert.equal(ways.get("LICENSE"), "mounted");
  assert.equal(ways.get("CHECKSUM"), "sent");
  const again = { reference: `${world.host}/me/third`, name: "trurl" };
  assert.equal(
    (await world.publish({ typed: again, mountFrom: "me/tools/trurl" })).platforms[0]?.files[0]?.how,
    "mounted",
  );
});

test("publish() packs a directory the same under any umask, and provides the programs of its bin", async (t) => {
  const world = await publishWorld(t);
  const shape = (directory: string, isPrivate: boolean) => {
    writeFiles(directory, { "suite/bin/one": "#!/bin/sh\n", "suite/bin/two": elfFile(), "suite/share/doc": "text\n" });
    const place = join(directory, "suite");
    chmodSync(join(place, "share/doc"), isPrivate ? 0o600 : 0o664);
    chmodSync(join(place, "bin/one"), isPrivate ? 0o700 : 0o775);
    chmodSync(join(place, "bin/two"), isPrivate ? 0o700 : 0o755);
    for (const inner of ["share", "bin", "."]) chmodSync(join(place, inner), isPrivate ? 0o700 : 0o775);
    symlinkSync("one", join(place, "bin/also"));
    writeFileSync(join(place, "bin/notes"), "no program", { mode: 0o644 });
  };
  const reference = `${world.host}/me/tools/trurl`;
  const typed = { reference, name: "suite", files: ["suite@linux/amd64"], documents: [] };
  const digests: string[] = [];
  for (const isPrivate of [false, true]) {
    const directory = tempDirectory(t);
    shape(directory, isPrivate);
    const outcome = await world.publish({ directory, typed });
    digests.push(outcome.digest);
  }
  assert.equal(digests[0], digests[1]);
  const files = await filesAt(world, "8.14.1-x86_64-linux");
  const entry = JSON.parse((files.get("suite.json") ?? "").toString());
  assert.deepEqual(entry.provides, ["also", "one", "two"]);
  assert.equal(entry.pkg_type, "archive");
  assert.equal(entry.libc, "static");
  assert.ok(files.has("suite.tar.zst"));
});

test("publish() refuses what it cannot publish before it sends anything, and before it looks for a key", async (t) => {
  const world = await publishWorld(t);
  writeFiles(world.directory, { "x64/text": "text", "empty/bin/notes": "x", "twice/trurl.json": "{}", "a.sig": "x" });
  chmodSync(join(world.directory, "empty/bin/notes"), 0o644);
  mkdirSync(join(world.directory, "bare"));
  spawnSync("mkfifo", [join(world.directory, "fifo")]);
  const cases: readonly (readonly [change: object, failure: RegExp])[] = [
    [{ files: ["x64/trurl@linux/arm64"] }, /PUBLISH_INVALID: .*for linux\/arm64, found one for linux\/amd64/],
    [{ files: ["x64/text@linux/amd64"] }, /PUBLISH_INVALID: .*found a text file without a "#!" line/],
    [{ files: ["x64/text"] }, /PUBLISH_INVALID: Cannot tell what platform/],
    [{ files: ["bare"] }, /PUBLISH_INVALID: Cannot tell what platform "bare" is for: it is a directory/],
    [{ files: ["bare@linux/amd64"] }, /PUBLISH_INVALID: .*expected programs in/],
    [{ files: ["empty@linux/amd64"] }, /PUBLISH_INVALID: .*expected programs in/],
    [{ files: ["x64/none@linux/amd64"] }, /FILE_SYSTEM: Cannot read ".*x64\/none"/],
    [{ documents: ["twice/trurl.json"] }, /PUBLISH_INVALID: .*another file "trurl.json"/],
    [{ documents: ["LICENSE", "./LICENSE"] }, /PUBLISH_INVALID: .*another file "LICENSE"/],
    [{ documents: ["a.sig"] }, /PUBLISH_INVALID/],
    [{ documents: ["x64"] }, /PUBLISH_INVALID: .*expected a file/],
    [{ documents: ["fifo"] }, /PUBLISH_INVALID: .*expected a file/],
    [{ documents: ["none"] }, /FILE_SYSTEM: Cannot read ".*none"/],
    [{ files: ["fifo@linux/amd64"] }, /PUBLISH_INVALID: .*a FIFO/],
    [{ license: "GPL" }, /PUBLISH_INVALID: .*SPDX/],
    [{ provides: ["curl"] }, /PUBLISH_INVALID: .*provides has "curl"/],
    [{ version: null }, /PUBLISH_INVALID: .*no "version"/],
    [{ version: "latest" }, /PUBLISH_INVALID/],
  ];
  const signing = { keys: ["nosuch"], passphraseFd: null, stdin: world.context.stdin, ask: () => assert.fail("asked") };
  for (const [typed, failure] of cases) assert.match(await failureOf(world.publish({ typed, signing })), failure);
  const elsewhere = await failureOf(world.publish({ mountFrom: "ghcr.io/me/tools/trurl" }));
  assert.match(elsewhere, /USAGE: Cannot mount from "ghcr\.io\/me\/tools\/trurl"/);
  const moved = join(world.directory, "x64/trurl");
  renameSync(moved, `${moved}.away`);
  assert.match(await failureOf(world.publish()), /FILE_SYSTEM/);
  assert.deepEqual(world.requests, []);
});

test("publish() needs a key, unless signing is turned off", async (t) => {
  const world = await publishWorld(t);
  const keyless = { PKG_SIGNING_KEY: "" };
  assert.match(await failureOf(world.publishWith(keyless)), /KEY_MISSING/);
  // Files are looked at first: to unlock a key takes seconds.
  assert.match(await failureOf(world.publishWith(keyless, { sboms: ["nosuch.json"] })), /Cannot read .*nosuch\.json/);
  assert.match(await failureOf(world.publishWith(keyless, { bundles: ["nosuch.json"] })), /Cannot read .*nosuch\.json/);
  assert.deepEqual(world.requests, []);
  const outcome = await world.publishWith(keyless, { signing: null, typed: { version: "1.0", documents: [] } });
  assert.deepEqual(outcome.signerIds, []);
  const files = await filesAt(world, "1.0-x86_64-linux");
  assert.deepEqual([...files.keys()], ["trurl", "CHECKSUM", "trurl.json"]);
});

test("publish() reports the digests that it would publish with --dry-run, and sends no request", async (t) => {
  const world = await publishWorld(t);
  const planned = await world.publish({ dryRun: true });
  assert.equal(planned.state, "planned");
  assert.deepEqual(world.requests, []);
  const done = await world.publish();
  assert.equal(done.digest, planned.digest);
  const digests = (outcome: typeof done) =>
    outcome.platforms.map(({ digest, files }) => [digest, files.map((file) => file.digest)]);
  assert.deepEqual(digests(done), digests(planned));
});
