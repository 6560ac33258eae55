import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { copyArtifact } from "../../src/oci-tools/copy-artifact.ts";
import { deleteManifest, fetchManifest, resolveArtifact, tagManifest } from "../../src/oci-tools/manifest.ts";
import { pushArtifact } from "../../src/oci-tools/push-artifact.ts";
import { listReferrers } from "../../src/oci-tools/referrers.ts";
import { nearestTag } from "../../src/package-format/missing-tag.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { pushRequest, testCapabilities } from "./artifact-test-context.ts";

test("every command that reads a tag names the nearest one where it is missing", async (t) => {
  const cap = testCapabilities(t);
  const directory = tempDirectory(t);
  writeFileSync(join(directory, "f.txt"), "f\n");
  const layout = `oci:${join(directory, "layout")}`;
  for (const tag of ["1.0.0", "1.2.0"]) {
    await pushArtifact(cap, pushRequest(`${layout}:${tag}`, directory, { files: ["f.txt"] }));
  }
  const hintOf = async (work: Promise<unknown>) => {
    const error: unknown = await work.catch((problem: unknown) => problem);
    assert.ok(hasCode(error, "HTTP_NOT_FOUND"), String(error));
    return error.hint;
  };
  const reference = `${layout}:1.1.9`;
  const target = `oci:${join(directory, "other")}:1`;
  const works = [
    () => resolveArtifact(cap, reference),
    () => fetchManifest(cap, reference),
    () => tagManifest(cap, { reference, tags: ["new"] }),
    () => deleteManifest(cap, reference),
    () => listReferrers(cap, { reference, artifactType: null, recursive: false }),
    () => copyArtifact(cap, { source: reference, target, platform: null, referrers: false }),
  ];
  for (const work of works) assert.equal(await hintOf(work()), `Did you mean ${layout}:1.2.0?`);
  const missing = `${layout}@sha256:${"0".repeat(64)}`;
  assert.equal(await hintOf(resolveArtifact(cap, missing)), "Its tags are 1.2.0, 1.0.0");
  assert.equal(await hintOf(resolveArtifact(cap, `${layout}:stable`)), "Its tags are 1.2.0, 1.0.0");
});

const TAGS = ["stable", "1.2.0", "1.0.0", "1.0.0-x86_64-linux", "2.0.0-rc1"];

for (const [typed, near] of [
  ["v1.0.0", "1.0.0"],
  ["1.0.1-x86_64-linux", "1.0.0-x86_64-linux"],
  ["stabel", "stable"],
  ["latest", "1.2.0"],
  ["edge", null],
] as const) {
  test(`nearestTag() of ${typed} is ${near}`, () => {
    assert.equal(nearestTag(typed, TAGS), near);
  });
}
