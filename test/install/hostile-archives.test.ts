import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { HOSTILE_TARS, type HostileArchive } from "../archive/hostile-tars.ts";
import { HOSTILE_ZIPS } from "../archive/hostile-zips.ts";
import { PACKINGS, pack } from "../archive/pack.ts";
import { tarOf } from "../archive/tar-builder.ts";
import { zipOf } from "../archive/zip-builder.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { downloadWorld } from "./download-world.ts";

const PROGRAM = { path: "good", body: "#!/bin/sh\n", mode: 0o755 };
const PACKED = PACKINGS.filter((packing) => packing !== "none");
/** More than what is allowed whatever its ratio is. */
const BOMB_BYTES = 160 * 1024 * 1024;
const packedTar = PACKED.map((packing) => [packing, pack(tarOf(PROGRAM), packing)] as const);

/** Every hostile tar, every hostile zip, and what only compressors can do wrong. */
function allHostile(): Readonly<Record<string, HostileArchive>> {
  const bomb = tarOf(PROGRAM, { path: "zeros", body: Buffer.alloc(BOMB_BYTES) });
  return Object.fromEntries([
    ...Object.entries(HOSTILE_TARS).flatMap(([name, { bytes, message }], index) =>
      // Bare, and in one packing after the other: what reads a tar does not know how it was packed.
      (["none", PACKED[index % PACKED.length] ?? "gzip"] as const).map(
        (packing) => [`${packing}-${name}`, { bytes: pack(bytes, packing), message }] as const,
      ),
    ),
    ...Object.entries(HOSTILE_ZIPS).map(([name, archive]) => [`zip-${name}`, archive] as const),
    ...packedTar.flatMap(([packing, bytes]): [string, HostileArchive][] => [
      [`${packing}-packed-cut`, { bytes: bytes.subarray(0, -6), message: /truncated|cut off/ }],
      [`${packing}-packed-half`, { bytes: bytes.subarray(0, bytes.length >> 1), message: /truncated|cut off|damaged/ }],
      [
        `${packing}-packed-more`,
        { bytes: Buffer.concat([bytes, Buffer.from("evil bytes")]), message: /followed by|damaged/ },
      ],
      [`${packing}-packed-flipped`, { bytes: flipped(bytes), message: /damaged|checksum/ }],
    ]),
    ["zstd-bomb", { bytes: pack(bomb, "zstd"), message: /grows to more than 250 times/ }],
    [
      "zip-bomb",
      { bytes: zipOf([{ path: "zeros", body: Buffer.alloc(BOMB_BYTES) }]), message: /grows to more than 250 times/ },
    ],
  ]);
}

function flipped(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const at = bytes.length - 14;
  changed[at] = (changed[at] ?? 0) ^ 0x10;
  return changed;
}

const skip = skipWithout("bzip2", "xz");

test("pkg install says what is wrong with a hostile archive, places nothing and leaves nothing", {
  skip,
}, async (t) => {
  const hostile = allHostile();
  const names = Object.keys(hostile);
  assert.ok(names.length >= 120, `${names.length} cases`);
  const { home, pkg, tree } = await downloadWorld(t, hostile);
  await pkg("sync");
  const before = tree();
  const around = readdirSync(dirname(home)).filter((name) => /evil|outside/.test(name));
  const { stdout } = await pkg("install", ...names, "--json");
  const packages: readonly {
    readonly name: string;
    readonly error?: { readonly code: string; readonly message: string };
  }[] = JSON.parse(stdout).packages;
  for (const name of names) {
    const error = packages.find((found) => found.name === name)?.error;
    assert.equal(error?.code, "ARCHIVE_INVALID", `${name}: ${JSON.stringify(error)}`);
    assert.match(error.message, hostile[name]?.message ?? /^$/, name);
  }
  assert.deepEqual(tree(), before);
  assert.deepEqual(
    readdirSync(dirname(home)).filter((name) => /evil|outside/.test(name)),
    around,
  );
  assert.ok(!existsSync("/evil") && !existsSync(join(home, "evil")));
});
