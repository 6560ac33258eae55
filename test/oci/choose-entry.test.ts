import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseEntry } from "../../src/oci/choose-entry.ts";
import { copy } from "../../src/oci/copy.ts";
import type { Digest } from "../../src/oci/digest.ts";
import { parseManifestDocument } from "../../src/oci/manifest.ts";
import { OCI_INDEX } from "../../src/oci/media-types.ts";
import { memoryRepository } from "../../src/oci-layout/memory.ts";
import { calm, copyOptions, describe, image, pushImage, type SampleImage } from "./sample-graph.ts";

const AMD64 = { os: "linux", architecture: "amd64" };
const ARM64 = { os: "linux", architecture: "arm64" };
const config = (fields: object) => Buffer.from(JSON.stringify(fields));

const AMD = image({ config: config(AMD64) });
const ARM = image({ config: config(ARM64) });
const ANY = image({ config: config({ any: "thing" }) });
const OTHER = image({ config: config({ other: "thing" }) });

type Entry = readonly [SampleImage, object | null | undefined];

/** Chooses the entry for linux/amd64 of an index with these entries and the platforms written for them. */
async function choose(entries: readonly Entry[]): Promise<Digest> {
  const source = memoryRepository();
  for (const [each] of entries) await pushImage(source, each, null);
  const manifests = entries.map(([each, platform]) => ({ ...describe(each.bytes, each.mediaType), platform }));
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
  const document = parseManifestDocument(bytes, OCI_INDEX, null);
  assert.ok(document.kind === "index");
  const { index } = document;
  await source.pushManifest({ bytes, mediaType: OCI_INDEX, digest: index.digest, tag: "1" }, calm);
  const chosen = await chooseEntry({ source, index, wanted: AMD64, name: "x", signal: calm });
  const target = memoryRepository();
  const copied = await copy(source, target, copyOptions({ platform: AMD64 }));
  assert.equal(copied.digest, chosen.digest);
  return chosen.digest;
}

const FOUND: readonly (readonly [string, readonly Entry[], SampleImage])[] = [
  ["the only entry, which names no platform", [[ANY, undefined]], ANY],
  ["the only entry, whose platform is empty", [[ANY, {}]], ANY],
  [
    "the entry that names it before those that name none",
    [
      [ANY, null],
      [AMD, AMD64],
    ],
    AMD,
  ],
  [
    "the entry whose config names it",
    [
      [ARM, undefined],
      [ANY, undefined],
      [AMD, undefined],
    ],
    AMD,
  ],
  [
    "the one entry for every platform beside those for others",
    [
      [ARM, ARM64],
      [ANY, undefined],
    ],
    ANY,
  ],
];

for (const [name, entries, expected] of FOUND) {
  test(`chooseEntry() chooses ${name}`, async () => {
    assert.equal(await choose(entries), expected.digest);
  });
}

test("chooseEntry() refuses entries for other platforms, and several that name none", async () => {
  await assert.rejects(choose([[ARM, undefined]]), { code: "PLATFORM_UNSUPPORTED", message: /found linux\/arm64/ });
  await assert.rejects(choose([[ARM, ARM64]]), { code: "PLATFORM_UNSUPPORTED" });
  await assert.rejects(
    choose([
      [ANY, undefined],
      [OTHER, undefined],
    ]),
    { code: "MANIFEST_INVALID", hint: /by its digest/ },
  );
});
