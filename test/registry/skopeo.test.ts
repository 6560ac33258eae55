import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { digestHex } from "../../src/oci/digest.ts";
import { skipWithout, startDockerRegistry } from "../support/docker-registry.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { type BuiltPackage, buildPackage } from "../support/package-builder.ts";
import { pushPackage, writeLayout } from "../support/package-publisher.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { openRegistry } from "./registry-client.ts";

const run = promisify(execFile);
const skip = skipWithout("skopeo");

/** 3 MiB, so that an upload is more than one piece. */
const BUILT = buildPackage({
  name: "trurl",
  version: "8.14.1",
  signer: createSigner(),
  program: Buffer.alloc(3 * 1024 * 1024, 7),
});

async function pull(t: TestContext, host: string): Promise<string> {
  const directory = tempDirectory(t);
  const source = `docker://${host}/${BUILT.repository}:${BUILT.tag}`;
  await run("skopeo", ["copy", "--src-tls-verify=false", source, `oci:${directory}:back`]);
  return directory;
}

function assertSame(directory: string, built: BuiltPackage): void {
  const read = (digest: string) => readFileSync(join(directory, "blobs", "sha256", digest));
  assert.deepEqual(read(digestHex(built.manifestDigest)), built.manifest);
  for (const [digest, bytes] of built.blobs) assert.deepEqual(read(digestHex(digest)), bytes);
}

test("startRegistry() gives skopeo the bytes that skopeo pushed", { skip }, async (t) => {
  const { server } = await openRegistry(t);
  const layout = tempDirectory(t);
  writeLayout([BUILT], layout);
  const host = `127.0.0.1:${server.port}`;
  const target = `docker://${host}/${BUILT.repository}:${BUILT.tag}`;
  await run("skopeo", ["copy", "--dest-tls-verify=false", `oci:${layout}:${BUILT.tag}`, target]);
  assertSame(await pull(t, host), BUILT);
  const { stdout } = await run("skopeo", ["list-tags", "--tls-verify=false", `docker://${host}/${BUILT.repository}`]);
  assert.match(stdout, /8\.14\.1-x86_64-linux/);
  await run("skopeo", ["delete", "--tls-verify=false", target]);
  assert.equal((await fetch(`${server.url}/v2/${BUILT.repository}/manifests/${BUILT.tag}`)).status, 404);
});

test("startRegistry() gives skopeo the bytes that pushPackage() pushed", { skip }, async (t) => {
  const { server } = await openRegistry(t);
  await pushPackage(BUILT, server.url);
  assertSame(await pull(t, `127.0.0.1:${server.port}`), BUILT);
});

test("pushPackage() pushes to docker-registry what skopeo pulls", {
  skip: skipWithout("skopeo", "docker-registry"),
}, async (t) => {
  const registry = await startDockerRegistry();
  assert.ok(registry !== null);
  t.after(() => registry.stop());
  await pushPackage(BUILT, registry.url);
  assertSame(await pull(t, registry.host), BUILT);
});
