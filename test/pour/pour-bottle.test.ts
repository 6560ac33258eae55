import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { type ExtractLimits, PACKAGE_LIMITS } from "../../src/archive/extract-limits.ts";
import { hashHex } from "../../src/base/hashes.ts";
import { type ErrorCode, hasCode, PkgError } from "../../src/errors.ts";
import { SYMLINK_MODE } from "../../src/fs/modes.ts";
import { discardBlobs } from "../../src/obtain/discard-blobs.ts";
import type { BlobPosition } from "../../src/oci/content.ts";
import { sha256Digest } from "../../src/oci/digest.ts";
import type { Resolution } from "../../src/plan/resolution.ts";
import { endKegThreads } from "../../src/pour/keg-threads.ts";
import { type PouredBottle, pourBottle } from "../../src/pour/pour-bottle.ts";
import type { PackageSource } from "../../src/sources/package-source.ts";
import { type RawEntry, tarOf } from "../archive/tar-builder.ts";
import { tempProfile } from "../profile/profile-home.ts";
import { elfFile } from "../support/elf-file.ts";
import type { Cleanup } from "../support/temp-home.ts";

const PREFIX = "/opt/p";
const { signal } = new AbortController();

interface PourOptions {
  /** What the bottle's digest is said to be; default: what it is. */
  readonly sha256?: string;
  /** How many bytes arrive at a time. */
  readonly chunkBytes?: number;
  /** How many bytes arrive before the connection breaks off, the first time. */
  readonly breaksAt?: number;
  readonly prefix?: string;
  readonly signal?: AbortSignal;
  readonly name?: string;
  readonly dependencies?: readonly string[];
  readonly limits?: ExtractLimits;
  /** How large a bottle is that another thread takes in, in bytes; default: larger than those here. */
  readonly threadBytes?: number;
  /** What follows when it is poured. */
  readonly steps?: readonly object[];
  /** The machine's dynamic linker; default: it has none. */
  readonly interpreter?: string;
  /** Called before the bytes from there on arrive. */
  readonly onChunk?: (offset: number) => void;
  readonly arrived?: () => void;
}

/** A store, and a bottle `sample` of version 1.0 that is poured into it. */
function pouring(t: Cleanup, bytes: Buffer, options: PourOptions = {}) {
  const { chunkBytes = 64 * 1024, breaksAt, prefix = PREFIX, name = "sample", dependencies = [] } = options;
  const home = tempProfile(t);
  const digest = sha256Digest(options.sha256 ?? hashHex("sha256", bytes));
  const opened: number[] = [];
  async function* body(offset: number): AsyncGenerator<Uint8Array> {
    const end = opened.length === 1 && breaksAt !== undefined ? breaksAt : bytes.length;
    for (let at = offset; at < end; at += chunkBytes) {
      options.onChunk?.(at);
      yield bytes.subarray(at, Math.min(end, at + chunkBytes));
    }
    if (end < bytes.length) throw new PkgError("NETWORK_FAILED", "Cannot read: the connection broke off");
  }
  const openBlob = async (_: unknown, { offset }: BlobPosition) => {
    opened.push(offset);
    return { offset, size: bytes.length, validator: null, body: body(offset) };
  };
  const source = { main: { digest, size: null }, openBlob } as unknown as PackageSource;
  const resolution = {
    name,
    packageName: name,
    version: "1.0",
    dependencies,
    expected: { sizeBytes: null },
    ...(options.steps === undefined ? {} : { keg: { postInstall: { kind: "steps", steps: options.steps } } }),
  } as unknown as Resolution;
  const context = {
    blobs: home.blobs,
    installations: home.installations,
    prefix,
    interpreter: options.interpreter ?? null,
    emit: () => {},
    retry: { policy: { attempts: 3, patienceMs: 1000, baseMs: 0, capMs: 0 }, random: () => 0, sleep: async () => {} },
    signal: options.signal ?? signal,
    ...(options.threadBytes === undefined ? {} : { threadBytes: options.threadBytes }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.arrived === undefined ? {} : { arrived: options.arrived }),
    discard: (blobs: Parameters<typeof discardBlobs>[1]) => discardBlobs(home, blobs),
  };
  const root = dirname(dirname(home.blobs.pathOf(digest)));
  return {
    pour: () => pourBottle(context, source, resolution),
    opened,
    /** The names of everything in the store. */
    stored: () =>
      ["sha256", "partial"].flatMap((part) => (existsSync(join(root, part)) ? readdirSync(join(root, part)) : [])),
    /** What a file of the keg holds, as it will be placed. */
    content: ({ taken }: PouredBottle, path: string) => {
      const file = taken.files.find((one) => one.path === path);
      return file === undefined ? null : readFileSync(home.blobs.pathOf(file.digest), "latin1");
    },
    pathOf: home.blobs.pathOf,
  };
}

function bottle(...entries: readonly RawEntry[]): Buffer {
  return gzipSync(tarOf(...entries));
}

const at = (path: string) => `sample/1.0/${path}`;
const PROGRAM: RawEntry = { path: at("bin/tell"), body: "#!/bin/sh\necho @@HOMEBREW_PREFIX@@\n", mode: 0o555 };

test("pourBottle() stores the files of a keg as they will be under the prefix", async (t) => {
  const bytes = bottle(
    { path: "sample/", type: "5", mode: 0o755 },
    { path: at(""), type: "5", mode: 0o755 },
    PROGRAM,
    { path: at("bin/twin"), type: "1", target: at("bin/tell") },
    { path: at("lib/data.bin"), body: "\0/home/linuxbrew/.linuxbrew/etc\0" },
    { path: at("lib/absolute"), type: "2", target: "@@HOMEBREW_CELLAR@@/sample/1.0/lib/data.bin" },
    { path: at("lib/other"), type: "2", target: "../../../other/2.0/lib/x" },
    { path: at("INSTALL_RECEIPT.json"), body: '{"prefix":"@@HOMEBREW_PREFIX@@"}' },
    { path: at("libexec/run.pl"), body: "#!@@HOMEBREW_PERL@@\n# @@HOMEBREW_JAVA@@\n" },
  );
  const { pour, content, stored, pathOf, opened } = pouring(t, bytes, { dependencies: ["openjdk@21"] });
  const poured = await pour();
  assert.equal(content(poured, "bin/tell"), "#!/bin/sh\necho /opt/p\n");
  assert.equal(content(poured, "lib/data.bin"), `\0/opt/p${"/".repeat(20)}/etc\0`);
  assert.equal(content(poured, "lib/absolute"), "data.bin");
  assert.equal(content(poured, "lib/other"), "../../../other/2.0/lib/x");
  assert.equal(content(poured, "INSTALL_RECEIPT.json"), '{"prefix":"@@HOMEBREW_PREFIX@@"}');
  assert.equal(content(poured, "libexec/run.pl"), "#!/opt/p/opt/perl/bin/perl\n# /opt/p/opt/openjdk@21/libexec\n");
  const [program, twin] = ["bin/tell", "bin/twin"].map((path) => poured.taken.files.find((one) => one.path === path));
  assert.equal(twin?.digest, program?.digest);
  assert.equal(statSync(pathOf(program?.digest ?? sha256Digest(""))).mode & 0o7777, 0o555);
  assert.equal(poured.taken.files.find(({ path }) => path === "lib/absolute")?.mode, SYMLINK_MODE);
  assert.deepEqual([...poured.taken.targets.keys()], ["lib/absolute", "lib/other"]);
  assert.deepEqual(
    stored().toSorted(),
    [...new Set(poured.taken.files.map(({ digest }) => digest.slice(7)))].toSorted(),
  );
  assert.deepEqual([opened, poured.receivedBytes, poured.blob.size], [[0], bytes.length, bytes.length]);
});

test("pourBottle() says that all has arrived before any of it is in the store", async (t) => {
  const inStore: string[][] = [];
  const arrived = () => inStore.push(stored().filter((name) => !name.startsWith("intake.")));
  const { pour, stored } = pouring(t, bottle(PROGRAM), { arrived });
  const { taken } = await pour();
  assert.deepEqual(inStore, [[]]);
  assert.equal(taken.files.length, 1);
});

test("pourBottle() replaces a placeholder wherever the bytes are cut when they arrive", async (t) => {
  for (const chunkBytes of [1, 7, 511]) {
    const { pour, content } = pouring(t, tarOf(PROGRAM), { chunkBytes });
    assert.equal(content(await pour(), "bin/tell"), "#!/bin/sh\necho /opt/p\n");
  }
});

test("pourBottle() takes files of all sizes as they are, one after the other", async (t) => {
  const sizes = [0, 1, 9 * 1024 ** 2, 70_000, 3];
  const entries = sizes.map((size, index) => ({ path: at(`lib/${index}`), body: Buffer.alloc(size, `${index}\0`) }));
  const { pour, content } = pouring(t, bottle(...entries));
  const poured = await pour();
  for (const [index, { body }] of entries.entries()) {
    assert.ok(content(poured, `lib/${index}`) === body.toString("latin1"), `${index}`);
  }
});

test("pourBottle() replaces placeholders in data that the receipt names as changed", async (t) => {
  const body = "\0@@HOMEBREW_PREFIX@@";
  const receipt = '{"changed_files":["share/named",7]}';
  const bytes = bottle(
    ...[{ path: at("INSTALL_RECEIPT.json"), body: receipt }, PROGRAM],
    ...["share/named", "share/other"].map((path) => ({ path: at(path), body })),
  );
  const { pour, content } = pouring(t, bytes);
  const poured = await pour();
  const found = ["share/named", "share/other", "INSTALL_RECEIPT.json"].map((path) => content(poured, path));
  assert.deepEqual(found, ["\0/opt/p", body, receipt]);
});

test("pourBottle() brings the dynamic linker's link for a pinned interpreter too", async (t) => {
  const body = elfFile({ interpreter: "/home/linuxbrew/.linuxbrew/lib/ld.so" });
  // As much in memory as in the file.
  body.writeBigUInt64LE(64n, 64 + 40);
  const { pour } = pouring(t, bottle({ path: at("bin/elf"), body, mode: 0o555 }), { interpreter: "/lib64/ld.so" });
  assert.deepEqual(
    (await pour()).after.links.map(({ path }) => path),
    ["@prefix/lib/ld.so"],
  );
});

test("pourBottle() goes on where a connection broke off", async (t) => {
  const bytes = bottle(PROGRAM);
  const { pour, opened } = pouring(t, bytes, { chunkBytes: 10, breaksAt: 40 });
  await pour();
  assert.deepEqual(opened, [0, 40]);
});

test("pourBottle() leaves the files of a glibc keg as they are", async (t) => {
  const body = "\x7fELF\0@@HOMEBREW_PREFIX@@\0/home/linuxbrew/.linuxbrew";
  const bytes = bottle({ path: "glibc/1.0/lib/libc.so.6", body });
  const { pour, content } = pouring(t, bytes, { name: "glibc" });
  assert.equal(content(await pour(), "lib/libc.so.6"), body);
});

const HOSTILE: readonly (readonly [what: string, entries: readonly RawEntry[], said: RegExp])[] = [
  ["a file beside the keg", [PROGRAM, { path: "sample/2.0/x" }], /"sample\/2.0\/x" is outside of "sample\/1.0"/],
  ["a file of another formula", [PROGRAM, { path: "other/1.0/x" }], /is outside of "sample\/1.0"/],
  ["a file in place of the keg", [{ path: "sample/1.0" }], /its root is a file/],
  ["a link in place of the formula", [{ path: "sample", type: "2", target: "/etc" }], /its root is a symlink/],
  ["a path with ..", [PROGRAM, { path: at("../../../../x") }], /has "\.\."/],
  ["an absolute path", [PROGRAM, { path: "/etc/passwd" }], /is absolute/],
  ["a symlink to the machine", [PROGRAM, { path: at("x"), type: "2", target: "/etc/passwd" }], /which is absolute/],
  ["a symlink out of the prefix", [{ path: at("x"), type: "2", target: "../../../../x" }], /outside of the archive/],
  [
    "a placeholder that leads out of the prefix",
    [{ path: at("x"), type: "2", target: "@@HOMEBREW_PREFIX@@/../../etc/passwd" }],
    /"x" points to/,
  ],
  ["a hard link out", [PROGRAM, { path: at("x"), type: "1", target: "/etc/passwd" }], /is absolute/],
  ["a hard link to nothing", [PROGRAM, { path: at("x"), type: "1", target: at("y") }], /there is no file before it/],
  ["a file through a link", [{ path: at("l"), type: "2", target: "bin" }, { path: at("l/x") }], /which is a symlink/],
  ["a path that occurs twice", [PROGRAM, PROGRAM], /is in it twice/],
  ["a device", [PROGRAM, { path: at("dev"), type: "3" }], /is a character device/],
  ["a FIFO", [PROGRAM, { path: at("fifo"), type: "6" }], /is a FIFO/],
  ["a set-user-id program", [PROGRAM, { path: at("bin/su"), mode: 0o4755 }], /would run as another user/],
  ["a set-group-id program", [PROGRAM, { path: at("bin/sg"), mode: 0o2755 }], /would run as another user/],
  ["an ELF file that lies", [PROGRAM, { path: at("bin/elf"), body: lyingElf() }], /cannot relocate "bin\/elf"/],
  ["a program that is cut off", [{ path: at("bin/elf"), body: lyingElf().subarray(0, 99) }], /its table of program/],
  ["no entries", [], /it has no entries/],
];

function lyingElf(): Buffer {
  const bytes = Buffer.alloc(200);
  bytes.write("\x7fELF\x02\x01\x01", "latin1");
  bytes.writeUInt16LE(3, 16);
  bytes.writeBigUInt64LE(9999n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(5, 56);
  bytes.write("@@HOMEBREW_PREFIX@@", 100);
  return bytes;
}

test("pourBottle() refuses what a bottle never has, and leaves nothing of it", async (t) => {
  for (const [what, entries, said] of HOSTILE) {
    const { pour, stored } = pouring(t, bottle(...entries));
    await assert.rejects(pour, (error) => {
      assert.ok(hasCode(error, "ARCHIVE_INVALID", "RELOCATION_FAILED"), `${what}: ${error}`);
      assert.match(error.message, said, what);
      assert.match(error.message, /^Cannot install "sample": cannot /, what);
      return true;
    });
    assert.deepEqual(stored(), [], what);
  }
});

test("pourBottle() refuses what is larger than a package may be, and leaves nothing of it", async (t) => {
  const large = bottle(PROGRAM, { path: at("zeros"), body: Buffer.alloc(5000) });
  const { pour, stored } = pouring(t, large, { limits: { ...PACKAGE_LIMITS, maxBytes: 4000 } });
  await assert.rejects(pour, /it has more than 4000 bytes/);
  assert.deepEqual(stored(), []);
});

test("pourBottle() leaves nothing of other bytes than were asked for, and says that they are others", async (t) => {
  const sha256 = hashHex("sha256", Buffer.from("other"));
  const whole = bottle(PROGRAM);
  for (const bytes of [whole, whole.subarray(0, 60), Buffer.from("<html>"), bottle({ path: "/etc/passwd" })]) {
    const { pour, stored } = pouring(t, bytes, { sha256 });
    await assert.rejects(pour, (error) => {
      assert.ok(hasCode(error, "DIGEST_MISMATCH"), `${error}`);
      assert.match(error.message, /^Cannot install "sample": cannot use blob: expected digest/);
      return true;
    });
    assert.deepEqual(stored(), []);
  }
});

test("pourBottle() leaves nothing when it is interrupted, or the prefix is too long for what it holds", async (t) => {
  const stopped = pouring(t, bottle(PROGRAM), { signal: AbortSignal.abort() });
  await assert.rejects(stopped.pour, (error) => hasCode(error, "INTERRUPTED"));
  assert.deepEqual(stopped.stored(), []);
  const midway = new AbortController();
  const large = tarOf(PROGRAM, { path: at("lib/large"), body: Buffer.alloc(100_000) });
  const broken = pouring(t, large, {
    ...{ signal: midway.signal, chunkBytes: 4096 },
    onChunk: (offset) => {
      if (offset > 50_000) midway.abort();
    },
  });
  await assert.rejects(broken.pour, (error) => hasCode(error, "INTERRUPTED"));
  assert.deepEqual(broken.stored(), []);
  const pinned = bottle(PROGRAM, { path: at("lib/x.so"), body: "\0/home/linuxbrew/.linuxbrew/lib\0" });
  const long = pouring(t, pinned, { prefix: `/${"x".repeat(40)}` });
  await assert.rejects(long.pour, /it is built for a prefix of 26 bytes, and "\/x{40}" has 41/);
  assert.deepEqual(long.stored(), []);
});

test("pourBottle() on another thread stores the same files, and leaves as little of what it refuses", async (t) => {
  const bytes = bottle(PROGRAM, { path: at("lib/large"), body: Buffer.alloc(3_000_000, 7) });
  const here = pouring(t, bytes);
  const there = pouring(t, bytes, { threadBytes: 0 });
  const { taken } = await here.pour();
  assert.deepEqual((await there.pour()).taken, taken);
  assert.deepEqual(there.stored().toSorted(), here.stored().toSorted());
  const midway = new AbortController();
  const large = tarOf(PROGRAM, { path: at("lib/large"), body: randomBytes(4_000_000) });
  const stop = (offset: number) => {
    if (offset > 2_000_000) midway.abort();
  };
  const refused: readonly (readonly [ErrorCode, Buffer, PourOptions])[] = [
    ["ARCHIVE_INVALID", bottle(PROGRAM, { path: "/etc/passwd" }), {}],
    ["ARCHIVE_INVALID", tarOf({ path: "/etc/passwd" }, { path: at("x"), body: Buffer.alloc(5_000_000) }), {}],
    [
      "RELOCATION_FAILED",
      bottle({ path: at("x"), body: "\0/home/linuxbrew/.linuxbrew\0" }),
      { prefix: `/${"x".repeat(40)}` },
    ],
    ["DIGEST_MISMATCH", bytes, { sha256: hashHex("sha256", Buffer.from("other")) }],
    ["INTERRUPTED", large, { signal: midway.signal, onChunk: stop }],
  ];
  for (const [code, content, options] of refused) {
    const { pour, stored } = pouring(t, content, { threadBytes: 0, ...options });
    await assert.rejects(pour, (error) => hasCode(error, code), code);
    assert.deepEqual(stored(), [], code);
  }
  endKegThreads();
  assert.deepEqual(
    (await pouring(t, bytes, { threadBytes: 0 }).pour()).taken,
    taken,
    "on a thread after those that ended",
  );
});

const inKeg = (path: string) => ({ base: "prefix", path });
const UNPACK = { type: "install_gzipped_executable", source: inKeg("tell.gz"), target: inKeg("bin/tell") };
const REPLACE = {
  type: "inreplace",
  path: { base: "etc", path: "a.conf" },
  before: "@AT@",
  after: "{{opt_prefix}} $&",
};

test("pourBottle() carries out steps that change what is in the files of a keg, and keeps nothing they were made of", async (t) => {
  const program = "#!/bin/sh\necho @@HOMEBREW_PREFIX@@\n";
  const bytes = bottle(
    { path: at("bin/tell"), body: "#!/bin/sh\nexit 1\n", mode: 0o755 },
    { path: at("tell.gz"), body: gzipSync(program) },
    { path: at(".bottle/etc/a.conf"), body: "\xff@AT@ and @AT@\n" },
    { path: at("lib/data"), body: "\0x" },
    { path: at("share/a"), body: "a" },
    { path: at("share/b"), body: "a", mode: 0o755 },
  );
  const steps = [
    ...[UNPACK, REPLACE, { ...REPLACE, before: "gone" }, { ...REPLACE, before: "gone", skip_audit: true }],
    { type: "inreplace", path: inKeg("lib/data"), before: "x", after: "y" },
    { type: "set_permissions", paths: [inKeg("share")], permissions: "u+x,go-rwx" },
  ];
  for (const threadBytes of [1, 1024 ** 2]) {
    const { pour, content, stored } = pouring(t, bytes, { steps, threadBytes });
    const poured = await pour();
    assert.equal(content(poured, "bin/tell"), "#!/bin/sh\necho /opt/p\n");
    const conf = content(poured, ".bottle/etc/a.conf") ?? "";
    assert.ok(conf.endsWith("/opt/p/Cellar/sample/1.0 $& and /opt/p/Cellar/sample/1.0 $&\n"), conf);
    const modes = poured.taken.files.map(({ path, mode }) => `${path} ${mode.toString(8)}`);
    assert.deepEqual(modes.toSorted(), [
      ...[".bottle/etc/a.conf 644", "bin/tell 755", "lib/data 644", "share/a 700", "share/b 700"],
    ]);
    assert.deepEqual(poured.after.undone, [
      'inreplace of .bottle/etc/a.conf, which does not have "gone"',
      "inreplace of lib/data, which is no text",
    ]);
    const digests = poured.taken.files.map(({ digest }) => digest.slice(7));
    assert.deepEqual(stored().toSorted(), [...new Set(digests)].toSorted());
  }
});

test("pourBottle() leaves nothing of a bottle whose packed program is none, or grows without end", async (t) => {
  const packed = gzipSync("x".repeat(1000)).subarray(0, -12);
  const bomb = gzipSync(Buffer.alloc(136 * 1024 ** 2));
  for (const body of [packed, Buffer.from("no gzip"), bomb]) {
    const { pour, stored } = pouring(t, bottle({ path: at("tell.gz"), body }), { steps: [UNPACK] });
    await assert.rejects(pour(), (error) => hasCode(error, "ARCHIVE_INVALID"));
    assert.deepEqual(stored(), []);
  }
});
