import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openContainer } from "../../src/index/container.ts";
import { INDEX_LIMITS, readIndex } from "../../src/index/read-index.ts";
import type { PackageEntry } from "../../src/package/metadata.ts";
import { v1Entry, v1Header } from "../support/v1-index.ts";

async function read(text: string, host: string | null = "x86_64-linux") {
  const entries: PackageEntry[] = [];
  const elsewhere: PackageEntry[] = [];
  const reasons: string[] = [];
  const source = (async function* () {
    yield Buffer.from(text);
  })();
  const result = await readIndex(openContainer(source, INDEX_LIMITS), {
    host,
    limits: INDEX_LIMITS,
    onEntry: (entry) => entries.push(entry),
    onSkipped: (reason) => reasons.push(reason),
    onElsewhere: (entry) => elsewhere.push(entry),
  });
  return { ...result, list: entries, away: elsewhere, reasons };
}

function document(entries: readonly unknown[], header: object = {}): string {
  return JSON.stringify({ ...v1Header(), ...header, packages: entries });
}

describe("readIndex() of a v1 index", () => {
  it("gives the header and every fact of an entry", async () => {
    const result = await read(document([v1Entry("trurl", { host: "X86_64-Linux", libc: "musl" })]));
    assert.equal(result.format, "v1");
    assert.deepEqual(result.header, {
      repository: "registry.example/me/index",
      serial: 7,
      issuedMs: Date.parse("2025-01-01T00:00:00Z"),
      expiresMs: Date.parse("2025-02-01T00:00:00Z"),
      keySets: v1Header().key_sets,
    });
    const [entry] = result.list;
    assert.equal(entry?.host, "x86_64-linux");
    assert.equal(entry?.libc, "musl");
    assert.deepEqual(entry?.artifact, {
      kind: "oci",
      reference: "registry.example/me/trurl:1.0-x86_64-linux",
      blob: `sha256:${"a".repeat(64)}`,
      files: ["trurl", "CHECKSUM"],
      manifest: `sha256:${"c".repeat(64)}`,
    });
  });

  it("tells of packages for other platforms and skips none of them", async () => {
    const text = document([v1Entry("here"), v1Entry("there", { host: "aarch64-Linux" })]);
    const { list, away, skipped, entries } = await read(text);
    assert.deepEqual([list.map(({ name }) => name), entries, skipped], [["here"], 1, 0]);
    assert.deepEqual(
      away.map(({ name, host }) => `${name} ${host}`),
      ["there aarch64-linux"],
    );
    const everywhere = await read(text, null);
    assert.deepEqual([everywhere.entries, everywhere.away.length], [2, 0]);
  });

  it("keeps entries that differ in libc alone, and those that differ in host when all hosts are read", async () => {
    const entries = [
      v1Entry("a", { libc: "glibc" }),
      v1Entry("a", { libc: "musl" }),
      v1Entry("a", { libc: "musl", host: "riscv64-linux" }),
    ];
    assert.equal((await read(document(entries), null)).entries, 3);
    const twice = await read(document([...entries, entries[1]]), null);
    assert.deepEqual([twice.entries, twice.reasons.length], [3, 1]);
    assert.match(twice.reasons[0] ?? "", /^entry 4 "a": is there twice/);
  });

  for (const [name, more, reason] of [
    ["a boolean as text", { deprecated: "true" }, /deprecated: must be true or false/],
    ["no host", { host: undefined }, /must have a "host"/],
    ["a blob of another hash", { shasum: "d".repeat(64) }, /ghcr_blob is sha256:a+ and shasum is d+/],
    ["what is not a reference", { ghcr_pkg: "me/trurl" }, /ghcr_pkg: "me\/trurl" is not a reference/],
    ["a digest that is none", { manifest_digest: "sha256:abc" }, /manifest_digest: expected/],
  ] as const) {
    it(`skips only that entry when it has ${name}`, async () => {
      const { list, reasons } = await read(document([v1Entry("first"), v1Entry("bad", more), v1Entry("last")]));
      assert.deepEqual(
        list.map((entry) => entry.name),
        ["first", "last"],
      );
      assert.equal(reasons.length, 1);
      assert.match(reasons[0] ?? "", reason);
    });
  }

  const header = v1Header();
  const { format, ...facts } = header;
  const [keySet] = header.key_sets;
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ["no serial", document([], { serial: undefined }), /must have a "serial"/],
    ["no repository", document([], { repository: undefined }), /must have a "repository"/],
    ["no key sets", document([], { key_sets: undefined }), /must have a "key_sets"/],
    ["no key set", document([], { key_sets: [] }), /key_sets: must not be empty/],
    ["serial 0", document([], { serial: 0 }), /serial: must be at least 1/],
    ["a serial beyond what is exact", document([], { serial: 2 ** 53 }), /serial: must be at most/],
    ["another format", document([], { format: 2 }), /expected "format" 1, found 2/],
    ["no format", document([], { format: undefined }), /must have a "format"/],
    [
      "a day that is none",
      document([], { issued: "2025-02-31T00:00:00Z" }),
      /issued: "2025-02-31T00:00:00Z" is not a point in time/,
    ],
    ["an end before its beginning", document([], { expires: header.issued }), /it expires at .*, not after/],
    ["a key that is none", document([], { key_sets: [{ ...keySet, keys: ["RWx"] }] }), /key_sets.0.keys.0/],
    ["a member twice", document([]).replace('"serial":7', '"serial":9,"serial":7'), /has "serial" twice/],
    [
      "a member twice, once escaped",
      document([]).replace('"serial":7', '"serial":9,"s\\u0065rial":7'),
      /has "serial" twice/,
    ],
    [
      "a member twice within",
      document([]).replace('"threshold":1', '"threshold":2,"threshold":1'),
      /"threshold" twice/,
    ],
    ["a member after the packages", `${document([]).slice(0, -1)},"note":1}`, /it has "note" after "packages"/],
    [
      "its header after the packages",
      JSON.stringify({ format, packages: [], ...facts }),
      /it has "repository" after "packages"/,
    ],
    ["its serial twice around the packages", `${document([]).slice(0, -1)},"serial":9}`, /has "serial" twice/],
  ];
  for (const [name, text, reason] of refused) {
    it(`refuses the whole index when it has ${name}`, async () => {
      await assert.rejects(read(text), (error: Error) => {
        assert.match(error.message, reason);
        return Reflect.get(error, "code") === "INDEX_INVALID";
      });
    });
  }
});
