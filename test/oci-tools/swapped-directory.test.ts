import assert from "node:assert/strict";
import { mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { RESUMABLE_BYTES } from "../../src/fs/partial-file.ts";
import type { Source } from "../../src/oci/content.ts";
import { openSource, withPlace } from "../../src/oci-tools/open-place.ts";
import { pullFiles } from "../../src/oci-tools/pull-files.ts";
import { pullTools } from "../../src/oci-tools/pull-layer.ts";
import { pushArtifact } from "../../src/oci-tools/push-artifact.ts";
import { chooseManifest } from "../../src/sources/choose-manifest.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { pushRequest, testCapabilities } from "./artifact-test-context.ts";

/** A place whose blobs count as far away, and that does something else first whenever one is opened. */
function remote(place: Source, onOpen: () => void): Source {
  return {
    location: place.location,
    resolve: place.resolve.bind(place),
    fetchManifest: place.fetchManifest.bind(place),
    fetchDocument: place.fetchDocument.bind(place),
    listTags: place.listTags.bind(place),
    listReferrers: place.listReferrers.bind(place),
    openBlob: (blob, position, signal) => {
      onOpen();
      return place.openBlob(blob, position, signal);
    },
  };
}

for (const kind of ["file", "directory"] as const) {
  test(`a ${kind} does not follow a directory that becomes a link while it is fetched`, async (t) => {
    const cap = testCapabilities(t);
    const [directory, files] = [tempDirectory(t), tempDirectory(t)];
    const [out, victim] = [join(directory, "out"), join(directory, "victim")];
    for (const made of [join(files, "sub/tree"), victim]) mkdirSync(made, { recursive: true });
    const content = Buffer.alloc(RESUMABLE_BYTES, "some content");
    writeFileSync(join(files, "sub/tree/large"), content);
    const pushed = { files: [kind === "file" ? "sub/tree/large" : "sub/tree"], compression: "none" as const };
    const reference = `oci:${join(directory, "layout")}:v1`;
    await pushArtifact(cap, pushRequest(reference, files, pushed));
    const swap = () => {
      renameSync(join(out, "sub"), join(out, "moved"));
      symlinkSync(victim, join(out, "sub"));
    };
    mkdirSync(join(victim, "tree"));
    const before = readdirSync(victim, { recursive: true });
    await withPlace(openSource(cap, reference), async ({ place }) => {
      const choice = { source: place, key: "v1", platform: null, machine: cap.config, signal: cap.signal };
      const manifest = await chooseManifest(choice);
      await assert.rejects(
        pullFiles(pullTools(cap, remote(place, swap)), manifest, {
          directory: out,
          existing: "replace",
          dotFiles: "refuse",
          hint: "",
        }),
        (error) => hasCode(error, "PATH_CONFLICT") && /is a link/.test(error.message),
      );
    });
    assert.deepEqual(readdirSync(victim, { recursive: true }), before);
  });
}
