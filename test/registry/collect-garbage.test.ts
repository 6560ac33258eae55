import assert from "node:assert/strict";
import { existsSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { collectGarbage, type GarbageOptions, type GarbageReport } from "../../src/registry/collect-garbage.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { descriptorOf, INDEX_TYPE, indexOf, pushImage, put, storeForeign } from "./documents.ts";
import { openRegistry, sha256, type TestRegistry } from "./registry-client.ts";

const HOUR_MS = 60 * 60 * 1000;
const NOTHING: GarbageReport = { repositories: 0, manifests: 0, links: 0, files: 0, bytes: 0 };

/** Stops the server and collects as if it were two hours later, with a grace of one. */
async function collect(registry: TestRegistry, options: Partial<GarbageOptions> = {}): Promise<GarbageReport> {
  await registry.server.close();
  const signal = new AbortController().signal;
  const now = Date.now() + 2 * HOUR_MS;
  return collectGarbage({
    root: registry.root,
    dryRun: false,
    graceMs: HOUR_MS,
    now,
    untagged: "keep",
    signal,
    ...options,
  });
}

/** The statuses of HEAD after a new start. */
async function statuses(t: TestContext, registry: TestRegistry, paths: readonly string[]): Promise<readonly number[]> {
  const server = await startRegistry({ root: registry.root, port: 0 });
  t.after(() => server.close());
  return Promise.all(paths.map(async (path) => (await fetch(`${server.url}/v2/${path}`, { method: "HEAD" })).status));
}

function blobCount(registry: TestRegistry): number {
  return readdirSync(join(registry.root, "blobs", "sha256")).length;
}

suite("collectGarbage()", () => {
  test("collectGarbage() removes blobs that no manifest names, and says how many", async (t) => {
    const registry = await openRegistry(t);
    const image = await pushImage(registry, "a", "v1");
    const unused = await registry.push("a", Buffer.from("unused"));
    const alone = await registry.push("only/blobs", Buffer.from("alone"));
    const report = await collect(registry);
    assert.deepEqual(report, { repositories: 3, manifests: 0, links: 2, files: 2, bytes: 11 });
    const used = sha256(Buffer.from("blob of a:v1"));
    const paths = [`a/manifests/${sha256(image)}`, `a/blobs/${used}`, `a/blobs/${unused}`, `only/blobs/blobs/${alone}`];
    assert.deepEqual(await statuses(t, registry, paths), [200, 200, 404, 404]);
    assert.equal(blobCount(registry), 2);
  });

  test("collectGarbage() keeps what is younger than the grace period, and removes nothing in a dry run", async (t) => {
    const registry = await openRegistry(t);
    await registry.push("a", Buffer.from("unused"));
    assert.deepEqual(await collect(registry, { graceMs: 3 * HOUR_MS }), { ...NOTHING, repositories: 1 });
    assert.deepEqual(await collect(registry, { dryRun: true }), {
      repositories: 1,
      manifests: 0,
      links: 1,
      files: 1,
      bytes: 6,
    });
    assert.equal(blobCount(registry), 1);
    assert.deepEqual(await collect(registry), { repositories: 1, manifests: 0, links: 1, files: 1, bytes: 6 });
    assert.deepEqual(await collect(registry), { ...NOTHING, repositories: 1 });
    assert.equal(blobCount(registry), 0);
  });

  test("collectGarbage() keeps a blob as long as one repository uses it", async (t) => {
    const registry = await openRegistry(t);
    const image = await pushImage(registry, "a", "v1");
    const blob = sha256(Buffer.from("blob of a:v1"));
    await registry.ask("POST", `/v2/b/blobs/uploads/?mount=${blob}&from=a`);
    await put(registry, "b/manifests/v1", image);
    await registry.ask("DELETE", `/v2/a/manifests/${sha256(image)}`);
    const report = await collect(registry);
    assert.deepEqual([report.links, report.files], [1, 0]);
    const paths = [`a/blobs/${blob}`, `b/blobs/${blob}`, "b/manifests/v1"];
    assert.deepEqual(await statuses(t, registry, paths), [404, 200, 200]);
  });

  test("collectGarbage() keeps untagged manifests unless told otherwise", async (t) => {
    const registry = await openRegistry(t);
    await pushImage(registry, "a", "v1");
    const old = await pushImage(registry, "a", "moved", { annotations: { first: "" } });
    await pushImage(registry, "a", "moved");
    assert.equal((await collect(registry)).manifests, 0);
    const young = await collect(registry, { untagged: "remove", graceMs: 3 * HOUR_MS });
    assert.deepEqual([young.manifests, young.files], [0, 0]);
    const report = await collect(registry, { untagged: "remove" });
    assert.deepEqual([report.manifests, report.files], [1, 1]);
    const paths = [`a/manifests/${sha256(old)}`, "a/manifests/moved", "a/manifests/v1"];
    assert.deepEqual(await statuses(t, registry, paths), [404, 200, 200]);
  });

  test("collectGarbage() keeps what tags lead to: children, subjects, and referrers of referrers", async (t) => {
    const registry = await openRegistry(t);
    const child = await pushImage(registry, "a", null, { annotations: { child: "" } });
    const inner = indexOf([child]);
    await put(registry, `a/manifests/${sha256(inner)}`, inner, { type: INDEX_TYPE });
    const outer = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [descriptorOf(inner, INDEX_TYPE)] }));
    await put(registry, "a/manifests/v1", outer, { type: INDEX_TYPE });
    const signature = await pushImage(registry, "a", null, { subject: descriptorOf(child) });
    const note = await pushImage(registry, "a", null, { subject: descriptorOf(signature) });
    const subject = await pushImage(registry, "a", null, { annotations: { subject: "" } });
    await pushImage(registry, "a", "about", { subject: descriptorOf(subject) });
    const stray = await pushImage(registry, "a", null, { annotations: { stray: "" } });
    const lost = await pushImage(registry, "a", null, { subject: descriptorOf(stray) });
    const thing = Buffer.from(JSON.stringify({ parts: { deep: [await registry.push("a", Buffer.from("deep"))] } }));
    storeForeign(registry, "a", thing, "application/vnd.example.thing+json");
    assert.equal((await collect(registry, { untagged: "remove" })).manifests, 2);
    const manifests = [child, inner, outer, signature, note, subject, stray, lost];
    const paths = manifests.map((bytes) => `a/manifests/${sha256(bytes)}`);
    const deep = `a/blobs/${sha256(Buffer.from("deep"))}`;
    assert.deepEqual(await statuses(t, registry, [...paths, deep]), [200, 200, 200, 200, 200, 200, 404, 404, 200]);
  });

  test("collectGarbage() keeps the existing parts of an incomplete index", async (t) => {
    const registry = await openRegistry(t, { sparse: true });
    const there = await pushImage(registry, "a", null);
    const index = indexOf([there, Buffer.from("absent")]);
    assert.equal((await put(registry, "a/manifests/v1", index, { type: INDEX_TYPE })).status, 201);
    assert.deepEqual(await collect(registry, { untagged: "remove" }), { ...NOTHING, repositories: 1 });
    assert.deepEqual(await statuses(t, registry, ["a/manifests/v1", `a/manifests/${sha256(there)}`]), [200, 200]);
  });

  test("collectGarbage() sweeps drafts of a killed process, and leaves files it does not know", async (t) => {
    const registry = await openRegistry(t);
    const directory = join(registry.root, "blobs", "sha256");
    writeFileSync(join(directory, ".abc.123.part"), "half");
    writeFileSync(join(directory, "README"), "mine");
    // A repository of this name is not one of the directories that hold blobs.
    await pushImage(registry, `a/sha256/${"0".repeat(64)}`, "v1");
    writeFileSync(join(registry.root, "repositories", "a", "sha256", ".index.json.123.part"), "half");
    const report = await collect(registry);
    assert.deepEqual([report.files, report.bytes], [2, 8]);
    assert.ok(readdirSync(directory).includes("README"));
    assert.deepEqual(readdirSync(join(registry.root, "repositories", "a", "sha256")), ["0".repeat(64)]);
    assert.deepEqual(await statuses(t, registry, [`a/sha256/${"0".repeat(64)}/manifests/v1`]), [200]);
  });

  for (const file of ["index.json", "manifest"]) {
    test(`collectGarbage() removes nothing when one ${file} cannot be read`, async (t) => {
      const registry = await openRegistry(t);
      await registry.push("a", Buffer.from("unused"));
      const image = await pushImage(registry, "b", "v1");
      const manifest = join(registry.root, "blobs", "sha256", sha256(image).slice("sha256:".length));
      writeFileSync(file === "manifest" ? manifest : join(registry.root, "repositories", "b", "index.json"), "{");
      await assert.rejects(collect(registry), (error) => error instanceof PkgError && error.code === "LAYOUT_INVALID");
      assert.equal(blobCount(registry), 3);
    });
  }

  test("collectGarbage() keeps what was mounted long after it was pushed", async (t) => {
    const registry = await openRegistry(t);
    const blob = await registry.push("a", Buffer.from("old"));
    const longAgo = new Date(Date.now() - 24 * HOUR_MS);
    const files = [join(registry.root, "blobs", "sha256", blob.slice("sha256:".length))];
    files.push(join(registry.root, "repositories", "a", "_blobs", blob.replace(":", "-")));
    for (const path of files) utimesSync(path, longAgo, longAgo);
    await registry.ask("POST", `/v2/b/blobs/uploads/?mount=${blob}&from=a`);
    const report = await collect(registry, { now: Date.now() });
    assert.deepEqual([report.links, report.files], [1, 0]);
    const paths = [`a/blobs/${blob}`, `b/blobs/${blob}`];
    assert.deepEqual(await statuses(t, registry, paths), [404, 200]);
  });

  test("collectGarbage() keeps what was just pushed again, and what was pushed and not linked yet", async (t) => {
    const registry = await openRegistry(t);
    const blob = await registry.push("a", Buffer.from("again"));
    const link = join(registry.root, "repositories", "a", "_blobs", blob.replace(":", "-"));
    const longAgo = new Date(Date.now() - 24 * HOUR_MS);
    utimesSync(link, longAgo, longAgo);
    await registry.push("a", Buffer.from("again"));
    const orphan = Buffer.from("orphan");
    writeFileSync(join(registry.root, "blobs", "sha256", sha256(orphan).slice("sha256:".length)), orphan);
    assert.deepEqual(await collect(registry, { now: Date.now() }), { ...NOTHING, repositories: 1 });
    assert.equal(blobCount(registry), 2);
  });

  test("collectGarbage() finds nothing if there is no registry", async (t) => {
    const registry = await openRegistry(t);
    const root = join(registry.root, "none");
    assert.deepEqual(await collect(registry, { root }), NOTHING);
    assert.ok(!existsSync(root));
  });
});
