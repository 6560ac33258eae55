import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { Context } from "../../src/commands/context.ts";
import { configuredRepository } from "../../src/config/repository.ts";
import { copyArtifact } from "../../src/oci-tools/copy-artifact.ts";
import { addRepository } from "../../src/repositories/add-repository.ts";
import { syncRepository } from "../../src/repositories/sync.ts";
import { readIndexFile } from "../../src/repository-index/index-file.ts";
import { serve } from "../http/local-server.ts";
import { failureOf } from "../publish/world.ts";
import { indexWorld, NOW } from "../repository-index/world.ts";

const NAMES = ["index.json.zst", "index.json.zst.sig", "index.json", "index.json.sig"];

/** A static host for the files in a directory. */
async function serveDirectory(t: TestContext, directory: string): Promise<string> {
  const { origin } = await serve(t, ({ url = "" }, response) => {
    const name = url.slice(url.lastIndexOf("/") + 1).replace(/\?.*$/, "");
    if (NAMES.includes(name)) response.end(readFileSync(join(directory, name)));
    else response.writeHead(404).end();
  });
  return origin;
}

/** One index, in every place that an index may be in. */
async function placesWorld(t: TestContext) {
  const world = await indexWorld(t);
  const { directory, reference } = world;
  await world.publish();
  await world.buildPackageIndex({ repository: reference });
  await world.publishPackageIndex({ built: "index" });
  for (const target of ["oci:lay:latest", "oci:lay:7", "oci-archive:lay.tar:latest"]) {
    const [scheme = "", path = "", tag = ""] = target.split(":");
    await copyArtifact(world.context, {
      ...{ source: `${reference}:latest`, target: `${scheme}:${join(directory, path)}:${tag}` },
      ...{ platform: null, referrers: false },
    });
  }
  const path = join(directory, "index");
  const origin = await serveDirectory(t, path);
  const bytes = readFileSync(join(path, "index.json.zst"));
  const context: Context = { ...world.context, now: () => NOW };

  return { ...world, context, path, origin, bytes };
}

function add(context: Context, directory: string, place: string, name: string | null = "added") {
  return addRepository(context, {
    name,
    place,
    directory,
    keys: [],
    kind: "index",
    threshold: null,
    unsignedIndex: false,
  });
}

test("readIndexFile() and addRepository() take the same addresses, and read the same index", async (t) => {
  const { context, directory, path, origin, reference, bytes } = await placesWorld(t);
  const places = [
    ...["index", "./index/", path, "index/index.json.zst", `file://${path}`, `file://${path}/index.json.zst`],
    ...[`${origin}/index.json.zst`, `${origin}/`, `${origin}/some/path/?token=1`],
    ...[reference, `${reference}:1`, `oci://${reference}`, `oci://${reference}:latest`],
    ...["oci:lay", "oci:lay:7", `oci:${directory}/lay:latest`, "oci-archive:lay.tar", "oci-archive:lay.tar:latest"],
  ];
  const signatures = readFileSync(join(path, "index.json.zst.sig"));
  for (const place of places) {
    const read = await readIndexFile(context, place, directory);
    assert.ok(read.bytes.equals(bytes), place);
    assert.ok(read.signatures?.equals(signatures) === true, place);
    const added = await add(context, directory, place);
    assert.partialDeepStrictEqual(added, { entryCount: 1, trust: { serial: 1 } }, place);
    const repository = configuredRepository("added", { url: added.url }, context.config.host);
    const synced = await syncRepository(context, repository, { force: true });
    assert.partialDeepStrictEqual(synced, { state: "updated", sizeBytes: bytes.length }, place);
  }
});

test("readIndexFile() and addRepository() read the plain index if there is no packed one", async (t) => {
  const { context, directory, path } = await placesWorld(t);
  const plain = join(directory, "plain");
  mkdirSync(plain);
  for (const name of ["index.json", "index.json.sig"]) writeFileSync(join(plain, name), readFileSync(join(path, name)));
  const { origin } = await serve(t, ({ url = "" }, response) => {
    if (!/^\/index\.json(\.sig)?$/.test(url)) response.writeHead(404).end();
    else response.end(readFileSync(join(plain, url)));
  });
  for (const place of ["plain", `${origin}/`]) {
    const { bytes } = await readIndexFile(context, place, directory);
    assert.ok(bytes.equals(readFileSync(join(plain, "index.json"))), place);
    assert.partialDeepStrictEqual(await add(context, directory, place), { entryCount: 1, trust: { serial: 1 } }, place);
  }
});

test("readIndexFile() and addRepository() read an index however it is packed", async (t) => {
  const { context, directory } = await placesWorld(t);
  const text = Buffer.from("[]");
  const packed = { "old.json": text, "old.json.gz": gzipSync(text), "old.json.zst": zstdCompressSync(text) };
  for (const [name, bytes] of Object.entries(packed)) {
    writeFileSync(join(directory, name), bytes);
    assert.ok((await readIndexFile(context, `./${name}`, directory)).bytes.equals(bytes), name);
    assert.partialDeepStrictEqual(await add(context, directory, `./${name}`, "old"), { entryCount: 0 }, name);
  }
});

test("readIndexFile() and addRepository() read an index on this machine without a network", async (t) => {
  const { context, directory, path } = await placesWorld(t);
  const network = () => assert.fail("the network was opened");
  for (const place of ["index", `file://${path}`, "oci:lay", "oci-archive:lay.tar"]) {
    const added = await add({ ...context, network }, directory, place);
    assert.partialDeepStrictEqual(added, { entryCount: 1, trust: { serial: 1 } }, place);
    await readIndexFile({ ...context, network }, place, directory);
    const repository = configuredRepository("added", { url: added.url }, context.config.host);
    const synced = await syncRepository({ ...context, network }, repository, { force: false });
    assert.equal(synced.state, "unchanged", place);
  }
});

test("readIndexFile() and addRepository() refuse the same, and say why", async (t) => {
  const { context, directory, origin, host, trurl } = await placesWorld(t);
  const failing: Readonly<Record<string, RegExp>> = {
    "./nowhere": /^INDEX_MISSING: .*no such file or directory/,
    "./": /^INDEX_MISSING: .*neither index\.json\.zst nor index\.json/,
    "oci:nowhere": /^(?:HTTP_NOT_FOUND|LAYOUT_INVALID): /,
    "oci:lay:8": /^HTTP_NOT_FOUND: /,
    "http://192.0.2.1/index.json": /^ADDRESS_FORBIDDEN: /,
    "https://169.254.169.254/": /^ADDRESS_FORBIDDEN: /,
    [`${origin}/other`]: /^(?:INDEX_MISSING|HTTP_NOT_FOUND): /,
    [`${host}/me/other`]: /^HTTP_NOT_FOUND: /,
    [`${trurl}:8.14.1`]: /^INDEX_INVALID: .*is not a package index: .*found "an image index"/,
  };
  for (const [place, message] of Object.entries(failing)) {
    assert.match(await failureOf(readIndexFile(context, place, directory)), message, place);
    assert.match(await failureOf(add(context, directory, place)), message, place);
  }
});
