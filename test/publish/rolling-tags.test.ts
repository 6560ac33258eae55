import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import type { ManifestUpload, Target } from "../../src/oci/content.ts";
import { memoryRepository } from "../../src/oci-layout/memory.ts";
import { annotationsOf } from "../../src/package-format/annotations.ts";
import { packageImageIndex } from "../../src/package-format/documents.ts";
import { rollingTags } from "../../src/package-format/tags.ts";
import { rollTags } from "../../src/publish/rolling-tags.ts";
import { PLAIN } from "../package-format/sample-publication.ts";

const { signal } = new AbortController();

function indexOf(version: string) {
  return packageImageIndex([], annotationsOf({ ...PLAIN, version }, null));
}

function roll(place: Target, version: string, events: Event[] = [], knownTags: ReadonlySet<string> = new Set()) {
  const built = { imageIndex: indexOf(version), rollingTags: rollingTags(version) };
  return rollTags({ place, version, built, knownTags, force: false, emit: (event) => events.push(event), signal });
}

async function versionAt(place: Target, tag: string): Promise<string | undefined> {
  const document = await place.fetchManifest(tag, signal);
  return document.kind === "index" ? document.index.annotations["org.opencontainers.image.version"] : undefined;
}

/** A place where somebody else writes as soon as `latest` is written, for so many times. */
function disturbed(other: string, times: number) {
  const place = memoryRepository();
  let left = times;
  let writes = 0;
  const pushManifest = async (manifest: ManifestUpload) => {
    const written = await place.pushManifest(manifest, signal);
    if (manifest.tag !== "latest") return written;
    writes += 1;
    if (left > 0) await place.pushManifest({ ...indexOf(other), tag: "latest" }, signal);
    left -= 1;
    return written;
  };
  return { place: { ...place, pushManifest }, writes: () => writes };
}

test("rollTags() moves a tag again that somebody set back in the meantime", async () => {
  const { place } = disturbed("8.13.0", 1);
  const rolled = await roll(place, "8.14.1");
  assert.equal(await versionAt(place, "latest"), "8.14.1");
  assert.deepEqual(rolled.at(-1), { tag: "latest", how: "moved", version: "8.14.1" });
});

test("rollTags() moves a tag from a pre-release to a release, though its number is lower", async () => {
  const { place } = disturbed("9.0.0-rc1", 1);
  const rolled = await roll(place, "8.14.1");
  assert.equal(await versionAt(place, "latest"), "8.14.1");
  assert.deepEqual(rolled.at(-1), { tag: "latest", how: "moved", version: "8.14.1" });
});

test("rollTags() leaves a tag that somebody moved to a newer version in the meantime", async () => {
  const { place } = disturbed("9.0.0", 1);
  const rolled = await roll(place, "8.14.1");
  assert.equal(await versionAt(place, "latest"), "9.0.0");
  assert.deepEqual(rolled.at(-1), { tag: "latest", how: "kept", version: "9.0.0" });
});

test("rollTags() gives up when somebody else keeps setting the tag back", async () => {
  const { place, writes } = disturbed("8.13.0", Number.POSITIVE_INFINITY);
  await roll(place, "8.14.1");
  assert.equal(writes(), 3);
});

test("rollTags() reports which tags stay, and with which version", async () => {
  const place = memoryRepository();
  await roll(place, "9.1.0");
  const events: Event[] = [];
  await roll(place, "8.14.1", events);
  assert.deepEqual(events, [{ kind: "note", message: 'The tag "latest" stays with version 9.1.0' }]);
});

test("rollTags() gives a tag back to a newer version published in the meantime, but not to one published before", async () => {
  for (const isKnown of [false, true]) {
    const place = memoryRepository();
    await place.pushManifest({ ...indexOf("9.0.0"), tag: "9.0.0" }, signal);
    await place.pushManifest({ ...indexOf("9.1.0-rc1"), tag: "9.1.0-rc1" }, signal);
    const rolled = await roll(place, "8.14.1", [], new Set(isKnown ? ["9.0.0"] : []));
    assert.equal(await versionAt(place, "latest"), isKnown ? "8.14.1" : "9.0.0");
    assert.equal(await versionAt(place, "8.14"), "8.14.1");
    assert.equal(rolled.at(-1)?.how, isKnown ? "moved" : "kept");
  }
});

test("rollTags() warns of a tag that was set back before a newer version that is there", async () => {
  const place = memoryRepository();
  await place.pushManifest({ ...indexOf("8.13.0"), tag: "latest" }, signal);
  const events: Event[] = [];
  await roll(place, "8.14.1", events, new Set(["9.0.0", "9.1.0-rc1", "8.13.0", "9.0.0-x86_64-linux"]));
  const warnings = events.map((event) => (event.kind === "warning" ? event.message : event.kind));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /:latest" is moved to version 8\.14\.1, although "9\.0\.0" is there/);
});
