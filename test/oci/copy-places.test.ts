import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { RawDocument, Target } from "../../src/oci/content.ts";
import { copy } from "../../src/oci/copy.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { openLayoutArchive } from "../../src/oci-layout/archive-layout.ts";
import { verifyLayout } from "../../src/oci-layout/check.ts";
import { openLayout } from "../../src/oci-layout/layout.ts";
import { memoryRepository } from "../../src/oci-layout/memory.ts";
import { registryRepository } from "../../src/registry-client/registry-repository.ts";
import { openRegistry } from "../registry/registry-client.ts";
import { connect } from "../registry-client/local-registry.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import {
  calm,
  collect,
  copyOptions,
  digestOf,
  image,
  index,
  noteOn,
  pushImage,
  temporaryDirectory,
} from "./sample-graph.ts";

const CONFIG = Buffer.from('{"os":"linux","architecture":"amd64"}');
const SHARED = Buffer.alloc(600_000, "shared");
const IMAGES = ["amd", "arm"].map((name) => image({ config: CONFIG, layers: [SHARED, Buffer.from(name)] }));
const ROOT = index(IMAGES);
const NOTE = noteOn(ROOT, "note");
const NESTED = noteOn(NOTE, "nested");
const DOCUMENTS: readonly RawDocument[] = [...IMAGES, ROOT, NOTE, NESTED];

type Place = (t: TestContext) => Promise<Target & { readonly commit?: (signal: AbortSignal) => Promise<void> }>;

async function registry(t: TestContext, name = "a/b"): Promise<Target> {
  const server = await openRegistry(t);
  const { host, origin } = new URL(server.server.url);
  const { client } = connect(t, { trust: [{ host, origin }] as never });
  return registryRepository(client, parseReference(`${host}/${name}`));
}

const PLACES: Readonly<Record<string, Place>> = {
  memory: async () => memoryRepository(),
  layout: async (t) => openLayout(join(temporaryDirectory(t), "layout")),
  archive: async (t) => {
    const archive = openLayoutArchive(join(temporaryDirectory(t), "f.tar"));
    t.after(() => archive.close());
    return archive;
  },
  registry,
};

async function checkHolds(target: Target): Promise<void> {
  for (const { digest, bytes } of DOCUMENTS) {
    assert.deepEqual((await target.fetchDocument(digest, calm)).bytes, bytes, `${target.location} ${digest}`);
  }
  assert.equal((await target.resolve("2", calm)).digest, ROOT.digest);
  const blob = { digest: digestOf(SHARED), size: SHARED.length };
  const { body } = await target.openBlob(blob, { offset: 0, validator: null }, calm);
  assert.deepEqual(await collect(body), SHARED);
  for (const [subject, note] of [
    [ROOT, NOTE],
    [NOTE, NESTED],
  ] as const) {
    const found = await target.listReferrers(subject.digest, { artifactType: "text/note" }, calm);
    assert.deepEqual(
      found.map(({ digest }) => digest),
      [note.digest],
    );
  }
}

for (const from of Object.keys(PLACES)) {
  for (const to of Object.keys(PLACES)) {
    test(`copy() keeps every byte from ${from} to ${to}, and sends nothing twice`, async (t) => {
      const source = (await PLACES[from]?.(t)) ?? assert.fail();
      const target = (await PLACES[to]?.(t)) ?? assert.fail();
      for (const each of IMAGES) await pushImage(source, each, null);
      await source.pushManifest({ ...ROOT, tag: "1" }, calm);
      for (const each of [NOTE, NESTED]) await pushImage(source, each, null);
      await source.commit?.(calm);
      const options = copyOptions({ to: "2", referrers: true });
      const first = await copy(source, target, options);
      assert.equal(first.blobs.sent, 7);
      await target.commit?.(calm);
      await checkHolds(target);
      const again = await copy(source, target, options);
      assert.deepEqual([again.blobs.sent, again.manifests.sent, again.bytesSent], [0, 0, 0]);
    });
  }
}

test("copy() keeps every byte through docker-registry and back", async (t) => {
  const docker = await startDockerRegistry();
  if (docker === null) return t.skip("docker-registry is not installed");
  t.after(() => docker.stop());
  const { client } = connect(t, { trust: [{ host: docker.host, origin: docker.url }] as never });
  const source = memoryRepository();
  for (const each of IMAGES) await pushImage(source, each, null);
  await source.pushManifest({ ...ROOT, tag: "1" }, calm);
  for (const each of [NOTE, NESTED]) await pushImage(source, each, null);
  const [first, second] = ["a/b", "c/d"].map((name) =>
    registryRepository(client, parseReference(`${docker.host}/${name}`)),
  );
  if (first === undefined || second === undefined) return assert.fail();
  await copy(source, first, copyOptions({ to: "2", referrers: true }));
  await checkHolds(first);
  const { blobs } = await copy(first, second, copyOptions({ from: "2", to: "2", referrers: true, mountFrom: "a/b" }));
  assert.deepEqual(blobs, { sent: 0, existed: 0, mounted: 7 });
  await checkHolds(second);
  const back = openLayout(join(temporaryDirectory(t), "layout"));
  await copy(second, back, copyOptions({ from: "2", to: "2", referrers: true }));
  await checkHolds(back);
  assert.equal((await copy(source, second, copyOptions({ to: "2", referrers: true }))).bytesSent, 0);
});

test("copy() mounts blobs between repositories of one registry", async (t) => {
  const server = await openRegistry(t);
  const { host, origin } = new URL(server.server.url);
  const { client } = connect(t, { trust: [{ host, origin }] as never });
  const [source, target] = ["a/b", "c/d"].map((name) => registryRepository(client, parseReference(`${host}/${name}`)));
  if (source === undefined || target === undefined) return assert.fail();
  for (const each of IMAGES) await pushImage(source, each, null);
  await source.pushManifest({ ...ROOT, tag: "1" }, calm);
  const { blobs } = await copy(source, target, copyOptions({ mountFrom: "a/b" }));
  assert.deepEqual(blobs, { sent: 0, existed: 0, mounted: 4 });
});

test("copy() into a layout leaves no wrong blob when it is killed, and resumes from what exists", async (t) => {
  const directory = temporaryDirectory(t);
  const [from, to] = [join(directory, "from"), join(directory, "to")];
  const layers = [randomBytes(24 * 1024 * 1024), randomBytes(24 * 1024 * 1024)];
  const sample = image({ layers });
  await pushImage(openLayout(from), sample, "1");
  const part = () => blobsIn(to).filter(({ name, size }) => name.startsWith(".") && size > 4 * 1024 * 1024);
  const child = spawn(process.execPath, [join(import.meta.dirname, "layout-copier.ts"), from, to], {
    stdio: "inherit",
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("close", (_code, signal) => resolve(signal)));
  while (part().length === 0 && child.exitCode === null) await new Promise(setImmediate);
  child.kill("SIGKILL");
  assert.equal(await ended, "SIGKILL");
  const left = part().reduce((sum, { size }) => sum + size, 0);
  assert.ok(left > 4 * 1024 * 1024);
  assert.deepEqual((await verifyLayout(to, calm)).problems, []);
  assert.deepEqual(await openLayout(to).listTags(calm), []);
  const { bytesSent } = await copy(openLayout(from), openLayout(to), copyOptions({ from: "1", to: "1" }));
  const all = sample.bytes.length + sample.blobs.reduce((sum, blob) => sum + blob.length, 0);
  assert.ok(bytesSent <= all - left, `${bytesSent} of ${all} sent, ${left} were there`);
  assert.deepEqual((await verifyLayout(to, calm)).problems, []);
  assert.equal(blobsIn(to).length, 4);
});

function blobsIn(layout: string): readonly { readonly name: string; readonly size: number }[] {
  const directory = join(layout, "blobs", "sha256");
  if (!existsSync(directory)) return [];
  return readdirSync(directory).map((name) => {
    const size = statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0;
    return { name, size };
  });
}
