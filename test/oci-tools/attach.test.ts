import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { attach } from "../../src/oci-tools/attach.ts";
import { openSource, withPlace } from "../../src/oci-tools/open-place.ts";
import { pushArtifact } from "../../src/oci-tools/push-artifact.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { pushRequest, testCapabilities } from "./artifact-test-context.ts";

async function published(test: TestContext) {
  const cap = testCapabilities(test);
  const directory = tempDirectory(test);
  writeFileSync(join(directory, "f.txt"), "f\n");
  writeFileSync(join(directory, "note.txt"), "a note\n");
  const layout = join(tempDirectory(test), "layout");
  const pushed = await pushArtifact(cap, pushRequest(`oci:${layout}:v1`, directory, { files: ["f.txt"] }));
  return { cap, directory, layout, pushed };
}

test("attach() makes an artifact that is listed among the subject's referrers", async (test) => {
  const { cap, directory, layout, pushed } = await published(test);
  const request = pushRequest(`oci:${layout}:v1`, directory, { files: ["note.txt"] });
  const attached = await attach(cap, { ...request, artifactType: "example/note", platform: null });
  assert.equal(attached.subject, pushed.digest);
  assert.equal(attached.referrersTag, null);
  const referrers = await withPlace(openSource(cap, `oci:${layout}`), ({ place }) =>
    place.listReferrers(pushed.digest, { artifactType: null }, cap.signal),
  );
  assert.deepEqual(
    referrers.map(({ digest, artifactType }) => ({ digest, artifactType })),
    [{ digest: attached.digest, artifactType: "example/note" }],
  );
});

test("attach() gives no tag, and leaves the subject's", async (test) => {
  const { cap, directory, layout, pushed } = await published(test);
  const request = pushRequest(`oci:${layout}:v1`, directory, { files: ["note.txt"] });
  await attach(cap, { ...request, artifactType: "example/note", platform: null });
  const { manifests } = JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
  const tagged = manifests.filter(
    (entry: { annotations?: Record<string, string> }) =>
      entry.annotations?.["org.opencontainers.image.ref.name"] !== undefined,
  );
  assert.deepEqual(
    tagged.map((entry: { digest: string }) => entry.digest),
    [pushed.digest],
  );
});

test("attach() attaches annotations alone, and refuses to attach nothing", async (test) => {
  const { cap, directory, layout } = await published(test);
  const request = pushRequest(`oci:${layout}:v1`, directory, { files: [] });
  const note = { ...request, artifactType: "example/note", platform: null };
  await attach(cap, { ...note, annotations: ["text=hello"] });
  await assert.rejects(attach(cap, note), (error) => hasCode(error, "USAGE"));
});

test("attach() refuses a subject that does not exist", async (test) => {
  const { cap, directory, layout } = await published(test);
  const request = pushRequest(`oci:${layout}:gone`, directory, { files: ["note.txt"] });
  await assert.rejects(attach(cap, { ...request, artifactType: "example/note", platform: null }), (error) =>
    hasCode(error, "HTTP_NOT_FOUND"),
  );
});
