import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { hashHex } from "../../src/base/hashes.ts";
import { skipWithout } from "./docker-registry.ts";
import { createSigner } from "./minisign-signer.ts";
import { buildPackage, indexDocument } from "./package-builder.ts";
import { tempDirectory } from "./temp-home.ts";

const run = promisify(execFile);

test("buildPackage() makes the files, layers and entry of a G1 package", () => {
  const built = buildPackage({ name: "trurl", version: "8.14.1", family: "curl", signer: createSigner() });
  const titles = [...built.files.keys()].toSorted();
  const plain = ["CHECKSUM", "LICENSE", "trurl", "trurl.json", "trurl.log", "trurl.version"];
  assert.deepEqual(titles, plain.flatMap((title) => [title, `${title}.sig`]).toSorted());
  assert.equal(built.reference, "ghcr.io/pkgforge/bincache/curl/trurl:8.14.1-x86_64-linux");
  assert.equal(built.entry["ghcr_blob"], `ghcr.io/pkgforge/bincache/curl/trurl@${built.programDigest}`);
  assert.equal(built.entry["shasum"], hashHex("sha256", built.program));
  assert.equal(built.files.get("CHECKSUM")?.toString().split("\n")[0], `trurl:${hashHex("blake3", built.program)}`);
  assert.deepEqual(JSON.parse(indexDocument([built]).toString()), [built.entry]);
});

test("buildPackage() leaves out, replaces and removes as told", () => {
  const built = buildPackage({
    name: "a",
    version: "HEAD-1+x",
    omit: ["CHECKSUM"],
    files: { "a.log": Buffer.from("own") },
    entry: { ghcr_blob: null, rank: "1" },
  });
  assert.equal(built.tag, "HEAD-1_x-x86_64-linux");
  assert.equal(built.files.has("CHECKSUM"), false);
  assert.equal(built.files.get("a.log")?.toString(), "own");
  assert.equal("ghcr_blob" in built.entry, false);
  assert.equal(built.entry["rank"], "1");
});

const tools = [
  ["coreutils", "sha256sum", ["-c", "CHECKSUM"]],
  ["bsd", "sha256sum", ["-c", "CHECKSUM"]],
] as const;
for (const [format, tool, args] of tools) {
  test(`buildPackage() writes a ${format} CHECKSUM that ${tool} checks`, { skip: skipWithout(tool) }, async (t) => {
    const directory = tempDirectory(t);
    const { files } = buildPackage({ name: "a", version: "1", checksumFormat: format });
    for (const [title, bytes] of files) writeFileSync(join(directory, title), bytes);
    await run(tool, args, { cwd: directory });
  });
}
