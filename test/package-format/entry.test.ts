import assert from "node:assert/strict";
import { test } from "node:test";
import { validatePackage } from "../../src/generated/index-schema.js";
import { decodeEntry, formatOf } from "../../src/index/formats/formats.ts";
import { entryText } from "../../src/package-format/entry.ts";
import { PLAIN, PUBLICATION, programFile } from "./sample-publication.ts";

const CONTEXT = { tag: "8.14.1-x86_64-linux", createdAt: null };

/** What an index adds to the entry in a package. */
const INDEX_FIELDS = {
  ghcr_files: ["trurl", "CHECKSUM", "trurl.json", "trurl.sig"],
  ghcr_size_raw: 1000,
  manifest_digest: `sha256:${"a".repeat(64)}`,
};

test("entryText() fits the schema, whichever fields are given", () => {
  for (const publication of [PUBLICATION, PLAIN]) {
    for (const program of [
      programFile(),
      programFile({ libc: null, type: "script" }),
      programFile({ title: "trurl.tar.zst", type: "archive", programs: ["a", "b"], libc: "glibc" }),
    ]) {
      for (const createdAt of [null, "2025-01-31T12:00:00Z"]) {
        const entry: unknown = JSON.parse(entryText(publication, program, { ...CONTEXT, createdAt }));
        assert.ok(validatePackage(entry), JSON.stringify(validatePackage.errors));
        assert.ok(validatePackage({ ...entry, ...INDEX_FIELDS }), JSON.stringify(validatePackage.errors));
      }
    }
  }
});

test("entryText() leaves out what is empty, and what only an index can say", () => {
  const entry = JSON.parse(entryText(PLAIN, programFile({ libc: null, type: "script" }), CONTEXT));
  const keys = ["pkg", "pkg_name", "pkg_id", "pkg_type", "version", "host"];
  const rest = ["ghcr_pkg", "ghcr_blob", "size_raw", "shasum", "bsum", "provides"];
  assert.deepEqual(Object.keys(entry), [...keys, ...rest]);
});

test("entryText() provides the programs of a directory, or what the publication says", () => {
  const directory = programFile({ title: "trurl.tar.zst", type: "archive", programs: ["a", "b"] });
  assert.deepEqual(JSON.parse(entryText(PLAIN, directory, CONTEXT)).provides, ["a", "b"]);
  const asked = { ...PLAIN, provides: ["a=>c"] };
  assert.deepEqual(JSON.parse(entryText(asked, directory, CONTEXT)).provides, ["a=>c"]);
});

/** All scalars are texts in the first generation. */
function asFirstGeneration(entry: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [key, typeof value === "number" ? String(value) : value]),
  );
}

test("a reader of the first and second generation understands every field of entryText()", () => {
  const program = programFile();
  const entry = { ...JSON.parse(entryText(PUBLICATION, program, CONTEXT)), ...INDEX_FIELDS };
  assert.equal(formatOf(entry, "list"), "g2");
  assert.equal(formatOf(asFirstGeneration(entry), "list"), "g1");
  for (const [generation, value] of [
    ["g2", entry],
    ["g1", asFirstGeneration(entry)],
  ] as const) {
    const decoded = decodeEntry(generation, value);
    assert.ok(decoded.kind === "entry", JSON.stringify(decoded));
    const { artifact, libc: _, ...read } = decoded.entry;
    assert.deepEqual(artifact, {
      kind: "oci",
      reference: "ghcr.io/me/tools/trurl:8.14.1-x86_64-linux",
      blob: `sha256:${program.sha256}`,
      files: INDEX_FIELDS.ghcr_files,
      manifest: null,
    });
    assert.deepEqual(read, {
      name: "trurl",
      recipe: "trurl",
      family: "curl",
      id: "ghcr.io.me.tools.trurl",
      type: "static",
      version: "8.14.1",
      host: "x86_64-linux",
      description: "Changes and reads URLs",
      disabled: false,
      installable: true,
      deprecated: false,
      sizeBytes: program.size,
      sha256: program.sha256,
      blake3: program.blake3,
      aliases: [],
      provides: [{ program: "trurl", links: ["trurl"] }],
      dependencies: [],
      keg: null,
      snapshots: [],
      homepages: ["https://curl.se/trurl"],
      sources: ["https://github.com/curl/trurl"],
      licenses: ["curl"],
      maintainers: ["Example Maintainer (https://example.org)"],
      notes: ["A note"],
      categories: ["Utility"],
      tags: ["url"],
      replaces: ["other"],
      rank: null,
      downloads: null,
      buildDate: null,
    });
  }
});
