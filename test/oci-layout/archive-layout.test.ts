import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type ErrorCode, hasCode } from "../../src/errors.ts";
import { copy } from "../../src/oci/copy.ts";
import { openLayoutArchive } from "../../src/oci-layout/archive-layout.ts";
import { verifyLayout } from "../../src/oci-layout/check.ts";
import { openLayout } from "../../src/oci-layout/layout.ts";
import { memoryRepository } from "../../src/oci-layout/memory.ts";
import { calm, copyOptions, image, index, noteOn, pushImage, temporaryDirectory, upload } from "../oci/sample-graph.ts";
import { skipWithout } from "../support/docker-registry.ts";

const code =
  (...codes: readonly ErrorCode[]) =>
  (error: unknown) =>
    hasCode(error, ...codes);

function open(t: TestContext, file: string) {
  const archive = openLayoutArchive(file);
  t.after(() => archive.close());
  return archive;
}

const CONFIG = Buffer.from('{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[]}}');

test("openLayoutArchive() writes only on commit, the same bytes for the same content, and leaves no draft", async (t) => {
  const directory = temporaryDirectory(t);
  const [one, two] = [
    image({ layers: [Buffer.from("1")] }),
    image({ layers: [Buffer.from("2")], algorithm: "sha512" }),
  ];
  for (const [name, order] of [
    ["a.tar", [one, two]],
    ["b.tar", [two, one]],
  ] as const) {
    const archive = open(t, join(directory, name));
    for (const each of order) await pushImage(archive, each, null);
    await archive.pushManifest({ ...index([one, two]), tag: "1" }, calm);
    assert.equal(existsSync(join(directory, name)), false);
    await archive.commit(calm);
    await archive.close();
  }
  assert.deepEqual(readFileSync(join(directory, "a.tar")), readFileSync(join(directory, "b.tar")));
  assert.deepEqual(readdirSync(directory).toSorted(), ["a.tar", "b.tar"]);
});

test("openLayoutArchive() is a layout when GNU tar unpacks it", async (t) => {
  const directory = temporaryDirectory(t);
  const archive = open(t, join(directory, "f.tar"));
  await pushImage(archive, image({ algorithm: "sha512" }), "1");
  await archive.commit(calm);
  mkdirSync(join(directory, "out"));
  execFileSync("tar", ["-C", join(directory, "out"), "-xf", join(directory, "f.tar")]);
  assert.deepEqual((await verifyLayout(join(directory, "out"), calm)).problems, []);
  assert.deepEqual(await openLayout(join(directory, "out")).listTags(calm), ["1"]);
});

test("openLayoutArchive() reads what GNU tar packed", async (t) => {
  const directory = temporaryDirectory(t);
  const sample = image({ algorithm: "sha512" });
  await pushImage(openLayout(join(directory, "in")), sample, "1");
  for (const format of ["gnu", "posix"]) {
    const file = join(directory, `${format}.tar`);
    execFileSync("tar", ["-C", join(directory, "in"), `--format=${format}`, "-cf", file, "."]);
    const target = memoryRepository();
    await copy(open(t, file), target, copyOptions());
    assert.deepEqual((await target.fetchDocument("1", calm)).bytes, sample.bytes);
  }
});

test("openLayoutArchive() adds to what an archive holds, and replaces it whole", async (t) => {
  const file = join(temporaryDirectory(t), "f.tar");
  const first = open(t, file);
  const [one, two] = [image({ layers: [Buffer.from("1")] }), image({ layers: [Buffer.from("2")] })];
  await pushImage(first, one, "1");
  await first.commit(calm);
  const second = open(t, file);
  assert.equal((await second.pushBlob(upload(Buffer.from("1")), calm)).how, "existed");
  await pushImage(second, two, "2");
  await pushImage(second, noteOn(two, "note"), null);
  assert.deepEqual(await openLayoutArchive(file).listTags(calm), ["1"]);
  await second.commit(calm);
  const third = open(t, file);
  assert.deepEqual(await third.listTags(calm), ["1", "2"]);
  assert.equal((await third.listReferrers(two.digest, { artifactType: null }, calm)).length, 1);
  await third.deleteManifest(one.digest, calm);
  await third.commit(calm);
  assert.deepEqual(await open(t, file).listTags(calm), ["2"]);
  assert.equal(await open(t, file).hasManifest(one.digest, calm), false);
});

test("openLayoutArchive() drops uncommitted changes on close, and an empty commit writes nothing", async (t) => {
  const directory = temporaryDirectory(t);
  const archive = open(t, join(directory, "f.tar"));
  await archive.commit(calm);
  await pushImage(archive, image(), "1");
  await archive.close();
  assert.deepEqual(readdirSync(directory), []);
});

test("openLayoutArchive() reuses the blobs that a killed process left", async (t) => {
  const directory = temporaryDirectory(t);
  const file = join(directory, "f.tar");
  const program = `
    import { openLayoutArchive } from ${JSON.stringify(join(import.meta.dirname, "../../src/oci-layout/archive-layout.ts"))};
    import { image, pushImage } from ${JSON.stringify(join(import.meta.dirname, "../oci/sample-graph.ts"))};
    await pushImage(openLayoutArchive(${JSON.stringify(file)}), image(), "1");
    process.kill(process.pid, "SIGKILL");
  `;
  assert.equal(
    spawnSync(process.execPath, ["--input-type=module", "-e", program], { stdio: "inherit" }).signal,
    "SIGKILL",
  );
  assert.equal(readdirSync(directory).length, 1);
  const archive = open(t, file);
  assert.equal((await archive.pushBlob(upload(Buffer.from("layer")), calm)).how, "existed");
  await pushImage(archive, image(), "1");
  await archive.commit(calm);
  assert.deepEqual(readdirSync(directory), ["f.tar"]);
});

test("openLayoutArchive() leaves its blobs for the next when it is closed to keep them", async (t) => {
  const directory = temporaryDirectory(t);
  const file = join(directory, "f.tar");
  const first = open(t, file);
  await first.pushBlob(upload(Buffer.from("layer")), calm);
  await first.close({ keep: true });
  assert.equal(readdirSync(directory).length, 1);
  const second = open(t, file);
  assert.equal((await second.pushBlob(upload(Buffer.from("layer")), calm)).how, "existed");
  await pushImage(second, image({ layers: [] }), "1");
  await second.commit(calm);
  assert.deepEqual(readdirSync(directory), ["f.tar"]);
});

test("openLayoutArchive() does not read an archive that was replaced since", async (t) => {
  const file = join(temporaryDirectory(t), "f.tar");
  const first = open(t, file);
  await pushImage(first, image(), "1");
  await first.commit(calm);
  const reader = open(t, file);
  await reader.resolve("1", calm);
  const second = open(t, file);
  await pushImage(second, image({ layers: [Buffer.from("more")] }), "0");
  await second.commit(calm);
  await assert.rejects(reader.fetchDocument("1", calm), code("ARCHIVE_INVALID"));
});

test("openLayoutArchive() refuses what is not a tar of a layout", async (t) => {
  const directory = temporaryDirectory(t);
  const at = (name: string) => join(directory, name);
  writeFileSync(at("x"), "x");
  writeFileSync(at("manifest.json"), "[]");
  execFileSync("sh", ["-c", "tar -cf other.tar x; tar -czf z.tar x; tar -cf docker.tar manifest.json"], {
    cwd: directory,
  });
  const resolve = (name: string) => open(t, at(name)).resolve("1", calm);
  await assert.rejects(resolve("absent.tar"), code("LAYOUT_INVALID"));
  await assert.rejects(resolve("other.tar"), code("LAYOUT_INVALID"));
  await assert.rejects(resolve("docker.tar"), { code: "LAYOUT_INVALID", hint: /skopeo copy docker-archive:/ });
  await assert.rejects(resolve("z.tar"), code("ARCHIVE_INVALID"));
  await assert.rejects(resolve("x"), code("ARCHIVE_INVALID"));
  await assert.rejects(open(t, at("other.tar")).pushManifest({ ...image(), tag: "1" }, calm), code("LAYOUT_INVALID"));
  await assert.rejects(open(t, directory).resolve("1", calm), code("LAYOUT_INVALID", "FILE_SYSTEM"));
});

test("skopeo copies our layout into an archive that we read, and ours into a layout", {
  skip: skipWithout("skopeo"),
}, async (t) => {
  const directory = temporaryDirectory(t);
  const at = (name: string) => join(directory, name);
  const sample = image({ config: CONFIG, layers: [] });
  await pushImage(openLayout(at("in")), sample, "1");
  const skopeo = (...args: readonly string[]) =>
    execFileSync("skopeo", ["--insecure-policy", "copy", "--quiet", "--preserve-digests", ...args], { stdio: "pipe" });
  skopeo(`oci:${at("in")}:1`, `oci-archive:${at("theirs.tar")}:2`);
  const theirs = open(t, at("theirs.tar"));
  assert.deepEqual(await theirs.listTags(calm), ["2"]);
  assert.deepEqual((await theirs.fetchDocument("2", calm)).bytes, sample.bytes);
  const ours = open(t, at("ours.tar"));
  await copy(theirs, ours, copyOptions({ from: "2", to: "3" }));
  await ours.commit(calm);
  skopeo(`oci-archive:${at("ours.tar")}:3`, `oci:${at("out")}:4`);
  assert.deepEqual((await openLayout(at("out")).fetchDocument("4", calm)).bytes, sample.bytes);
  // Into a layout that skopeo made.
  const other = image({ config: CONFIG, layers: [], fields: { annotations: { a: "b" } } });
  const source = memoryRepository();
  await pushImage(source, other, "1");
  await copy(source, openLayout(at("out")), copyOptions({ to: "5" }));
  skopeo(`oci:${at("out")}:5`, `oci-archive:${at("both.tar")}:5`);
  assert.deepEqual((await open(t, at("both.tar")).fetchDocument("5", calm)).bytes, other.bytes);
  assert.deepEqual(await openLayout(at("out")).listTags(calm), ["4", "5"]);
});
