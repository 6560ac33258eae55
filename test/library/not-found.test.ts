import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isNotFound } from "../../src/errors.ts";
import type { Target } from "../../src/oci/content.ts";
import { copy } from "../../src/oci/copy.ts";
import { verifiedBlob } from "../../src/oci/verified-blob.ts";
import { openLayoutArchive } from "../../src/oci-layout/archive-layout.ts";
import { openLayout } from "../../src/oci-layout/layout.ts";
import { memoryRepository } from "../../src/oci-layout/memory.ts";
import { openRegistries, type RegistryAccess } from "../../src/registry-client/registry-access.ts";
import { calm, collect, digestOf, image, pushImage } from "../oci/sample-graph.ts";
import { openRegistry } from "../registry/registry-client.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { tempDirectory } from "../support/temp-home.ts";

/** Undefined where it is skipped. */
type Open = (t: TestContext) => Target | Promise<Target | undefined>;

const SAMPLE = image();
const ABSENT = digestOf(Buffer.from("absent"));
const START = { offset: 0, validator: null };

function access(t: TestContext): RegistryAccess {
  const registries = openRegistries();
  t.after(() => registries.close());
  return registries;
}

const PLACES: Readonly<Record<string, Open>> = {
  memory: () => memoryRepository(),
  layout: (t) => openLayout(join(tempDirectory(t), "layout")),
  archive: (t) => {
    const archive = openLayoutArchive(join(tempDirectory(t), "layout.tar"));
    t.after(() => archive.close());
    return archive;
  },
  "archive that was written": async (t) => {
    const file = join(tempDirectory(t), "layout.tar");
    const archive = openLayoutArchive(file);
    await pushImage(archive, SAMPLE, "1");
    await archive.commit(calm);
    const written = openLayoutArchive(file);
    t.after(() => written.close());
    return written;
  },
  registry: async (t) => {
    const { server } = await openRegistry(t);
    return access(t).repository(`${new URL(server.url).host}/a/b`);
  },
  "registry of another maker": async (t) => {
    const server = await startDockerRegistry();
    if (server === null) {
      t.skip("docker-registry is not installed");
      return undefined;
    }
    t.after(() => server.stop());
    return access(t).repository(`${server.host}/a/b`);
  },
};

const OPERATIONS: Readonly<Record<string, (place: Target) => Promise<unknown>>> = {
  "resolve() of a tag": (place) => place.resolve("absent", calm),
  "resolve() of a digest": (place) => place.resolve(ABSENT, calm),
  "fetchManifest() of a tag": (place) => place.fetchManifest("absent", calm),
  "fetchManifest() of a digest": (place) => place.fetchManifest(ABSENT, calm),
  "fetchDocument() of a tag": (place) => place.fetchDocument("absent", calm),
  "fetchDocument() of a digest": (place) => place.fetchDocument(ABSENT, calm),
  "openBlob()": (place) => place.openBlob({ digest: ABSENT, size: null }, START, calm),
  "openBlob() with a size": (place) => place.openBlob({ digest: ABSENT, size: 6 }, START, calm),
  "openBlob() from an offset": (place) =>
    place.openBlob({ digest: ABSENT, size: 6 }, { offset: 2, validator: null }, calm),
  "verifiedBlob()": (place) => collect(verifiedBlob(place, { digest: ABSENT, size: null })),
  "deleteManifest() of a tag": (place) => place.deleteManifest("absent", calm),
  "deleteManifest() of a digest": (place) => place.deleteManifest(ABSENT, calm),
  "deleteBlob()": (place) => place.deleteBlob(ABSENT, calm),
  "copy() from it": (place) => copy(place, memoryRepository(), { from: "absent" }),
};

for (const [name, open] of Object.entries(PLACES)) {
  for (const state of ["with content", "empty"]) {
    test(`isNotFound() recognises what a ${name} ${state} lacks`, async (t) => {
      const place = await open(t);
      if (place === undefined) return;
      if (state === "with content") await pushImage(place, SAMPLE, "1");
      for (const [operation, run] of Object.entries(OPERATIONS)) {
        await t.test(operation, () => assert.rejects(run(place), isNotFound));
      }
      assert.equal(await place.hasBlob({ digest: ABSENT, size: null }, calm), false);
      assert.equal(await place.hasManifest(ABSENT, calm), false);
    });
  }
}

test("deleteManifest() of a layout that does not exist does not create it", async (t) => {
  const directory = join(tempDirectory(t), "layout");
  await assert.rejects(openLayout(directory).deleteManifest("absent", calm), isNotFound);
  assert.equal(existsSync(directory), false);
});

test("isNotFound() is false for a place that is damaged", async (t) => {
  const directory = tempDirectory(t);
  writeFileSync(join(directory, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  await assert.rejects(openLayout(directory).resolve("1", calm), (error) => !isNotFound(error));
  assert.equal(isNotFound(new Error("not found")), false);
});

for (const [name, open] of Object.entries({ layout: PLACES["layout"], archive: PLACES["archive that was written"] })) {
  test(`isNotFound() recognises a blob that is deleted from an ${name} between being found and being read`, async (t) => {
    const place = await open?.(t);
    assert.ok(place !== undefined);
    await pushImage(place, SAMPLE, "1");
    const [blob = Buffer.alloc(0)] = SAMPLE.blobs;
    const { body } = await place.openBlob({ digest: digestOf(blob), size: null }, START, calm);
    await place.deleteBlob(digestOf(blob), calm);
    await assert.rejects(collect(body), isNotFound);
  });
}
