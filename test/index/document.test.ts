import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { zstdCompressSync } from "node:zlib";
import type { V1Entry } from "../../src/generated/index-schema.js";
import { compareEntries, ENTRY_FIELDS, formatDocument } from "../../src/index/document.ts";
import { readDocument } from "../../src/index/read-document.ts";
import type { IndexHeader } from "../../src/package/index-header.ts";
import { v1Entry, v1Header } from "../support/v1-index.ts";

const HEADER: IndexHeader = {
  repository: "registry.example/me/index",
  serial: 42,
  issuedMs: Date.parse("2025-01-01T00:00:00Z"),
  expiresMs: Date.parse("2025-02-01T12:30:59Z"),
  keySets: v1Header().key_sets,
};

/** Numbers that look random and are the same at each run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const TEXTS = ["plain", 'a "quote"', "back\\slash", "ünï \u{1f600}", "],}", "\u2028line", "a\tb\nc", "\u0000", "<&>"];

function randomEntry(random: () => number): V1Entry {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const maybe = (fields: object) => (random() < 0.5 ? {} : fields);
  const count = () => Math.floor(random() * 2 ** 53);
  return v1Entry(pick(["a", "b+", "7z", "Zed"]), {
    pkg_id: pick(["one", "two"]),
    version: pick(["1.0", "1.10", "1.9", "HEAD-abcdef1-250101T000000", "2.0-rc1"]),
    host: pick(["x86_64-linux", "aarch64-linux"]),
    ...maybe({ libc: pick(["glibc", "musl", "static"]) }),
    ...maybe({ description: pick([...TEXTS, null]) }),
    ...maybe({ note: [pick(TEXTS), pick(TEXTS)], tag: [], license: [pick(TEXTS)] }),
    ...maybe({ deprecated: random() < 0.5, installable: random() < 0.5, _disabled: random() < 0.5 }),
    ...maybe({ rank: count(), download_count: count(), build_date: "2025-01-01T00:00:00Z" }),
    ...maybe({ homepage: ["https:/odd", "https://example.org/"], pkg_family: "family" }),
    size_raw: count(),
    ghcr_pkg: "registry.example/me/a:1.0-x86_64-linux",
  });
}

function identity(entry: V1Entry): string {
  const { pkg_id, pkg_name, pkg_type, version, host, libc } = entry;
  return JSON.stringify([pkg_id, pkg_name, pkg_type, version, host, libc]);
}

function shuffled<T>(values: readonly T[], random: () => number): readonly T[] {
  return values
    .map((value) => ({ value, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
}

describe("formatDocument()", () => {
  it("gives what reads as the same header and entries, and the same bytes in any order, when it is read again", async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomFrom(seed);
      const made = Array.from({ length: Math.floor(random() * 30) }, () => randomEntry(random));
      const entries = [...new Map(made.map((entry) => [identity(entry), entry])).values()];
      const bytes = formatDocument(HEADER, entries);
      assert.deepEqual(formatDocument(HEADER, shuffled(entries, random)), bytes, `seed ${seed}`);
      for (const packed of [bytes, zstdCompressSync(bytes)]) {
        const document = await readDocument(packed);
        const expected = { header: HEADER, entries: entries.toSorted(compareEntries), skipped: [] };
        assert.deepEqual(document, expected, `seed ${seed}`);
      }
    }
  });

  it("gives each entry a line, the header first, when there are any", () => {
    const lines = formatDocument(HEADER, [v1Entry("b"), v1Entry("a")])
      .toString()
      .split("\n");
    assert.equal(lines.length, 5);
    assert.match(lines[0] ?? "", /^\{"format":1,"repository":.*,"packages":\[$/);
    assert.deepEqual([lines[1]?.slice(0, 10), lines[2]?.slice(0, 10)], ['{"pkg":"a"', '{"pkg":"b"']);
    assert.deepEqual(lines.slice(3), ["]}", ""]);
    assert.equal(formatDocument(HEADER, []).toString().endsWith(',"packages":[\n\n]}\n'), true);
  });

  it("puts the newest version first, and leaves out what is no field", () => {
    const entries = ["1.9", "1.10", "2.0-rc1", "2.0"].map((version) => v1Entry("a", { version, other: 1 }));
    const text = formatDocument(HEADER, entries).toString();
    assert.deepEqual(
      [...text.matchAll(/"version":"([^"]+)"/g)].map(([, version]) => version),
      ["2.0", "2.0-rc1", "1.10", "1.9"],
    );
    assert.ok(!text.includes('"other"'));
  });

  it("writes every field that the schema has", () => {
    const path = join(import.meta.dirname, "../../metadata-schema/v1/package.schema.json");
    const { properties } = JSON.parse(readFileSync(path, "utf8"));
    assert.deepEqual([...ENTRY_FIELDS].sort(), Object.keys(properties).sort());
  });
});

describe("readDocument()", () => {
  it("refuses an index of another version", async () => {
    for (const text of ["[]", '{"format":1,"packages":[]}']) {
      await assert.rejects(readDocument(Buffer.from(text)), { code: "INDEX_INVALID", hint: /pkg index build/ });
    }
  });

  it("tells why entries were left out", async () => {
    const { format, ...rest } = v1Header();
    const text = JSON.stringify({ format, ...rest, packages: [v1Entry("a"), v1Entry("b", { host: "?" })] });
    const { entries, skipped } = await readDocument(Buffer.from(text));
    assert.equal(entries.length, 1);
    assert.match(skipped.join(), /^entry 2 "b": host: expected/);
  });
});
