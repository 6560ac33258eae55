import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { zstdCompressSync } from "node:zlib";
import { PACKAGE_LIMITS } from "../../src/archive/extract-limits.ts";
import { hashHex } from "../../src/base/hashes.ts";
import type { StoredBlob } from "../../src/blobs/blob-store.ts";
import { SYMLINK_MODE } from "../../src/fs/modes.ts";
import { discardBlobs } from "../../src/obtain/discard-blobs.ts";
import { sha256Digest } from "../../src/oci/digest.ts";
import { type UnpackContext, unpackPackage } from "../../src/unpack/unpack-package.ts";
import { verifyPackage } from "../../src/verify/package.ts";
import { type RawEntry, tarOf } from "../archive/tar-builder.ts";
import { tempProfile } from "../profile/profile-home.ts";
import type { Cleanup } from "../support/temp-home.ts";

const { signal } = new AbortController();

/** A verified package whose archive is in the store, and what unpacking it needs. */
function verifiedArchive(
  t: Cleanup,
  entries: readonly RawEntry[],
  form: { readonly archive?: true } = { archive: true },
) {
  const home = tempProfile(t);
  const bytes = zstdCompressSync(tarOf(...entries));
  const sha256 = hashHex("sha256", bytes);
  const blob = { digest: sha256Digest(sha256), size: bytes.length, hashes: { sha256 } };
  const path = home.blobs.pathOf(blob.digest);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  const expected = { sha256, blake3: null, sizeBytes: bytes.length };
  const programs = [{ title: "app.tar.zst", blob, signature: null, expected, ...form }];
  const verified = verifyPackage(
    {
      name: "app",
      manifest: null,
      programs,
      checksum: null,
      checksumSignature: null,
      provenance: null,
      facts: null,
      wantedFacts: null,
    },
    { require: ["digest"], keys: [], allowLegacy: false, provenance: null, skip: [] },
  );
  const discard = (blobs: readonly StoredBlob[]) => discardBlobs(home, blobs);
  const unpack = (options: Partial<Pick<UnpackContext, "signal" | "limits">> = {}) =>
    unpackPackage({ blobs: home.blobs, discard, signal, ...options }, verified);
  const stored = () => readdirSync(dirname(path)).toSorted();
  return { ...home, path, verified, unpack, stored };
}

const APP: RawEntry = { path: "bin/app", body: "#!/bin/sh\n", mode: 0o755 };

test("unpackPackage() gives each member with its digest, and modes that are fit to be placed", async (t) => {
  const { unpack, blobs } = verifiedArchive(t, [
    { ...APP, mode: 0o6755 },
    { path: "lib/open", body: "any", mode: 0o666 },
    { path: "lib/shut", body: "none", mode: 0o000 },
    { path: "lib/link", type: "2", target: "open" },
    { path: "lib/twin", type: "1", target: "lib/open" },
    { path: "empty/", type: "5" },
  ]);
  const { files } = await unpack();
  assert.deepEqual(
    files.map(({ path, mode }) => [path, mode.toString(8)]),
    [
      ["bin/app", "755"],
      ["lib/open", "644"],
      ["lib/shut", "400"],
      ["lib/link", SYMLINK_MODE.toString(8)],
      ["lib/twin", "644"],
    ],
  );
  const contents = files.map(({ digest }) => readFileSync(blobs.pathOf(digest), "utf8"));
  assert.deepEqual(contents, ["#!/bin/sh\n", "any", "none", "open", "any"]);
  assert.deepEqual(
    files.map(({ size }) => size),
    [10, 3, 4, 4, 3],
  );
});

test("unpackPackage() gives a package without an archive back as it is", async (t) => {
  const { unpack, verified } = verifiedArchive(t, [APP], {});
  assert.equal(await unpack(), verified);
  assert.deepEqual(
    verified.files.map(({ path, mode }) => [path, mode]),
    [["app.tar.zst", 0o755]],
  );
});

test("verifyPackage() gives an archive no file to place", (t) => {
  assert.deepEqual(verifiedArchive(t, [APP]).verified.files, []);
});

test("unpackPackage() refuses an archive that is no longer what was verified", async (t) => {
  const { unpack, path, stored } = verifiedArchive(t, [APP]);
  writeFileSync(path, zstdCompressSync(tarOf({ ...APP, body: "#!/bin/sh\necho evil\n" })));
  await assert.rejects(unpack(), { code: "STATE_CHANGED", message: /"app\.tar\.zst": it changed/ });
  assert.deepEqual(stored(), [], "nothing of it is kept");
});

const LIMITS = [
  ["entries", { maxEntries: 2 }],
  ["bytes", { maxBytes: 25 }],
  ["bytes in its paths", { maxPathsBytes: 12 }],
] as const;

for (const [what, limit] of LIMITS) {
  test(`unpackPackage() takes no more ${what} than a package may have`, async (t) => {
    const { unpack, stored } = verifiedArchive(t, [APP, { ...APP, path: "bin/b" }, { ...APP, path: "bin/c" }]);
    await assert.rejects(unpack({ limits: { ...PACKAGE_LIMITS, ...limit } }), {
      code: "ARCHIVE_INVALID",
      message: new RegExp(`"app\\.tar\\.zst": .*more than \\d+ ${what}`),
    });
    assert.deepEqual(stored(), []);
  });
}

test("unpackPackage() keeps the archive when it is interrupted, and nothing else", async (t) => {
  const { unpack, path, stored } = verifiedArchive(t, [APP, { ...APP, path: "bin/b", body: "b" }]);
  await assert.rejects(unpack({ signal: AbortSignal.abort() }), { code: "INTERRUPTED" });
  assert.deepEqual(stored(), [path.split("/").at(-1)]);
  assert.deepEqual(readdirSync(join(dirname(dirname(path)), "partial")), []);
});
