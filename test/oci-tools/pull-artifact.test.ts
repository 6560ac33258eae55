import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { hasCode } from "../../src/errors.ts";
import { type BuiltDocument, buildManifest, descriptorOf } from "../../src/oci/artifact.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../../src/oci/descriptor.ts";
import { parseDigest } from "../../src/oci/digest.ts";
import { buildIndex } from "../../src/oci/image-index-edit.ts";
import { EMPTY_PREPARED } from "../../src/oci-tools/artifact-content.ts";
import { openTarget, withPlace } from "../../src/oci-tools/open-place.ts";
import { type PullArtifactRequest, pullArtifact } from "../../src/oci-tools/pull-artifact.ts";
import { pushArtifact } from "../../src/oci-tools/push-artifact.ts";
import { tarOf } from "../archive/tar-builder.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { pushRequest, type TestCapabilities, testCapabilities } from "./artifact-test-context.ts";

interface RawLayer {
  readonly bytes: Buffer | string;
  readonly annotations: Readonly<Record<string, string>>;
}

function titled(title: string, bytes: Buffer | string, annotations = {}): RawLayer {
  return { bytes, annotations: { ...annotations, [TITLE_ANNOTATION]: title } };
}

/** An artifact of layers as they are, however wrong, in a layout. */
async function publish(test: TestContext, layers: readonly RawLayer[], tag = "v1") {
  const cap = testCapabilities(test);
  const place = `oci:${join(tempDirectory(test), "layout")}`;
  const manifest = await pushLayers(cap, `${place}:${tag}`, layers);
  return { cap, place, manifest };
}

function pushLayers(cap: TestCapabilities, reference: string, layers: readonly RawLayer[]): Promise<BuiltDocument> {
  return withPlace(openTarget(cap, reference), async ({ place, key }) => {
    await place.pushBlob({ ...EMPTY_PREPARED.descriptor, open: EMPTY_PREPARED.open, mountFrom: null }, cap.signal);
    const described = await Promise.all(
      layers.map(async ({ bytes, annotations }): Promise<Descriptor> => {
        const content = Buffer.from(bytes);
        const digest = parseDigest(`sha256:${createHash("sha256").update(content).digest("hex")}`);
        async function* chunks(offset: number) {
          yield content.subarray(offset);
        }
        const open = async (offset: number) => chunks(offset);
        await place.pushBlob({ digest, size: content.length, open, mountFrom: null }, cap.signal);
        return { mediaType: "application/octet-stream", digest, size: content.length, annotations };
      }),
    );
    const manifest = buildManifest({
      artifactType: "a/b",
      config: null,
      layers: described,
      annotations: {},
      subject: null,
    });
    await place.pushManifest({ ...manifest, tag: key }, cap.signal);
    return manifest;
  });
}

function pull(
  cap: TestCapabilities,
  reference: string,
  change: Partial<PullArtifactRequest> & { readonly directory: string },
) {
  return pullArtifact(cap, { reference, output: ".", existing: "refuse", platform: null, config: null, ...change });
}

function mode(path: string): number {
  return statSync(path).mode & 0o777;
}

test("pullArtifact() brings back what pushArtifact() took, with executable bits and directories", async (test) => {
  const cap = testCapabilities(test);
  const source = tempDirectory(test);
  mkdirSync(join(source, "docs/deep"), { recursive: true });
  mkdirSync(join(source, "a"));
  for (const [path, content, bits] of [
    ["tool", "#!/bin/sh\n", 0o755],
    ["a/data", "data that runs", 0o755],
    ["a/script.txt", "#!/not/run\n", 0o644],
    ["docs/deep/notes", "notes", 0o600],
  ] as const) {
    writeFileSync(join(source, path), content);
    chmodSync(join(source, path), bits);
  }
  symlinkSync("deep/notes", join(source, "docs/link"));
  for (const compression of ["none", "gzip", "zstd"] as const) {
    for (const place of [
      `oci:${join(tempDirectory(test), "l")}:v1`,
      `oci-archive:${join(tempDirectory(test), "l.tar")}:v1`,
    ]) {
      const files = ["tool", "a/data", "a/script.txt", "docs"];
      const pushed = await pushArtifact(cap, pushRequest(place, source, { files, compression }));
      const directory = tempDirectory(test);
      const pulled = await pull(cap, place, { directory, output: "out" });
      assert.equal(pulled.digest, pushed.digest);
      assert.deepEqual(
        pulled.files.map(({ title, kind, how }) => [title, kind, how]),
        [
          ["tool", "file", "written"],
          ["a/data", "file", "written"],
          ["a/script.txt", "file", "written"],
          ["docs", "directory", "written"],
        ],
      );
      const out = join(directory, "out");
      assert.deepEqual(
        [mode(join(out, "tool")), mode(join(out, "a/data")), mode(join(out, "a/script.txt"))],
        [0o755, 0o755, 0o644],
      );
      assert.equal(readFileSync(join(out, "docs/link"), "utf8"), "notes");
      assert.equal(mode(join(out, "docs/deep/notes")), 0o600);
      assert.deepEqual(readdirSync(out).sort(), ["a", "docs", "tool"]);
    }
  }
});

for (const title of ["../evil", "/tmp/evil", "a/../../evil", "a\\b", "..", "", "a//b", "a/"]) {
  test(`pullArtifact() refuses the title "${title}" and writes nothing`, async (test) => {
    const { cap, place } = await publish(test, [titled("good", "x"), titled(title, "y")]);
    const directory = tempDirectory(test);
    await assert.rejects(pull(cap, `${place}:v1`, { directory, output: "out" }), (error) =>
      hasCode(error, "TITLE_INVALID"),
    );
    assert.deepEqual(readdirSync(directory), []);
  });
}

test("pullArtifact() refuses two layers for one place", async (test) => {
  for (const layers of [
    [titled("a", "x"), titled("a", "y")],
    [titled("a", "x"), titled("a/b", "y")],
    [titled("a/b/c", "x"), titled("a", "y")],
  ]) {
    const { cap, place } = await publish(test, layers);
    const directory = tempDirectory(test);
    await assert.rejects(pull(cap, `${place}:v1`, { directory }), (error) => hasCode(error, "MANIFEST_INVALID"));
    assert.deepEqual(readdirSync(directory), []);
  }
});

test("pullArtifact() does not write through a link that is in the directory", async (test) => {
  const { cap, place } = await publish(test, [titled("link/file", "x")]);
  const directory = tempDirectory(test);
  const outside = tempDirectory(test);
  symlinkSync(outside, join(directory, "link"));
  for (const existing of ["refuse", "replace", "keep"] as const) {
    await assert.rejects(pull(cap, `${place}:v1`, { directory, existing }), (error) => hasCode(error, "PATH_CONFLICT"));
  }
  assert.deepEqual(readdirSync(outside), []);
});

test("pullArtifact() says of a directory that is none what it is", async (test) => {
  const { cap, place } = await publish(test, [titled("file", "x")]);
  const directory = tempDirectory(test);
  writeFileSync(join(directory, "taken"), "");
  await assert.rejects(pull(cap, `${place}:v1`, { directory, output: "taken", existing: "replace" }), {
    code: "PATH_CONFLICT",
    message: /taken": it is a file, expected a directory$/,
  });
});

test("pullArtifact() replaces a link that has a file's name, not what it points to", async (test) => {
  const { cap, place } = await publish(test, [titled("file", "new")]);
  const directory = tempDirectory(test);
  const outside = join(tempDirectory(test), "mine");
  writeFileSync(outside, "mine");
  symlinkSync(outside, join(directory, "file"));
  await pull(cap, `${place}:v1`, { directory, existing: "replace" });
  assert.equal(readFileSync(outside, "utf8"), "mine");
  assert.equal(readFileSync(join(directory, "file"), "utf8"), "new");
});

test("pullArtifact() refuses, replaces or keeps a file that exists, and fetches nothing for a conflict", async (test) => {
  const { cap, place } = await publish(test, [titled("file", "new"), titled("other", "other")]);
  const directory = tempDirectory(test);
  writeFileSync(join(directory, "file"), "old");
  await assert.rejects(pull(cap, `${place}:v1`, { directory }), (error) => hasCode(error, "PATH_CONFLICT"));
  assert.deepEqual(readdirSync(directory), ["file"]);
  const kept = await pull(cap, `${place}:v1`, { directory, existing: "keep" });
  assert.deepEqual(
    kept.files.map(({ how }) => how),
    ["kept", "written"],
  );
  assert.equal(readFileSync(join(directory, "file"), "utf8"), "old");
  const replaced = await pull(cap, `${place}:v1`, { directory, existing: "replace" });
  assert.deepEqual(
    replaced.files.map(({ how }) => how),
    ["written", "existed"],
  );
  assert.equal(readFileSync(join(directory, "file"), "utf8"), "new");
  const again = await pull(cap, `${place}:v1`, { directory });
  assert.deepEqual(
    again.files.map(({ how }) => how),
    ["existed", "existed"],
  );
});

test("pullArtifact() merges a directory only when told to, leaving other files", async (test) => {
  const cap = testCapabilities(test);
  const source = tempDirectory(test);
  mkdirSync(join(source, "d/sub"), { recursive: true });
  writeFileSync(join(source, "d/sub/file"), "new");
  const reference = `oci:${join(tempDirectory(test), "layout")}:v1`;
  await pushArtifact(cap, pushRequest(reference, source, { files: ["d"] }));
  const directory = tempDirectory(test);
  mkdirSync(join(directory, "d/sub"), { recursive: true });
  writeFileSync(join(directory, "d/sub/file"), "old");
  writeFileSync(join(directory, "d/mine"), "mine");
  await assert.rejects(pull(cap, reference, { directory }), (error) => hasCode(error, "PATH_CONFLICT"));
  await pull(cap, reference, { directory, existing: "keep" });
  assert.equal(readFileSync(join(directory, "d/sub/file"), "utf8"), "old");
  await pull(cap, reference, { directory, existing: "replace" });
  assert.equal(readFileSync(join(directory, "d/sub/file"), "utf8"), "new");
  assert.equal(readFileSync(join(directory, "d/mine"), "utf8"), "mine");
  assert.deepEqual(readdirSync(directory), ["d"]);
});

test("pullArtifact() does not merge through a link", async (test) => {
  const cap = testCapabilities(test);
  const source = tempDirectory(test);
  mkdirSync(join(source, "d/sub"), { recursive: true });
  writeFileSync(join(source, "d/sub/file"), "new");
  const reference = `oci:${join(tempDirectory(test), "layout")}:v1`;
  await pushArtifact(cap, pushRequest(reference, source, { files: ["d"] }));
  const directory = tempDirectory(test);
  const outside = tempDirectory(test);
  mkdirSync(join(directory, "d"));
  symlinkSync(outside, join(directory, "d/sub"));
  await assert.rejects(pull(cap, reference, { directory, existing: "replace" }), (error) =>
    hasCode(error, "PATH_CONFLICT"),
  );
  assert.deepEqual(readdirSync(outside), []);
  assert.deepEqual(readdirSync(directory), ["d"]);
});

test("pullArtifact() refuses a bad archive, and leaves nothing", async (test) => {
  const unpack = { "io.deis.oras.content.unpack": "true" };
  for (const [bytes, annotations, code] of [
    [gzipSync(tarOf({ path: "../evil", body: "x" })), unpack, "ARCHIVE_INVALID"],
    [gzipSync(tarOf({ path: "other/file", body: "x" })), unpack, "ARCHIVE_INVALID"],
    [
      gzipSync(tarOf({ path: "d/file", body: "x" })),
      { ...unpack, "io.deis.oras.content.digest": `sha256:${"0".repeat(64)}` },
      "DIGEST_MISMATCH",
    ],
    [Buffer.from("no archive"), unpack, "ARCHIVE_INVALID"],
  ] as const) {
    const { cap, place } = await publish(test, [titled("d", bytes, annotations)]);
    const directory = tempDirectory(test);
    await assert.rejects(pull(cap, `${place}:v1`, { directory }), (error) => hasCode(error, code));
    assert.deepEqual(readdirSync(directory), []);
  }
});

test("pullArtifact() leaves nothing of a damaged layer", async (test) => {
  const { cap, place, manifest } = await publish(test, [titled("file", "content")]);
  const [layer] = JSON.parse(manifest.bytes.toString()).layers;
  const path = join(place.slice("oci:".length), "blobs", ...layer.digest.split(":"));
  chmodSync(path, 0o644);
  writeFileSync(path, "CONTENT");
  const directory = tempDirectory(test);
  await assert.rejects(pull(cap, `${place}:v1`, { directory }), (error) => hasCode(error, "DIGEST_MISMATCH"));
  assert.deepEqual(readdirSync(directory), []);
});

test("pullArtifact() reports layers without a title", async (test) => {
  const { cap, place } = await publish(test, [titled("file", "x"), { bytes: "no name", annotations: {} }]);
  const directory = tempDirectory(test);
  const { untitled, files } = await pull(cap, `${place}:v1`, { directory });
  assert.equal(untitled.length, 1);
  assert.equal(files.length, 1);
  assert.equal(cap.events.filter(({ kind }) => kind === "warning").length, 1);
});

test("pullArtifact() passes the only file to a function", async (test) => {
  const { cap, place } = await publish(test, [titled("file", "the content")]);
  const directory = tempDirectory(test);
  const chunks: Uint8Array[] = [];
  const output = async (bytes: AsyncIterable<Uint8Array>) => {
    for await (const chunk of bytes) chunks.push(chunk);
  };
  await pull(cap, `${place}:v1`, { directory, output });
  assert.equal(Buffer.concat(chunks).toString(), "the content");
  assert.deepEqual(readdirSync(directory), []);
  const two = await publish(test, [titled("file", "1"), titled("other", "2")]);
  await assert.rejects(pull(two.cap, `${two.place}:v1`, { directory, output }), (error) => hasCode(error, "USAGE"));
});

test("pullArtifact() writes the config where that is wanted", async (test) => {
  const { cap, place } = await publish(test, [titled("file", "x")]);
  const directory = tempDirectory(test);
  await pull(cap, `${place}:v1`, { directory, output: "out", config: "config.json" });
  assert.equal(readFileSync(join(directory, "config.json"), "utf8"), "{}");
});

test("pullArtifact() chooses this machine's manifest of an image index, or the requested one", async (test) => {
  const { cap, place, manifest: amd64 } = await publish(test, [titled("file", "amd64")], "amd64");
  const arm = await pushLayers(cap, `${place}:arm`, [titled("file", "arm")]);
  const entry = (document: BuiltDocument, architecture: string, variant: string | null) => ({
    ...descriptorOf(document),
    platform: { os: "linux", architecture, ...(variant === null ? {} : { variant }) },
  });
  const index = buildIndex({
    manifests: [entry(arm, "arm", "v7"), entry(amd64, "amd64", null)],
    annotations: {},
    artifactType: null,
    subject: null,
  });
  await withPlace(openTarget(cap, place), (opened) => opened.place.pushManifest({ ...index, tag: "all" }, cap.signal));
  const read = async (platform: string | null) => {
    const directory = tempDirectory(test);
    await pull(cap, `${place}:all`, { directory, platform });
    return readFileSync(join(directory, "file"), "utf8");
  };
  assert.equal(await read(null), "amd64");
  assert.equal(await read("linux/arm"), "arm");
  assert.equal(await read("linux/arm/v7"), "arm");
  for (const platform of ["linux/arm/v6", "linux/riscv64", "windows/amd64"]) {
    await assert.rejects(read(platform), (error) => hasCode(error, "PLATFORM_UNSUPPORTED"));
  }
});

test("pullArtifact() makes no directory when there is no such artifact", async (test) => {
  const { cap, place } = await publish(test, []);
  const directory = tempDirectory(test);
  await assert.rejects(pull(cap, `${place}:gone`, { directory, output: "out" }), (error) =>
    hasCode(error, "HTTP_NOT_FOUND"),
  );
  assert.equal(existsSync(join(directory, "out")), false);
});
