import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { parseDigest } from "../../src/oci/digest.ts";
import { type PushArtifactRequest, pushArtifact } from "../../src/oci-tools/push-artifact.ts";
import { MAIN } from "../support/pkg-process.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { pushRequest, testCapabilities } from "./artifact-test-context.ts";

function push(
  test: TestContext,
  directory: string,
  change: Partial<PushArtifactRequest> & { files: readonly string[] },
) {
  const cap = testCapabilities(test);
  const layout = join(tempDirectory(test), "layout");
  return { cap, layout, done: pushArtifact(cap, pushRequest(`oci:${layout}:v1`, directory, change)) };
}

function blob(layout: string, digest: string): Buffer {
  return readFileSync(join(layout, "blobs", ...digest.split(":")));
}

function manifestOf(layout: string, digest: string) {
  return JSON.parse(blob(layout, digest).toString());
}

function sampleFiles(test: TestContext): string {
  const directory = tempDirectory(test);
  writeFileSync(join(directory, "f.txt"), "f\n");
  mkdirSync(join(directory, "s/t"), { recursive: true });
  writeFileSync(join(directory, "s/t/q.txt"), "q\n");
  return directory;
}

test("pushArtifact() makes the manifest that oras makes of the same options", async (test) => {
  const directory = sampleFiles(test);
  writeFileSync(join(directory, "an.json"), '{"$config":{"a":"b"},"$manifest":{"m":"<&>"},"f.txt":{"x":"y"}}');
  const { layout, done } = push(test, directory, {
    files: ["f.txt:application/vnd.oci.image.layer.v1.tar"],
    annotationFile: join(directory, "an.json"),
    annotations: ["org.opencontainers.image.created=2026-11-21T01:19:43Z"],
    artifactType: "a/b",
  });
  const outcome = await done;
  // oras 1.3.1's digest.
  assert.equal(outcome.digest, "sha256:11d88f74487450f098ae0f0a13751364c5c22de9dc1767eb978d948659858f99");
  assert.equal(blob(layout, outcome.digest).length, outcome.sizeBytes);
  assert.deepEqual(outcome.tags, ["v1"]);
});

test("pushArtifact() titles files by their paths and types them by what they are", async (test) => {
  const directory = sampleFiles(test);
  const { layout, done } = push(test, directory, { files: ["./f.txt", "s/t/q.txt:text/plain", "s"] });
  const { digest, artifactType, files } = await done;
  assert.equal(artifactType, "application/vnd.unknown.artifact.v1");
  assert.deepEqual(
    files.map(({ title, mediaType, how }) => [title, mediaType, how]),
    [
      ["f.txt", "application/octet-stream", "sent"],
      ["s/t/q.txt", "text/plain", "sent"],
      ["s", "application/vnd.oci.image.layer.v1.tar+gzip", "sent"],
    ],
  );
  const { layers, config } = manifestOf(layout, digest);
  assert.equal(config.mediaType, "application/vnd.oci.empty.v1+json");
  assert.equal(layers[2].annotations["io.deis.oras.content.unpack"], "true");
  parseDigest(layers[2].annotations["io.deis.oras.content.digest"]);
});

test("pushArtifact() gives the same digest twice and sends nothing again", async (test) => {
  const directory = sampleFiles(test);
  const cap = testCapabilities(test);
  const request = pushRequest(`oci:${join(tempDirectory(test), "layout")}:v1`, directory, { files: ["f.txt", "s"] });
  const first = await pushArtifact(cap, request);
  const second = await pushArtifact(cap, request);
  assert.equal(second.digest, first.digest);
  assert.deepEqual(
    second.files.map(({ how }) => how),
    ["existed", "existed"],
  );
});

test("pushArtifact() gives several tags", async (test) => {
  const directory = sampleFiles(test);
  const cap = testCapabilities(test);
  const layout = join(tempDirectory(test), "layout");
  const { digest, tags } = await pushArtifact(
    cap,
    pushRequest(`oci:${layout}:v1,latest`, directory, { files: ["f.txt"] }),
  );
  assert.deepEqual(tags, ["v1", "latest"]);
  const { manifests } = JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
  const tagged = manifests.map((entry: { digest: string; annotations: Record<string, string> }) => [
    entry.annotations["org.opencontainers.image.ref.name"],
    entry.digest,
  ]);
  assert.deepEqual(tagged.sort(), [
    ["latest", digest],
    ["v1", digest],
  ]);
});

test("pushArtifact() writes modes only if the content does not imply them", async (test) => {
  const directory = tempDirectory(test);
  for (const [name, content, mode] of [
    ["script", "#!/bin/sh\n", 0o755],
    ["notes", "text", 0o644],
    ["data-that-runs", "text", 0o755],
    ["script-to-read", "#!/bin/sh\n", 0o644],
  ] as const) {
    writeFileSync(join(directory, name), content);
    chmodSync(join(directory, name), mode);
  }
  const { layout, done } = push(test, directory, { files: ["script", "notes", "data-that-runs", "script-to-read"] });
  const { layers } = manifestOf(layout, (await done).digest);
  const modes = layers.map((layer: { annotations: Record<string, string> }) => layer.annotations["dev.pkg.file.mode"]);
  assert.deepEqual(modes, [undefined, undefined, "0755", "0644"]);
});

test("pushArtifact() takes standard input under a name", async (test) => {
  async function* stdin() {
    yield Buffer.from("piped ");
    yield Buffer.from("in");
  }
  const { layout, done } = push(test, tempDirectory(test), { files: ["-:text/plain"], name: "in.txt", stdin: stdin() });
  const [file] = (await done).files;
  assert.equal(file?.title, "in.txt");
  assert.equal(file?.mediaType, "text/plain");
  assert.equal(blob(layout, file?.digest ?? "").toString(), "piped in");
});

test("pushArtifact() pushes an artifact without files", async (test) => {
  const { layout, done } = push(test, tempDirectory(test), {
    files: [],
    annotations: ["note=a=b"],
    artifactType: "a/note",
  });
  const { digest, files } = await done;
  assert.deepEqual(files, []);
  const { layers, annotations } = manifestOf(layout, digest);
  assert.equal(layers[0].mediaType, "application/vnd.oci.empty.v1+json");
  assert.deepEqual(annotations, { note: "a=b" });
  assert.equal(blob(layout, layers[0].digest).toString(), "{}");
});

test("pushArtifact() pushes a config of its own, and the empty layer if there are no files", async (test) => {
  const directory = tempDirectory(test);
  writeFileSync(join(directory, "c.json"), '{"a":1}');
  const { layout, done } = push(test, directory, { files: [], config: "c.json:application/vnd.me.config" });
  const { digest, artifactType } = await done;
  const { config, layers, ...rest } = manifestOf(layout, digest);
  assert.equal(artifactType, null);
  assert.equal("artifactType" in rest, false);
  assert.equal(config.mediaType, "application/vnd.me.config");
  assert.equal(blob(layout, config.digest).toString(), '{"a":1}');
  assert.equal(blob(layout, layers[0].digest).toString(), "{}");
});

test("pushArtifact() states the platform in the config", async (test) => {
  const { layout, done } = push(test, sampleFiles(test), { files: ["f.txt"], platform: "linux/arm/v5" });
  const { config } = manifestOf(layout, (await done).digest);
  assert.equal(config.mediaType, "application/vnd.oci.image.config.v1+json");
  assert.equal(blob(layout, config.digest).toString(), '{"architecture":"arm","os":"linux","variant":"v5"}');
});

test("pushArtifact() refers to a subject in the same place", async (test) => {
  const directory = sampleFiles(test);
  const cap = testCapabilities(test);
  const layout = join(tempDirectory(test), "layout");
  const first = await pushArtifact(cap, pushRequest(`oci:${layout}:v1`, directory, { files: ["f.txt"] }));
  for (const subject of ["v1", first.digest, `oci:${layout}:v1`]) {
    const request = pushRequest(`oci:${layout}:note`, directory, { files: [], artifactType: "a/note", subject });
    const outcome = await pushArtifact(cap, request);
    assert.equal(outcome.subject, first.digest);
    const expected = { mediaType: first.mediaType, digest: first.digest, size: first.sizeBytes };
    assert.deepEqual(manifestOf(layout, outcome.digest).subject, expected);
  }
});

test("pushArtifact() writes the manifest to a file", async (test) => {
  const directory = sampleFiles(test);
  const { layout, done } = push(test, directory, {
    files: ["f.txt"],
    exportManifest: { path: "manifest.json", force: false },
  });
  const { digest } = await done;
  assert.deepEqual(readFileSync(join(directory, "manifest.json")), blob(layout, digest));
});

test("pushArtifact() warns of annotations for a file that is not pushed", async (test) => {
  const directory = sampleFiles(test);
  writeFileSync(join(directory, "an.json"), '{"g.txt":{"x":"y"}}');
  const { cap, done } = push(test, directory, { files: ["f.txt"], annotationFile: join(directory, "an.json") });
  await done;
  assert.equal(cap.events.filter(({ kind }) => kind === "warning").length, 1);
});

test("pushArtifact() reports the progress of each blob", async (test) => {
  const { cap, done } = push(test, sampleFiles(test), { files: ["f.txt"] });
  const { files } = await done;
  const id = files[0]?.digest;
  const kinds = cap.events.flatMap((event) => ("id" in event && event.id === id ? [event.kind] : []));
  assert.equal(kinds[0], "task-started");
  assert.equal(kinds.at(-1), "task-done");
});

const REFUSED: Readonly<Record<string, Partial<PushArtifactRequest> & { readonly files: readonly string[] }>> = {
  "a path out of the directory": { files: ["../f.txt"] },
  "an absolute path": { files: ["/etc/hostname"] },
  "one file twice": { files: ["f.txt", "./f.txt"] },
  "standard input without a name": { files: ["-"] },
  "one name for two files": { files: ["f.txt", "s"], name: "x" },
  "a platform that is none": { files: ["f.txt"], platform: "linux" },
  "a platform and a config": { files: ["f.txt"], platform: "linux/amd64", config: "f.txt" },
  "an annotation without a value": { files: ["f.txt"], annotations: ["x"] },
};

for (const [name, change] of Object.entries(REFUSED)) {
  test(`pushArtifact() refuses ${name} as USAGE`, async (test) => {
    const { done } = push(test, sampleFiles(test), change);
    await assert.rejects(done, (error) => hasCode(error, "USAGE"));
  });
}

test("pushArtifact() refuses links that leave a directory, and what is not a file", async (test) => {
  const directory = sampleFiles(test);
  symlinkSync("/etc", join(directory, "s/out"));
  await assert.rejects(push(test, directory, { files: ["s"] }).done, (error) => hasCode(error, "ARCHIVE_INVALID"));
  await assert.rejects(push(test, directory, { files: ["gone"] }).done, (error) => hasCode(error, "FILE_SYSTEM"));
});

test("pushArtifact() refuses a FIFO at once, as nobody may ever write to it", async (test) => {
  const directory = tempDirectory(test);
  spawnSync("mkfifo", [join(directory, "pipe")]);
  await assert.rejects(push(test, directory, { files: ["pipe"] }).done, /it is a FIFO/);
});

test("pushArtifact() reads the pipe of a shell's <(command) once", (test) => {
  const directory = tempDirectory(test);
  const program = `"${process.execPath}" "${MAIN}" --home "${directory}/home"`;
  const command = `${program} oci push oci:layout:v1 --name piped <(printf 'through a pipe')`;
  const { stderr, status } = spawnSync("bash", ["-c", command], { cwd: directory, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const digest = `sha256:${createHash("sha256").update("through a pipe").digest("hex")}`;
  assert.equal(blob(join(directory, "layout"), digest).toString(), "through a pipe");
});

test("pushArtifact() refuses to push nothing, but not an artifact of annotations alone", async (test) => {
  await assert.rejects(push(test, tempDirectory(test), { files: [] }).done, { code: "USAGE", message: /no files/ });
  await push(test, tempDirectory(test), { files: [], annotations: ["a=b"] }).done;
});
