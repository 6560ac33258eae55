import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { replacedTargets } from "./interleaved.ts";
import { publishWorld } from "./world.ts";

const SBOM = JSON.stringify({ spdxVersion: "SPDX-2.3", SPDXID: "SPDXRef-DOCUMENT", name: "trurl", packages: [] });

test("publish() finds out before any tag is set that a registry takes no attachments", async (t) => {
  const world = await publishWorld(t);
  writeFileSync(join(world.directory, "trurl.spdx.json"), SBOM);
  const tags: (string | null)[] = [];
  const network = replacedTargets(world.context, (target) => ({
    ...target,
    pushManifest: async (manifest, signal) => {
      if (manifest.bytes.includes('"subject"')) throw new PkgError("HTTP_UNEXPECTED", "Cannot push: it answered 400");
      tags.push(manifest.tag);
      return target.pushManifest(manifest, signal);
    },
  }));
  const publishing = world.publishIn({ ...world.context, network }, { sboms: ["trurl.spdx.json"] });
  await assert.rejects(publishing, { code: "HTTP_UNEXPECTED", message: /Cannot attach "trurl\.spdx\.json".*400/ });
  assert.deepEqual(tags, [null, null, null]);
});
