import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import { copyArtifact } from "../../src/oci-tools/copy-artifact.ts";
import { pull } from "../../src/oci-tools/pull-package.ts";
import { pushArtifact } from "../../src/oci-tools/push-artifact.ts";
import { digestOf } from "../blobs/blob-sources.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { pushRequest, testCapabilities } from "./artifact-test-context.ts";

const PROGRAM = Buffer.from("#!/bin/sh\necho tool\n");

/** An artifact with a program and a file in a directory, in a layout and in a tar of it. */
async function publish(t: TestContext) {
  const cap = testCapabilities(t);
  const directory = tempDirectory(t);
  writeFileSync(join(directory, "tool"), PROGRAM, { mode: 0o755 });
  writeFileSync(join(directory, "a:b.txt"), "colon");
  const layout = `oci:${join(directory, "layout")}`;
  await pushArtifact(cap, pushRequest(`${layout}:1`, directory, { files: ["tool", "a:b.txt:"] }));
  const archive = `oci-archive:${join(directory, "layout.tar")}`;
  await copyArtifact(cap, { source: `${layout}:1`, target: `${archive}:1`, platform: null, referrers: false });
  return { cap, layout, archive, directory: join(directory, "out") };
}

for (const kind of ["layout", "archive"] as const) {
  test(`pull() writes the files of a package in an OCI ${kind}`, async (t) => {
    const { cap, directory, ...places } = await publish(t);
    const request = { reference: `${places[kind]}:1`, output: null, directory, force: false };
    const { reference, kind: found, files } = await pull(cap, request);
    assert.deepEqual([reference, found], [request.reference, "package"]);
    assert.deepEqual(
      files.map(({ path }) => path),
      [join(directory, "tool"), join(directory, "a:b.txt")],
    );
    assert.deepEqual(readFileSync(join(directory, "tool")), PROGRAM);
    assert.equal(statSync(join(directory, "tool")).mode & 0o777, 0o755);
    assert.equal(readFileSync(join(directory, "a:b.txt"), "utf8"), "colon");
    // A file that already exists with the same content counts as fetched; a different file is not overwritten.
    assert.deepEqual((await pull(cap, request)).files, files);
    writeFileSync(join(directory, "tool"), "mine");
    await assert.rejects(pull(cap, request), { code: "PATH_CONFLICT" });
    await pull(cap, { ...request, force: true });
    assert.deepEqual(readFileSync(join(directory, "tool")), PROGRAM);
  });

  test(`pull() writes one blob of an OCI ${kind}`, async (t) => {
    const { cap, directory, ...places } = await publish(t);
    const digest = digestOf(PROGRAM);
    const request = { reference: `${places[kind]}@${digest}`, output: "saved", directory, force: false };
    const outcome = await pull(cap, request);
    const file = { path: join(directory, "saved"), digest, sizeBytes: PROGRAM.length };
    assert.deepEqual(outcome, { reference: request.reference, kind: "blob", digest, files: [file] });
    assert.deepEqual(readFileSync(file.path), PROGRAM);
    await assert.rejects(pull(cap, request), { code: "PATH_CONFLICT" });
    assert.deepEqual((await pull(cap, { ...request, force: true })).files, [file]);
    const nowhere = { ...request, reference: `${places[kind]}@sha256:${"0".repeat(64)}`, output: null };
    await assert.rejects(pull(cap, nowhere), { code: "HTTP_NOT_FOUND" });
  });
}

test("pull() and copyArtifact() say which tags there are when none is named, or that there are none", async (t) => {
  const { cap, layout, directory } = await publish(t);
  const request = { output: null, directory, force: false };
  await assert.rejects(pull(cap, { ...request, reference: layout }), { code: "REFERENCE_INVALID", hint: /layout:1; / });
  const empty = `oci:${join(directory, "empty")}`;
  mkdirSync(join(directory, "empty"), { recursive: true });
  writeFileSync(join(directory, "empty/oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(directory, "empty/index.json"), '{"schemaVersion":2,"manifests":[]}');
  const copy = { source: empty, target: `${layout}:2`, platform: null, referrers: false };
  await assert.rejects(copyArtifact(cap, copy), { code: "REFERENCE_INVALID", message: /no tag is there/ });
});

test("pull() says which layers it leaves out because they have no title", async (t) => {
  const { cap, layout, directory } = await publish(t);
  const said: string[] = [];
  const emit = (event: Event) => event.kind === "warning" && said.push(event.message);
  const path = join(layout.slice("oci:".length), "index.json");
  const [listed] = JSON.parse(readFileSync(path, "utf8")).manifests;
  const blobOf = (digest: string) => join(layout.slice("oci:".length), "blobs", ...digest.split(":"));
  const manifest = JSON.parse(readFileSync(blobOf(listed.digest), "utf8"));
  manifest.layers[1].annotations = {};
  const bytes = Buffer.from(JSON.stringify(manifest));
  writeFileSync(blobOf(digestOf(bytes)), bytes);
  writeFileSync(
    path,
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...listed, digest: digestOf(bytes), size: bytes.length }] }),
  );
  const request = { reference: `${layout}@${digestOf(bytes)}`, output: null, directory, force: false };
  assert.equal((await pull({ ...cap, emit }, request)).files.length, 1);
  assert.match(said.join("\n"), /Skipped layer sha256:[0-9a-f]{64} .* it has no title/);
});
