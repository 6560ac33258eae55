import assert from "node:assert/strict";
import { createReadStream, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { zstdCompressSync } from "node:zlib";
import { openContainer } from "../../src/index/container.ts";
import { INDEX_LIMITS, readIndex } from "../../src/index/read-index.ts";
import type { PackageEntry } from "../../src/package/metadata.ts";
import { realFiles } from "../support/real-data.ts";

function g1(name: string, more: object = {}): Record<string, unknown> {
  return { pkg_name: name, version: "1.0", ghcr_pkg: `ghcr.io/example/${name}:1.0`, host: "x86_64-Linux", ...more };
}

async function read(document: string | Buffer, limits = INDEX_LIMITS) {
  const entries: PackageEntry[] = [];
  const reasons: string[] = [];
  const result = await readIndex(openContainer(asSource([Buffer.from(document)]), limits), {
    host: "x86_64-linux",
    limits,
    onEntry: (entry) => entries.push(entry),
    onSkipped: (reason) => reasons.push(reason),
  });
  return { ...result, names: entries.map(({ name }) => name), list: entries, reasons };
}

const GOOD = [g1("first"), g1("last")] as const;

/** An index with `bad` between two good entries: they must survive, whatever `bad` is. */
function around(bad: string): string {
  return `[${JSON.stringify(GOOD[0])},${bad},${JSON.stringify(GOOD[1])}]`;
}

describe("readIndex()", () => {
  it("gives every entry when all are good", async () => {
    const result = await read(JSON.stringify(GOOD));
    assert.deepEqual([result.names, result.entries, result.skipped, result.format], [["first", "last"], 2, 0, "g1"]);
  });

  const bad: readonly (readonly [string, string, RegExp])[] = [
    [
      "a text of 10 MB",
      JSON.stringify(g1("big", { description: "x".repeat(10_000_000) })),
      /^entry 2: is 10\d+ bytes, at most/,
    ],
    [
      "a text of 900 kB",
      JSON.stringify(g1("big", { description: "x".repeat(900_000) })),
      /^entry 2 "big": description: .*16384/,
    ],
    [
      "a list of 100,000 items",
      JSON.stringify(g1("big", { tag: new Array(100_000).fill("x") })),
      /"big": tag: .*1024 items/,
    ],
    ["the wrong type", JSON.stringify(g1("bad", { version: 5 })), /^entry 2 "bad": version: must be text/],
    ["a name that is a number", JSON.stringify(g1("bad", { pkg_name: 5 })), /^entry 2: pkg_name: must be text/],
    ["no reference", JSON.stringify({ pkg_name: "bad", version: "1" }), /"bad": must have a "ghcr_pkg"/],
    ["a control character in its name", JSON.stringify(g1("b\u0007d")), /pkg_name: expected/],
    ["a bad hash", JSON.stringify(g1("bad", { shasum: "xyz" })), /"bad": shasum: expected/],
    ["null", "null", /^entry 2: must be an object/],
    ["a number", "17", /^entry 2: must be an object/],
    ["a list", "[[]]", /^entry 2: must be an object/],
    ["no JSON", '{"pkg_name":}', /^entry 2: is not JSON/],
    [
      "one with a key twice",
      JSON.stringify(g1("bad")).replace('"version":', '"version":"0.9","version":'),
      /^entry 2: has the key "version" twice/,
    ],
    [
      "one with a key twice inside",
      JSON.stringify(g1("bad")).replace(/}$/, ',"later":{"a":[{"b":1,"b":2}]}}'),
      /^entry 2: has the key "b" twice/,
    ],
    ["deep nesting", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, /^entry 2: /],
    ["the same id, name, version and type", JSON.stringify(GOOD[0]), /^entry 2 "first": is there twice/],
    [
      "the same with its version spelled in another way",
      JSON.stringify({ ...GOOD[0], version: `v${GOOD[0]["version"]}` }),
      /^entry 2 "first": is there twice/,
    ],
    [
      "another platform",
      JSON.stringify(g1("arm", { host: "aarch64-Linux" })),
      /is for "aarch64-linux", expected "x86_64-linux"/,
    ],
    ["__proto__ for all its fields", `{"__proto__":${JSON.stringify(g1("evil"))}}`, /must have a/],
  ];
  for (const [name, text, reason] of bad) {
    it(`skips only that entry when one is ${name}`, async () => {
      const result = await read(around(text));
      assert.deepEqual([result.names, result.entries, result.skipped], [["first", "last"], 2, 1]);
      assert.equal(result.reasons.length, 1);
      assert.match(result.reasons[0] ?? "", reason);
      assert.equal(Reflect.get({}, "pkg_name"), undefined);
    });
  }

  it("skips only that entry when one is not UTF-8", async () => {
    const bytes = Buffer.from(around('{"pkg":"@"}'));
    bytes[bytes.indexOf("@")] = 0xff;
    const result = await read(bytes);
    assert.deepEqual([result.names, result.reasons], [["first", "last"], ["entry 2: is not UTF-8"]]);
  });

  for (const [name, more] of [
    ["version", { version: "2.0" }],
    ["id", { pkg_id: "another" }],
    ["type", { pkg_type: "appimage" }],
    ["family", { pkg_family: "another" }],
  ] as const) {
    it(`keeps both entries when they differ in ${name}`, async () => {
      assert.equal((await read(JSON.stringify([g1("same"), g1("same", more)]))).entries, 2);
    });
  }

  it("keeps an entry that names no platform", async () => {
    const { host, ...rest } = g1("any");
    assert.ok(host !== undefined);
    assert.deepEqual((await read(JSON.stringify([rest]))).names, ["any"]);
  });

  const g3 = { pkg_name: "trurl", version: "8", download_url: "https://example.org/trurl" };
  for (const [name, document] of [
    ["before", { format: 1, packages: [g3] }],
    ["after", { packages: [g3], format: 1 }],
  ] as const) {
    it(`reads the third generation when the format stands ${name} the packages`, async () => {
      const result = await read(JSON.stringify(document));
      assert.deepEqual([result.names, result.format], [["trurl"], "g3"]);
    });
  }

  for (const [name, document] of [
    ["another number", { format: 2, packages: [] }],
    ["another number after the packages", { packages: [], format: 2 }],
    ["text", { format: "1", packages: [] }],
    ["missing", { packages: [g3] }],
  ] as const) {
    it(`refuses the document when its format is ${name}`, async () => {
      await assert.rejects(read(JSON.stringify(document)), { code: "INDEX_INVALID" });
    });
  }

  it("tells the newest form when a document mixes them", async () => {
    assert.equal((await read(JSON.stringify([g1("a"), g1("b", { rank: 5 }), g1("c")]))).format, "g2");
    assert.equal((await read(JSON.stringify([g1("a", { rank: 5 }), g3, g1("c")]))).format, "g3");
  });

  it("refuses more entries than allowed", async () => {
    const limits = { ...INDEX_LIMITS, maxEntries: 2 };
    assert.equal((await read(JSON.stringify([g1("a"), g1("b")]), limits)).entries, 2);
    await assert.rejects(read(JSON.stringify([g1("a"), g1("b"), 5]), limits), { code: "INDEX_TOO_LARGE" });
  });

  it("refuses an index that is larger than allowed once unpacked", async () => {
    const packed = zstdCompressSync(Buffer.from(JSON.stringify([g1("a", { note: ["x".repeat(10_000)] })])));
    await assert.rejects(read(packed, { ...INDEX_LIMITS, maxBytes: 5000 }), { code: "INDEX_TOO_LARGE" });
  });

  const whole = JSON.stringify(Array.from({ length: 500 }, (_, index) => g1(`package-${index * 104729}`)));
  const packed = zstdCompressSync(Buffer.from(whole));
  const half = packed.length >> 1;
  for (const [name, bytes] of [
    ["truncated", Buffer.from(whole.slice(0, whole.length >> 1))],
    ["truncated zstd", packed.subarray(0, half)],
    ["zstd of a truncated text", zstdCompressSync(Buffer.from(whole.slice(0, -1)))],
    ["half zstd and half text", Buffer.concat([packed.subarray(0, half), Buffer.from(whole.slice(half))])],
    ["a web page", Buffer.from("<html>Sign in</html>")],
    ["an answer of an API", Buffer.from('{"message":"Not Found","status":"404"}')],
  ] as const) {
    it(`refuses the document when it is ${name}`, async () => {
      await assert.rejects(read(bytes), { code: "INDEX_INVALID" });
    });
  }

  const { where: files, skip } = realFiles();
  it("decodes every entry of the real index", { skip }, async () => {
    for (const file of files) {
      const document: unknown = JSON.parse(readFileSync(file, "utf8"));
      const expected = Array.isArray(document) ? document.length : 1;
      const host = file.includes("aarch64") ? "aarch64-linux" : "x86_64-linux";
      const bytes = Array.isArray(document) ? createReadStream(file) : [Buffer.from(JSON.stringify([document]))];
      const list: PackageEntry[] = [];
      const result = await readIndex(openContainer(asSource(bytes), INDEX_LIMITS), {
        host,
        limits: INDEX_LIMITS,
        onEntry: (entry) => list.push(entry),
        onSkipped: (reason) => assert.fail(reason),
      });
      assert.deepEqual(result, { entries: expected, skipped: 0, format: "g1", header: null, form: "list" });
      for (const entry of list) {
        assert.ok(entry.artifact.kind === "oci");
        assert.equal(entry.artifact.blob, `sha256:${entry.sha256}`);
        assert.ok((entry.sizeBytes ?? 0) > 0 && entry.blake3 !== null && entry.provides.length > 0, entry.name);
      }
    }
  });
});

async function* asSource(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
