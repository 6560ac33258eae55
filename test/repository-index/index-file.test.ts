import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readIndexFile } from "../../src/repository-index/index-file.ts";
import { failureOf } from "../publish/world.ts";
import { type IndexWorld, indexWorld } from "./world.ts";

const FILES = ["index.json", "index.json.sig", "index.json.zst", "index.json.zst.sig"];

/** A static host of a directory that holds an index. */
async function serve(t: TestContext, directory: string): Promise<string> {
  const server = createServer(({ url = "" }, response) => {
    const name = url.split("/").at(-1) ?? "";
    if (name === "moved") response.writeHead(500).end();
    else if (!FILES.includes(name)) response.writeHead(404).end();
    else response.end(readFileSync(join(directory, name)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = server.address();
  return typeof address === "object" ? `http://127.0.0.1:${address?.port}` : "";
}

async function builtWorld(t: TestContext): Promise<IndexWorld> {
  const world = await indexWorld(t);
  await world.publish();
  await world.buildPackageIndex({ repository: world.reference });
  await world.publishPackageIndex({ built: "index" });
  return world;
}

test("readIndexFile() gives the same bytes and signatures from every kind of place", async (t) => {
  const { context, directory, reference, host } = await builtWorld(t);
  const path = join(directory, "index");
  const url = await serve(t, path);
  const bytes = readFileSync(join(path, "index.json.zst"));
  const signatures = readFileSync(join(path, "index.json.zst.sig"));
  await context.network();
  const places = [
    "index",
    "index/index.json.zst",
    path,
    `file://${path}/index.json.zst`,
    `file://${path}`,
    `${url}/index.json.zst`,
    `${url}/some/path/`,
    reference,
    `${reference}:1`,
    `oci://${reference}`,
    `oci://${host}/me/index:latest`,
  ];
  for (const source of places) {
    assert.deepEqual(await readIndexFile(context, source, directory), {
      source: source.replace("oci://", ""),
      bytes,
      signatures,
    });
  }
});

test("readIndexFile() reads the unpacked index when there is no packed one, with its own signatures only", async (t) => {
  const { context, directory } = await builtWorld(t);
  const path = join(directory, "index");
  mkdirSync(join(directory, "bare"));
  copyFileSync(join(path, "index.json"), join(directory, "bare/index.json"));
  const read = await readIndexFile(context, "bare", directory);
  assert.deepEqual(read.bytes, readFileSync(join(path, "index.json")));
  assert.equal(read.signatures, null);
  rmSync(join(path, "index.json.zst"));
  assert.deepEqual(
    (await readIndexFile(context, "index", directory)).signatures,
    readFileSync(join(path, "index.json.sig")),
  );
});

test("readIndexFile() says what is wrong with a place", async (t) => {
  const { context, directory, trurl, host } = await builtWorld(t);
  const url = await serve(t, join(directory, "index"));
  writeFileSync(join(directory, "index/index.json.zst.sig"), Buffer.alloc(1_000_000));
  const failing: Readonly<Record<string, RegExp>> = {
    nowhere: /^INDEX_MISSING: .*no such file or directory/,
    "nowhere/at/all": /^INDEX_MISSING: /,
    [directory]: /^INDEX_MISSING: /,
    index: /^INDEX_TOO_LARGE: /,
    [`${url}/other.json`]: /^INDEX_MISSING: .*the server has none there/,
    [`${url}/moved`]: /^SERVER_FAILED: /,
    [`${url}/index.json.zst`]: /^BODY_TOO_LARGE: /,
    [`${host}/me/other`]: /^HTTP_NOT_FOUND: /,
    [`${trurl}:8.14.1`]: /^INDEX_INVALID: .*found "an image index"/,
    [`${trurl}:8.14.1-x86_64-linux`]: /^INDEX_INVALID: .*expected artifact type "application\/vnd.pkg.index.v1"/,
  };
  for (const [source, message] of Object.entries(failing)) {
    assert.match(await failureOf(readIndexFile(context, source, directory)), message, source);
  }
});
