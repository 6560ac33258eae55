import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { OCI_INDEX } from "../../src/oci/media-types.ts";
import { startFaultServer } from "../support/fault-server.ts";
import type { FaultRule } from "../support/faults.ts";
import { addIndex, type IndexArtifact } from "../support/index-artifact.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { buildPackage } from "../support/package-builder.ts";
import { indexText, makeKeySet, packed, signIndex } from "../support/signed-index.ts";
import { makeSyncWorld, NOW } from "./sync-world.ts";

const REPOSITORY = "me/index";
const key = createSigner();

function artifact(serial: number): IndexArtifact {
  const index = packed(indexText({ serial, issuedMs: NOW, keySets: [makeKeySet({ keys: [key] })] }));
  return { index, signatures: signIndex(index, [key]) };
}

/** A registry with an index under `latest`, and a world that syncs it. */
async function registryWorld(t: TestContext) {
  const server = await startFaultServer(t);
  const world = await makeSyncWorld(t);
  world.configure(`url = "oci://${server.host}/${REPOSITORY}"`);
  const publish = (content: IndexArtifact) => addIndex(server.content, REPOSITORY, "latest", content);
  const asked = () => {
    const kinds = server.requests.map(({ path }) => path.split("/").at(-2));
    server.clearRequests();
    return kinds;
  };
  return { server, world, publish, asked };
}

test("fetchOciIndex() requests only the manifest when nothing has changed, and what it names otherwise", async (t) => {
  const { world, publish, asked } = await registryWorld(t);
  publish(artifact(1));
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { serial: 1, pinning: "first use" } });
  assert.deepEqual(asked(), ["manifests", "blobs", "blobs"]);
  assert.equal((await world.sync()).state, "unchanged");
  assert.deepEqual(asked(), ["manifests"]);
  publish(artifact(2));
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { serial: 2, pinning: "kept" } });
  assert.deepEqual(asked(), ["manifests", "blobs", "blobs"]);
});

test("fetchOciIndex() follows the tag that the address names", async (t) => {
  const { server, world, publish } = await registryWorld(t);
  publish(artifact(2));
  addIndex(server.content, REPOSITORY, "stable", artifact(1));
  world.configure(`url = "oci://${server.host}/${REPOSITORY}:stable"`);
  assert.partialDeepStrictEqual(await world.sync(), { trust: { serial: 1 } });
});

test("fetchOciIndex() resumes where the index broke off", async (t) => {
  const { server, world, publish, asked } = await registryWorld(t);
  const digest = publish(artifact(1));
  server.rules.add({ path: digest, times: 1, fault: { kind: "truncate", bytes: 100 } });
  assert.equal((await world.sync()).state, "updated");
  assert.deepEqual(asked(), ["manifests", "blobs", "blobs", "blobs"]);
});

interface Refused {
  readonly name: string;
  readonly rule?: (digest: string) => FaultRule;
  readonly change?: (published: IndexArtifact) => IndexArtifact;
  readonly code: string;
  readonly message: RegExp;
}

const REFUSED: readonly Refused[] = [
  {
    name: "an index that is not what its digest says",
    rule: (digest) => ({ path: digest, fault: { kind: "corrupt" } }),
    code: "DIGEST_MISMATCH",
    message: /expected digest "sha256:/,
  },
  {
    name: "an index that is longer than its manifest says",
    rule: (digest) => ({ path: digest, fault: { kind: "resize", bytes: 10 } }),
    code: "SIZE_MISMATCH",
    message: /expected \d+ bytes/,
  },
  {
    name: "no signatures",
    change: (published) => ({ ...published, signatures: null }),
    code: "SIGNATURE_MISSING",
    message: /its index has no signature/,
  },
  {
    name: "signatures of another index",
    change: (published) => ({ ...published, signatures: artifact(9).signatures }),
    code: "SIGNATURE_INVALID",
    message: /was not made for this content/,
  },
  {
    name: "an older index",
    change: () => artifact(1),
    code: "INDEX_ROLLED_BACK",
    message: /has serial 1, and 2 was seen before/,
  },
  {
    name: "a registry without the tag",
    rule: () => ({ path: "/manifests/latest", fault: { kind: "status", status: 404 } }),
    code: "HTTP_NOT_FOUND",
    message: /me\/index:latest/,
  },
  {
    name: "a login page",
    rule: () => ({ path: "/manifests/latest", fault: { kind: "html" } }),
    code: "NOT_A_REGISTRY",
    message: /found a web page/,
  },
];

test("syncRepository() refuses a bad index from a registry, and the old one stays in use", async (t) => {
  for (const { name, rule, change, code, message } of REFUSED) {
    await t.test(name, async (inner) => {
      const { server, world, publish } = await registryWorld(inner);
      publish(artifact(2));
      await world.sync();
      const before = await world.state();
      const next = artifact(3);
      const digest = publish(change === undefined ? next : change(next));
      if (rule !== undefined) server.rules.add(rule(digest));
      await assert.rejects(world.sync(), { code, message });
      assert.equal(await world.state(), before);
      assert.deepEqual(readdirSync(join(world.home, "index")), ["tools.db"]);
    });
  }
});

test("fetchOciIndex() refuses what is not an index, and says what it found", async (t) => {
  const { server, world, publish } = await registryWorld(t);
  publish(artifact(1));
  await world.sync();
  const built = buildPackage({ name: "tool", version: "1.0" });
  server.content.addManifest(REPOSITORY, "latest", built.manifest);
  await assert.rejects(world.sync(), {
    code: "INDEX_INVALID",
    message: /is not a package index: it has no file "index/,
  });
  const imageIndex = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] }));
  server.content.addManifest(REPOSITORY, "latest", imageIndex, OCI_INDEX);
  await assert.rejects(world.sync(), { code: "INDEX_INVALID", message: /it is an image index/ });
});

test("fetchOciIndex() refuses an index that is too large before it asks for it", async (t) => {
  const { server, world, publish, asked } = await registryWorld(t);
  const digest = publish(artifact(1));
  const path = `/v2/${REPOSITORY}/manifests/latest`;
  const manifest = JSON.parse(server.content.get(path)?.bytes.toString() ?? "");
  const layers = manifest.layers.map((layer: { readonly digest: string }) =>
    layer.digest === digest ? { ...layer, size: 600_000_000 } : layer,
  );
  server.content.addManifest(REPOSITORY, "latest", Buffer.from(JSON.stringify({ ...manifest, layers })));
  await assert.rejects(world.sync(), { code: "INDEX_TOO_LARGE" });
  assert.deepEqual(asked(), ["manifests"]);
});

test("fetchOciIndex() gives up when the registry does not answer in time", { timeout: 60_000 }, async (t) => {
  const { server, world, publish, asked } = await registryWorld(t);
  publish(artifact(1));
  await world.sync();
  asked();
  server.rules.add({ path: "/manifests/latest", fault: { kind: "hang" } });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const syncing = assert.rejects(world.sync({ patience: { answerMs: 50, progressMs: 50, attempts: 1 } }), {
    code: "NETWORK_TIMEOUT",
    message: /within 50 ms/,
  });
  const requests: (string | undefined)[] = [];
  while (requests.length === 0) {
    await setImmediate();
    requests.push(...asked());
  }
  t.mock.timers.tick(50);
  await syncing;
  assert.deepEqual([...requests, ...asked()], ["manifests"]);
});
