import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { decodeEntry, formatOf } from "../../../src/index/formats/formats.ts";
import type { PackageEntry } from "../../../src/package/metadata.ts";

const EXAMPLES = join(import.meta.dirname, "../../../metadata-schema/v1/examples");

function example(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(EXAMPLES, "valid", `${name}.json`), "utf8"));
}

function decode(value: unknown, generation = formatOf(value, "list")): PackageEntry {
  const decoded = decodeEntry(generation, value, "x86_64-linux");
  assert.ok(decoded.kind === "entry", decoded.kind === "skipped" ? decoded.reason : "");
  return decoded.entry;
}

function reasonFor(value: unknown, generation = formatOf(value, "list")): string {
  const decoded = decodeEntry(generation, value, "x86_64-linux");
  assert.ok(decoded.kind === "skipped", "it was accepted");
  return decoded.reason;
}

/** The examples that are entries. */
function entriesAmong(kind: "valid" | "invalid"): readonly string[] {
  return readdirSync(join(EXAMPLES, kind)).filter((name) => /^(?:g\d|package)-/.test(name));
}

/** Nothing in an entry of the first version identifies it as one: the header before it does. */
function versioned(file: string): "v1" | undefined {
  return file.startsWith("package-") ? "v1" : undefined;
}

const SHA256 = `ff70${"0".repeat(60)}`;

describe("decodeEntry()", () => {
  it("gives the whole model when a first-generation entry has every field", () => {
    const { provides, ...entry } = decode(example("g1-full"));
    assert.deepEqual(entry, {
      name: "trurl",
      recipe: "trurl.static",
      family: "curl",
      id: "example.curl.trurl",
      type: "static",
      version: "8.11.1",
      host: "x86_64-linux",
      libc: null,
      description: "Command line tool for URL parsing and manipulation",
      disabled: false,
      installable: true,
      deprecated: false,
      artifact: {
        kind: "oci",
        reference: "ghcr.io/example/bincache/curl/trurl:8.11.1-x86_64-linux",
        blob: `sha256:${SHA256}`,
        files: ["trurl", "trurl.sig", "CHECKSUM", "CHECKSUM.sig", "LICENSE"],
        manifest: null,
      },
      sizeBytes: 52408,
      sha256: SHA256,
      blake3: `b10c${"0".repeat(60)}`,
      snapshots: [
        { tag: "8.10.0-x86_64-linux", version: "8.10.0" },
        { tag: "8.9.0-x86_64-linux", version: "8.9.0" },
      ],
      homepages: ["https://curl.se/trurl/"],
      sources: ["https://github.com/curl/trurl"],
      licenses: ["MIT"],
      maintainers: ["A maintainer (https://example.org)"],
      notes: ["Built from source"],
      categories: ["ConsoleOnly", "Utility"],
      tags: ["url", "parser"],
      replaces: [],
      aliases: [],
      dependencies: [],
      keg: null,
      rank: 12,
      downloads: 182,
      buildDate: "2025-01-07T08:11:08Z",
    });
    assert.deepEqual(
      provides.map(({ program }) => program),
      ["trurl", "curl-helper", "trurl"],
    );
  });

  it("gives the same when the second generation says the same", () => {
    assert.equal(formatOf(example("g2-full"), "list"), "g2");
    assert.deepEqual(decode(example("g2-full")), decode(example("g1-full")));
  });

  it("leaves out aliases that cannot be links when an entry is of the third generation", () => {
    const files = [
      { to: "bin/trurl", alias: ["url", "..", "-rf", ".profile", "bin/u", "a b"] },
      { to: "bin/-rf" },
      { to: "share/man/man1/trurl.1" },
    ];
    assert.deepEqual(decode({ ...example("g3-full"), files }).provides, [
      { program: "trurl", links: ["trurl", "url", "u"] },
    ]);
  });

  it("makes up the reference when a second-generation entry gives a path", () => {
    const { artifact } = decode(example("g2-path"));
    assert.ok(artifact.kind === "oci");
    assert.equal(artifact.reference, "ghcr.io/pkgforge/bincache/curl/trurl.static:8.11.1-x86_64-linux");
  });

  it("takes the platform asked for into the tag when the entry names none", () => {
    const { host, ...rest } = example("g2-path");
    const { artifact } = decode(rest);
    assert.ok(host !== undefined && artifact.kind === "oci");
    assert.ok(artifact.reference.endsWith(":8.11.1-x86_64-linux"));
  });

  it("gives address and files when the entry is of the third generation", () => {
    const entry = decode(example("g3-full"));
    assert.deepEqual(entry.artifact, {
      kind: "http",
      url: "https://example.org/releases/trurl-x86_64-linux",
      files: [{ source: "", to: "bin/trurl", aliases: ["url"] }],
    });
    assert.deepEqual(entry.provides, [{ program: "trurl", links: ["trurl", "url"] }]);
    assert.deepEqual([entry.sizeBytes, entry.sha256, entry.licenses], [52408, SHA256, ["MIT"]]);
  });

  for (const file of entriesAmong("valid")) {
    it(`accepts the example ${file}`, () => {
      assert.ok(decode(example(file.replace(".json", "")), versioned(file)).name.length > 0);
    });
  }

  for (const file of entriesAmong("invalid")) {
    it(`gives a reason for the example ${file}`, () => {
      const value: unknown = JSON.parse(readFileSync(join(EXAMPLES, "invalid", file), "utf8"));
      // A lone boolean makes the entry one of the second generation, where booleans are real.
      if (file === "g1-real-boolean.json") assert.equal(decode(value).disabled, false);
      else assert.match(reasonFor(value, versioned(file)), /\S+ \S+/);
    });
  }

  const broken: readonly (readonly [string, object, RegExp])[] = [
    ["no version", { version: undefined }, /must have a "version"/],
    ["neither name nor recipe", { pkg: undefined, pkg_name: undefined }, /must have a "pkg"/],
    ["a description that is an object", { description: {} }, /^description: must be text/],
    ["a bad item of a list", { tag: ["a", 5] }, /^tag\.1: must be text/],
    ["a long name", { pkg_name: "x".repeat(129) }, /^pkg_name: must have at most 128/],
    ["a description without bounds", { description: "x".repeat(20_000) }, /^description: must have at most 16384/],
    ["a reference that is none", { ghcr_pkg: "ghcr.io/UPPER CASE" }, /ghcr_pkg/],
    ["a reference that leaves its path", { ghcr_pkg: "ghcr.io/../x:1" }, /ghcr_pkg.*not a reference/],
    ["a blob that is not shasum", { ghcr_blob: `ghcr.io/a@sha256:${"1".repeat(64)}` }, /ghcr_blob is .* and shasum is/],
  ];
  for (const [name, change, reason] of broken) {
    it(`names the field when an entry has ${name}`, () => {
      const value = JSON.parse(JSON.stringify({ ...example("g1-full"), ...change }));
      assert.match(reasonFor(value), reason);
    });
  }

  it("leaves out addresses that are malformed and keeps the entry", () => {
    const homepage = [
      "https:/api.example",
      "javascript:alert(1)",
      "https://a b",
      "https://ok.example/x",
      `https://x/${"y".repeat(3000)}`,
      "https://[bad",
    ];
    assert.deepEqual(decode({ ...example("g1-full"), homepage }).homepages, ["https://ok.example/x"]);
  });

  for (const [text, rank] of [
    ["12", 12],
    ["0", 0],
    ["-1", null],
    ["1.5", null],
    ["", null],
    ["NaN", null],
    ["9007199254740993", null],
    ["245243243243243243243243243243243", null],
    [" 1", null],
  ] as const) {
    it(`reads the number "${text}" as ${rank}`, () => {
      assert.equal(decode({ ...example("g1-full"), rank: text }).rank, rank);
    });
  }

  it("does not take the size of all files for the main one's", () => {
    assert.equal(decode({ ...example("g1-full"), ghcr_size_raw: "52408" }).sizeBytes, null);
    assert.equal(decode({ ...example("g1-full"), ghcr_size_raw: "52408", ghcr_files: ["trurl"] }).sizeBytes, 52408);
  });

  it("tells entries that may not be installed", () => {
    assert.equal(decode({ ...example("g1-full"), _disabled: "true" }).disabled, true);
    assert.equal(decode({ ...example("g2-full"), _disabled: true }).disabled, true);
    assert.equal(decode({ ...example("g1-full"), installable: "false" }).installable, false);
    assert.equal(decode({ ...example("g2-full"), installable: false }).installable, false);
    assert.equal(decode({ ...example("g3-full"), _disabled: true }).disabled, true);
  });

  it("reads own fields only when an entry has the key __proto__", () => {
    const value: unknown = JSON.parse(
      '{"__proto__":{"pkg_name":"evil","installable":"false"},"pkg":"good","version":"1","ghcr_pkg":"ghcr.io/a/b:1","constructor":{"prototype":{"x":1}}}',
    );
    const entry = decode(value);
    assert.deepEqual([entry.name, entry.installable], ["good", true]);
    assert.equal(Reflect.get({}, "pkg_name"), undefined);
    assert.equal(Reflect.get({}, "x"), undefined);
    assert.match(
      reasonFor(JSON.parse('{"__proto__":{"pkg_name":"evil","version":"1"},"ghcr_pkg":"ghcr.io/a/b:1"}')),
      /must have a /,
    );
  });
});

describe("formatOf()", () => {
  const g1 = { pkg: "a", version: "1", ghcr_pkg: "ghcr.io/a/b:1", rank: "5", download_url: "https://example.org" };
  for (const [name, value, hasHeader, expected] of [
    ["all scalars are text", g1, false, "g1"],
    ["a scalar is a boolean", { ...g1, _disabled: false }, false, "g2"],
    ["a scalar is a number", { ...g1, rank: 5 }, false, "g2"],
    ["the reference has a placeholder", { ...g1, ghcr_pkg: "ghcr.io/a/b:{{version}}" }, false, "g2"],
    ["there is only an address", { pkg_name: "a", download_url: "https://example.org" }, false, "g3"],
    ["the document has a header", { pkg_name: "a" }, true, "g3"],
    ["a document with a header names a registry", g1, true, "g1"],
    ["nothing tells", {}, false, "g1"],
    ["it is no object", "x", false, "g1"],
  ] as const) {
    it(`gives ${expected} when ${name}`, () => assert.equal(formatOf(value, hasHeader ? "object" : "list"), expected));
  }
});
