import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { EXTRACT_LIMITS, type ExtractLimits } from "../../src/archive/extract-limits.ts";
import { type ExtractRequest, extractTar } from "../../src/archive/extract-tar.ts";
import { hasCode } from "../../src/errors.ts";
import { removeTree } from "../../src/fs/atomic.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { PACKINGS, pack } from "./pack.ts";
import { entryBytes, pax, paxRecord, type RawEntry, tarOf } from "./tar-builder.ts";
import { zipOf } from "./zip-builder.ts";

const SIGNAL = new AbortController().signal;

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < bytes.length; position += size) yield bytes.subarray(position, position + size);
}

function extract(
  test: TestContext,
  bytes: Buffer,
  options: Partial<ExtractRequest> & { readonly piece?: number } = {},
) {
  const parent = tempDirectory(test);
  const directory = join(parent, "out");
  const source = inPieces(bytes, options.piece ?? 65_536);
  const done = extractTar({ source, directory, root: null, sha256: null, signal: SIGNAL, ...options });
  return { parent, directory, done };
}

/** Every one is refused as a whole: nothing is left, and nothing outside is touched. */
const MALICIOUS: Readonly<Record<string, Buffer>> = {
  "an absolute path": tarOf({ path: "/etc/passwd", body: "x" }),
  "an absolute path by PAX": tarOf(pax({ path: "/tmp/evil" }), { path: "good", body: "x" }),
  "an absolute path by GNU long name": tarOf(
    { path: "././@LongLink", type: "L", body: "/tmp/evil\0" },
    { path: "good" },
  ),
  "a path that begins with ..": tarOf({ path: "../evil", body: "x" }),
  "a path with .. in its middle": tarOf({ path: "a/../../evil", body: "x" }),
  "a path that ends in ..": tarOf({ path: "a/..", type: "5" }),
  "a .. that stays inside": tarOf({ path: "a/b/../c", body: "x" }),
  ".. by ustar's prefix": tarOf({ path: "evil", prefix: "..", body: "x" }),
  ".. by PAX": tarOf(pax({ path: "../evil" }), { path: "good", body: "x" }),
  backslashes: tarOf({ path: "..\\evil", body: "x" }),
  "a Windows drive path": tarOf({ path: "C:\\evil", body: "x" }),
  "a NUL by PAX": tarOf(pax({ path: "evil\0.txt" }), { path: "good", body: "x" }),
  "a name that is not UTF-8": tarOf({ path: Buffer.from([0x61, 0xff, 0xfe]), body: "x" }),
  "a PAX path that is not UTF-8": tarOf(
    { path: "x", type: "x", body: Buffer.from("10 path=\xff\n", "latin1") },
    { path: "good" },
  ),
  "an empty path": tarOf({ path: "", body: "x" }),
  "a file as the root": tarOf({ path: "./", type: "2", target: "elsewhere" }),
  "a symlink to an absolute path": tarOf({ path: "link", type: "2", target: "/etc" }),
  "a symlink out": tarOf({ path: "link", type: "2", target: "../outside" }),
  "a symlink out of a subdirectory": tarOf({ path: "a/b/link", type: "2", target: "../../../outside" }),
  "a symlink with .. after a name": tarOf(
    { path: "x", type: "2", target: "." },
    { path: "link", type: "2", target: "x/../../outside" },
  ),
  "a symlink that climbs by another symlink": tarOf(
    { path: "a/b/", type: "5" },
    { path: "a/b/here", type: "2", target: "." },
    { path: "link", type: "2", target: "a/b/here/../../../.." },
  ),
  // It stays inside only lexically.
  "a symlink that leaves by a symlink to here": tarOf(
    { path: "here", type: "2", target: "." },
    { path: "link", type: "2", target: "here/../outside" },
  ),
  "a symlink to nothing": tarOf(pax({ linkpath: "" }), { path: "link", type: "2" }),
  "a symlink out by PAX": tarOf(pax({ linkpath: "../../etc" }), { path: "link", type: "2", target: "good" }),
  "a symlink out by GNU long link": tarOf(
    { path: "././@LongLink", type: "K", body: "/etc\0" },
    { path: "link", type: "2", target: "x" },
  ),
  "a file through a symlink": tarOf({ path: "dir", type: "2", target: "." }, { path: "dir/evil", body: "x" }),
  "a file over a symlink": tarOf({ path: "link", type: "2", target: "target" }, { path: "link", body: "x" }),
  "a symlink over a directory": tarOf({ path: "dir", type: "5" }, { path: "dir", type: "2", target: "." }),
  "a directory over a symlink": tarOf({ path: "dir", type: "2", target: "." }, { path: "dir", type: "5" }),
  "a directory over a symlink, then a file": tarOf(
    { path: "dir", type: "2", target: "." },
    { path: "dir/", type: "5" },
    { path: "dir/x" },
  ),
  "a file in a file": tarOf({ path: "a", body: "x" }, { path: "a/b", body: "x" }),
  "a file over a directory": tarOf({ path: "a/b", body: "x" }, { path: "a", body: "x" }),
  "a file twice": tarOf({ path: "a", body: "one" }, { path: "a", body: "two" }),
  "a file twice, once with a dot": tarOf({ path: "a", body: "one" }, { path: "./a", body: "two" }),
  "a file twice, once with slashes": tarOf({ path: "a/b", body: "one" }, { path: "a//b", body: "two" }),
  "a hard link to an absolute path": tarOf({ path: "link", type: "1", target: "/etc/passwd" }),
  "a hard link out": tarOf({ path: "link", type: "1", target: "../outside/secret" }),
  "a hard link to what is not there": tarOf({ path: "link", type: "1", target: "missing" }),
  "a hard link to what comes later": tarOf({ path: "link", type: "1", target: "later" }, { path: "later", body: "x" }),
  "a hard link to a symlink": tarOf({ path: "s", type: "2", target: "x" }, { path: "link", type: "1", target: "s" }),
  "a hard link to a directory": tarOf({ path: "d/", type: "5" }, { path: "link", type: "1", target: "d" }),
  "a hard link to itself": tarOf({ path: "link", type: "1", target: "link" }),
  "a hard link with bytes": tarOf({ path: "a", body: "x" }, { path: "link", type: "1", target: "a", body: "evil" }),
  "a symlink with bytes": tarOf({ path: "link", type: "2", target: "a", body: "evil" }),
  "a character device": tarOf({ path: "null", type: "3" }),
  "a block device": tarOf({ path: "sda", type: "4" }),
  "a FIFO": tarOf({ path: "pipe", type: "6" }),
  "a GNU sparse file": tarOf({ path: "sparse", type: "S" }),
  "a PAX sparse file": tarOf(pax({ "GNU.sparse.major": "1" }), { path: "sparse" }),
  "an unknown type": tarOf({ path: "odd", type: "Z" }),
  "a wrong checksum": tarOf({ path: "a", checksum: 1 }),
  "a size in binary digits that is damaged": tarOf({
    path: "a",
    binarySize: Buffer.from([0x81, ...Array(11).fill(1)]),
  }),
  "a size in binary digits that is too large": tarOf({
    path: "a",
    binarySize: Buffer.from([0x80, ...Array(11).fill(255)]),
  }),
  "no archive at all": Buffer.alloc(1024, "hello"),
  "an empty stream": Buffer.alloc(0),
  "an archive of nothing": Buffer.alloc(1024),
  "a header that is cut off": entryBytes({ path: "a" }).subarray(0, 300),
  "a body that is cut off": entryBytes({ path: "a", body: "x".repeat(2000) }).subarray(0, 1024),
  "a body that is cut off at a block": entryBytes({ path: "a", body: "x".repeat(2048) }).subarray(0, 1024),
  "padding that is cut off": entryBytes({ path: "a", body: "x" }).subarray(0, 700),
  "an extended header and then nothing": entryBytes(pax({ path: "a" })),
  "an extended header and then the end": tarOf(pax({ path: "a" })),
  "a PAX record that is too long": tarOf({ path: "x", type: "x", body: "99 path=evil\n" }, { path: "good" }),
  "a PAX record of no length": tarOf({ path: "x", type: "x", body: "0 path=evil\n" }, { path: "good" }),
  "a PAX record of negative length": tarOf({ path: "x", type: "x", body: "-5 path=evil\n" }, { path: "good" }),
  "a PAX record without a newline": tarOf({ path: "x", type: "x", body: "11 path=evi" }, { path: "good" }),
  "a PAX record without a value": tarOf({ path: "x", type: "x", body: "8 path\n\n" }, { path: "good" }),
  "a negative PAX size": tarOf(pax({ size: "-1" }), { path: "a", body: "x" }),
  "a PAX size that is no number": tarOf(pax({ size: "1e3" }), { path: "a", body: "x" }),
  "a PAX size beyond the bytes": tarOf(pax({ size: "99999999" }), { path: "a", body: "x" }),
  "a path for all entries": tarOf(pax({ path: "evil" }, "g"), { path: "a", body: "x" }),
  "a huge extended header": tarOf({ path: "x", type: "x", size: 8 * 1024 * 1024, body: "" }, { path: "a" }),
  "extended headers without end": tarOf(...Array.from({ length: 40 }, () => pax({ comment: "x" })), { path: "a" }),
  "a name that is too long": tarOf(pax({ path: "n".repeat(256) }), { path: "a" }),
  "a path that is too long": tarOf(pax({ path: "dir/".repeat(1100) }), { path: "a" }),
  "a path that is too deep": tarOf(pax({ path: "d/".repeat(200) }), { path: "a" }),
  "a broken gzip stream": gzipSync(tarOf({ path: "a", body: "x".repeat(5000) })).subarray(0, 60),
  "a gzip stream with a wrong checksum": flipped(gzipSync(tarOf({ path: "a", body: "x" })), -8),
  "a broken zstd stream": zstdCompressSync(tarOf({ path: "a", body: "x".repeat(5000) })).subarray(0, 30),
  "a zstd stream that is damaged": flipped(zstdCompressSync(Buffer.from(tarOf({ path: "a", body: "xyz" }))), 12),
  "a gzip stream in a gzip stream": gzipSync(gzipSync(tarOf({ path: "a", body: "x" }))),
};

function flipped(bytes: Buffer, position: number): Buffer {
  const at = position < 0 ? bytes.length + position : position;
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  return bytes;
}

for (const [name, bytes] of Object.entries(MALICIOUS)) {
  test(`extractTar() refuses ${name}, and leaves nothing`, async (test) => {
    const { parent, done } = extract(test, bytes);
    await assert.rejects(done, (error) => hasCode(error, "ARCHIVE_INVALID"));
    assert.deepEqual(readdirSync(parent), []);
  });
}

for (const [format, packed] of [
  ["gzip", gzipSync(tarOf({ path: "a", body: "x" }))],
  ["zstd", zstdCompressSync(tarOf({ path: "a", body: "x" }))],
] as const) {
  for (const [what, tail] of [
    ["zeros", Buffer.alloc(600)],
    ["text", Buffer.from("and more")],
  ] as const) {
    for (const piece of [7, 65_536]) {
      test(`extractTar() refuses ${what} after ${format} that arrives ${piece} bytes at a time`, async (test) => {
        const { parent, done } = extract(test, Buffer.concat([packed, tail]), { piece });
        await assert.rejects(done, (error) => hasCode(error, "ARCHIVE_INVALID"));
        assert.deepEqual(readdirSync(parent), []);
      });
    }
  }
}

/** Bytes that compress to a thousandth, in whole blocks. */
const ZEROS = 512 * 600_000;

const LIMITS: Readonly<Record<string, { readonly limits: Partial<ExtractLimits>; readonly bytes: Buffer }>> = {
  entries: { limits: { maxEntries: 2 }, bytes: tarOf({ path: "a" }, { path: "b" }, { path: "c" }) },
  bytes: { limits: { maxBytes: 10 }, bytes: tarOf({ path: "a", body: "123456" }, { path: "b", body: "123456" }) },
  "bytes that a header only claims": {
    limits: { maxBytes: 10 },
    bytes: entryBytes({ path: "a", size: 2 ** 30, body: "" }),
  },
  depth: { limits: { maxDepth: 2 }, bytes: tarOf({ path: "a/b/c" }) },
  "bytes in all paths": { limits: { maxPathsBytes: 10 }, bytes: tarOf({ path: "abcdef" }, { path: "ghijk" }) },
  "bytes in paths and targets": {
    limits: { maxPathsBytes: 10 },
    bytes: tarOf({ path: "abcdef" }, { path: "g", type: "2", target: "abcdef" }),
  },
  "directories that a path implies": { limits: { maxEntries: 3 }, bytes: tarOf({ path: "a/b/c/d" }) },
  "path bytes": { limits: { maxPathBytes: 5 }, bytes: tarOf({ path: "abcdef" }) },
  ratio: {
    limits: { maxRatio: 100 },
    bytes: gzipSync(Buffer.concat([entryBytes({ path: "a", size: ZEROS }), Buffer.alloc(ZEROS + 1024)])),
  },
};

for (const [name, { limits, bytes }] of Object.entries(LIMITS)) {
  test(`extractTar() refuses more ${name} than the limit`, async (test) => {
    const { parent, done } = extract(test, bytes, { limits: { ...EXTRACT_LIMITS, ...limits } });
    await assert.rejects(done, (error) => hasCode(error, "ARCHIVE_INVALID"));
    assert.deepEqual(readdirSync(parent), []);
  });
}

const ORDINARY: readonly RawEntry[] = [
  { path: "d/", type: "5", mode: 0o750 },
  { path: "d/run", body: "#!/bin/sh\n", mode: 0o755 },
  { path: "d/notes", body: "n".repeat(1000), mode: 0o640 },
  { path: "d/link", type: "2", target: "../later" },
  { path: "d/up", type: "2", target: ".." },
  { path: "same", type: "1", target: "d/notes" },
  { path: "implied/by/this", body: "x" },
  { path: "later", body: "" },
];

for (const [name, pack] of Object.entries({ tar: (bytes: Buffer) => bytes, gzip: gzipSync, zstd: zstdCompressSync })) {
  for (const piece of [1, 511, 65_536]) {
    test(`extractTar() unpacks ${name} in pieces of ${piece} bytes`, async (test) => {
      const { directory, done } = extract(test, Buffer.from(pack(tarOf(...ORDINARY))), { piece });
      assert.deepEqual(await done, { files: 5, bytes: 1011 });
      assert.equal(readFileSync(join(directory, "d/notes"), "utf8"), "n".repeat(1000));
      assert.equal(readlinkSync(join(directory, "d/link")), "../later");
      assert.equal(statSync(join(directory, "same")).ino, statSync(join(directory, "d/notes")).ino);
      assert.equal(mode(join(directory, "d")), 0o750);
      assert.equal(mode(join(directory, "d/run")), 0o755);
      assert.equal(mode(join(directory, "d/notes")), 0o640);
      assert.equal(mode(join(directory, "implied/by")), 0o755);
    });
  }
}

function mode(path: string): number {
  return lstatSync(path).mode & 0o7777;
}

test("extractTar() drops set-user-id, set-group-id and sticky bits, and write permission for others", async (test) => {
  const { directory, done } = extract(
    test,
    tarOf({ path: "d", type: "5", mode: 0o1777 }, { path: "d/su", mode: 0o6775, body: "x" }),
  );
  await done;
  assert.equal(mode(join(directory, "d")), 0o755);
  assert.equal(mode(join(directory, "d/su")), 0o755);
});

test("extractTar() keeps a read-only directory with its content", async (test) => {
  const { directory, done } = extract(test, tarOf({ path: "d", type: "5", mode: 0o555 }, { path: "d/a", body: "x" }));
  await done;
  assert.equal(mode(join(directory, "d")), 0o555);
  assert.equal(readFileSync(join(directory, "d/a"), "utf8"), "x");
  chmodSync(join(directory, "d"), 0o755);
});

test("extractTar() leaves its owner able to remove what an archive closes to everybody", async (test) => {
  const { directory, done } = extract(test, tarOf({ path: "d", type: "5", mode: 0 }, { path: "d/a", body: "x" }));
  await done;
  assert.equal(mode(join(directory, "d")), 0o500);
  removeTree(directory);
});

test("extractTar() reads names with newlines and long names by PAX", async (test) => {
  const long = `${"l".repeat(120)}/${"m".repeat(200)}`;
  const { directory, done } = extract(
    test,
    tarOf(pax({ comment: "12 path=evil\n", path: "new\nline" }), { path: "wrong", body: "x" }, pax({ path: long }), {
      path: "wrong",
      body: "y",
    }),
  );
  await done;
  assert.deepEqual(readdirSync(directory), ["l".repeat(120), "new\nline"]);
  assert.equal(readFileSync(join(directory, long), "utf8"), "y");
});

test("extractTar() skips PAX records that it does not need, even if they are not text", async (test) => {
  const key = "SCHILY.xattr.security.capability";
  const record = Buffer.concat([Buffer.from(`41 ${key}=`), Buffer.from([1, 0, 0, 0xff]), Buffer.from("\n")]);
  assert.equal(record.length, 41);
  const { directory, done } = extract(test, tarOf({ path: "x", type: "x", body: record }, { path: "a", body: "x" }));
  await done;
  assert.equal(readFileSync(join(directory, "a"), "utf8"), "x");
});

test("extractTar() lets PAX headers describe the next entry alone", async (test) => {
  const { directory, done } = extract(
    test,
    tarOf(pax({ path: "renamed" }), { path: "wrong", body: "x" }, { path: "own", body: "y" }),
  );
  await done;
  assert.deepEqual(readdirSync(directory).sort(), ["own", "renamed"]);
});

test("extractTar() strips the root directory, and refuses entries outside it", async (test) => {
  const inside = extract(test, tarOf({ path: "a/b", type: "5", mode: 0o700 }, { path: "a/b/file", body: "x" }), {
    root: "a/b",
  });
  await inside.done;
  assert.deepEqual(readdirSync(inside.directory), ["file"]);
  assert.equal(mode(inside.directory), 0o700);
  for (const path of ["a/bc", "a", "b/a", "a/b2/file", "x/y/file"]) {
    const outside = extract(test, tarOf({ path, body: "x" }), { root: "a/b" });
    await assert.rejects(outside.done, (error) => hasCode(error, "ARCHIVE_INVALID"));
  }
});

test("extractTar() compares the uncompressed tar, to its last byte, with its SHA-256", async (test) => {
  const bytes = Buffer.concat([tarOf({ path: "a", body: "x" }), Buffer.alloc(10_240)]);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const right = extract(test, gzipSync(bytes), { sha256 });
  await right.done;
  const other = extract(test, gzipSync(Buffer.concat([bytes, Buffer.alloc(512)])), { sha256 });
  await assert.rejects(other.done, (error) => hasCode(error, "DIGEST_MISMATCH"));
  assert.deepEqual(readdirSync(other.parent), []);
});

test("extractTar() reads its source to the end, also after the archive's", async (test) => {
  let ended = false;
  async function* source() {
    yield tarOf({ path: "a", body: "x" });
    yield Buffer.alloc(4096, "trailing");
    ended = true;
  }
  await extract(test, Buffer.alloc(0), { source: source() }).done;
  assert.equal(ended, true);
});

test("extractTar() passes on an error of the source, and leaves nothing", async (test) => {
  const failure = new Error("cut");
  async function* source() {
    yield gzipSync(tarOf({ path: "a", body: "x".repeat(9000) })).subarray(0, 50);
    throw failure;
  }
  const { parent, done } = extract(test, Buffer.alloc(0), { source: source() });
  await assert.rejects(done, (error) => error === failure);
  assert.deepEqual(readdirSync(parent), []);
});

test("extractTar() does not touch a directory, or an empty one, or a link that is in its place", async (test) => {
  for (const make of [
    (path: string) => mkdirSync(path),
    (path: string) => writeFileSync(path, "mine"),
    (path: string) => symlinkSync("/nowhere", path),
  ]) {
    const parent = tempDirectory(test);
    const directory = join(parent, "out");
    make(directory);
    const source = inPieces(tarOf({ path: "a", body: "x" }), 512);
    const done = extractTar({ source, directory, root: null, sha256: null, signal: SIGNAL });
    await assert.rejects(done, (error) => hasCode(error, "PATH_CONFLICT"));
    assert.deepEqual(readdirSync(parent), ["out"]);
    assert.equal(existsSync(join(directory, "a")), false);
  }
});

test("extractTar() ends with INTERRUPTED when it is aborted, and leaves nothing", async (test) => {
  const controller = new AbortController();
  async function* source() {
    yield entryBytes({ path: "a", body: "x" });
    controller.abort();
    yield tarOf({ path: "b", body: "x" });
  }
  const { parent, done } = extract(test, Buffer.alloc(0), { source: source(), signal: controller.signal });
  await assert.rejects(done, (error) => hasCode(error, "INTERRUPTED"));
  assert.deepEqual(readdirSync(parent), []);
});

test("the builder's PAX records count themselves", () => {
  assert.equal(paxRecord(["path", "a"]), "9 path=a\n");
  assert.equal(paxRecord(["path", "ab"]), "11 path=ab\n");
});

test("extractTar() unpacks a tar in every packing, and a zip that is a file", {
  skip: skipWithout("xz", "bzip2"),
}, async (t) => {
  const entries = [
    { path: "top/run", body: "#!/bin/sh\n", mode: 0o755 },
    { path: "top/words", body: "words" },
  ];
  const check = async (bytes: Buffer) => {
    const file = join(tempDirectory(t), "archive");
    writeFileSync(file, bytes);
    const { directory, done } = extract(t, bytes, { file, root: "top" });
    assert.deepEqual(await done, { files: 2, bytes: 15 });
    assert.equal(readFileSync(join(directory, "words"), "utf8"), "words");
    assert.equal(statSync(join(directory, "run")).mode & 0o777, 0o755);
  };
  for (const packing of PACKINGS) await check(pack(tarOf(...entries), packing));
  await check(zipOf(entries));
  await assert.rejects(extract(t, zipOf(entries)).done, {
    code: "ARCHIVE_INVALID",
    message: /zip archive, expected a tar/,
  });
});
