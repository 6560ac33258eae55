import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { test } from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { openContainer } from "../../src/index/container.ts";
import { INDEX_LIMITS, readIndex } from "../../src/index/read-index.ts";
import type { IndexMeta } from "../../src/index-database/package-index.ts";
import type { PackageEntry } from "../../src/package/metadata.ts";
import { linksFor } from "../../src/package/provides.ts";
import { selectPackage } from "../../src/package/select.ts";
import { parseNamedSpec } from "../../src/package/spec.ts";
import { makePlan } from "../../src/plan/plan.ts";
import type { Resolution } from "../../src/plan/resolution.ts";
import { resolveEntry } from "../../src/resolve/resolve-entry.ts";
import { REAL_INDEX } from "../support/real-data.ts";

const { skip } = REAL_INDEX;

async function readEntries(): Promise<readonly PackageEntry[]> {
  const entries: PackageEntry[] = [];
  const skipped: string[] = [];
  await readIndex(openContainer(createReadStream(REAL_INDEX.where), INDEX_LIMITS), {
    host: "aarch64-linux",
    limits: INDEX_LIMITS,
    onEntry: (entry) => entries.push(entry),
    onSkipped: (reason) => skipped.push(reason),
  });
  assert.deepEqual(skipped, []);
  return entries;
}

const config = loadConfig({
  env: { PKG_HOME: "/nonexistent" },
  platform: "linux",
  arch: "arm64",
  flags: { home: undefined, config: undefined, offline: undefined, concurrency: undefined },
});

const meta: IndexMeta = {
  url: "",
  etag: null,
  lastModified: null,
  syncedAtMs: 0,
  entries: 0,
  packages: 0,
  skipped: 0,
  format: "g1",
  keyId: null,
  checkedBy: "",
  trust: null,
};

test("every entry of a real index decodes, resolves and plans", { skip }, async () => {
  const entries = await readEntries();
  assert.ok(entries.length > 100);
  for (const entry of entries) {
    const candidates = entries
      .filter(({ name }) => name === entry.name)
      .map((found) => ({ repository: "pkgcache", entry: found }));
    const selected = selectPackage(
      parseNamedSpec(`${entry.name}#${entry.id}@${entry.version}:pkgcache`),
      candidates,
      config,
    );
    assert.equal(selected.package.entry.id, entry.id);
    const resolution = resolveEntry({ config, now: Date.now }, selected.package, {
      requested: entry.name,
      wish: null,
      version: selected.version,
      owner: null,
      snapshot: selected.snapshot,
      meta,
      skip: [],
      installed: null,
      isOtherVersion: false,
    });
    assert.equal(referenceOf(resolution).registry, "ghcr.io");
    assert.ok(resolution.expected.sha256 !== null && resolution.origin.blob?.endsWith(resolution.expected.sha256));
    const plan = makePlan([resolution], () => null, { reinstall: false });
    assert.deepEqual(
      plan.steps.map((step) => step.kind),
      ["install"],
    );
  }
});

test("every entry of a real index gets a link to its main file", { skip }, async () => {
  for (const { name, provides, artifact } of await readEntries()) {
    assert.ok(artifact.kind === "oci");
    const links = linksFor({ name, main: name, provides }, artifact.files);
    assert.ok(
      links.some(({ title }) => title === name),
      name,
    );
  }
});

test("every snapshot of a real index resolves to its own tag, without the newest version's hashes", {
  skip,
}, async () => {
  for (const entry of await readEntries()) {
    for (const snapshot of entry.snapshots.filter(({ version }) => version !== entry.version)) {
      const found = { repository: "pkgcache", entry };
      const selected = selectPackage(parseNamedSpec(`${entry.name}@${snapshot.tag}`), [found], config);
      const resolution = resolveEntry({ config, now: Date.now }, found, {
        requested: entry.name,
        wish: null,
        version: selected.version,
        owner: null,
        snapshot: selected.snapshot,
        meta,
        skip: [],
        installed: null,
        isOtherVersion: false,
      });
      assert.equal(referenceOf(resolution).tag, snapshot.tag);
      assert.deepEqual(resolution.expected, { sha256: null, blake3: null, sizeBytes: null });
      assert.equal(resolution.origin.blob, null);
    }
  }
});

function referenceOf({ origin }: Resolution) {
  return origin.kind === "artifact" && origin.location.kind === "registry" ? origin.location.reference : assert.fail();
}
