import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { replacedTargets } from "./interleaved.ts";
import { publishWorld } from "./world.ts";

const SBOM = JSON.stringify({ spdxVersion: "SPDX-2.3", SPDXID: "SPDXRef-DOCUMENT", name: "trurl", packages: [] });

const WITHOUT = /^No tag was set\. Publish without --sbom/;
const REFUSALS = [
  ["HTTP_UNEXPECTED", "Cannot push: it answered 400", {}, WITHOUT],
  [
    "HTTP_FORBIDDEN",
    "Cannot push: it answered 403",
    { hint: "Run `pkg login x`" },
    /^No tag was set\. Run `pkg login x`$/,
  ],
  [
    "HTTP_UNAUTHORIZED",
    "Cannot push: it answered 401",
    { hint: "Run `pkg login x`" },
    /^No tag was set\. Run `pkg login x`$/,
  ],
] as const;

for (const [code, refusal, advice, hint] of REFUSALS) {
  test(`publish() finds out before any tag is set that a registry takes no attachments: ${code}`, async (t) => {
    const world = await publishWorld(t);
    writeFileSync(join(world.directory, "trurl.spdx.json"), SBOM);
    const tags: (string | null)[] = [];
    const network = replacedTargets(world.context, (target) => ({
      ...target,
      pushManifest: async (manifest, signal) => {
        if (manifest.bytes.includes('"subject"')) throw new PkgError(code, refusal, { ...advice });
        tags.push(manifest.tag);
        return target.pushManifest(manifest, signal);
      },
    }));
    const publishing = world.publishIn({ ...world.context, network }, { sboms: ["trurl.spdx.json"] });
    await assert.rejects(publishing, { code, message: /Cannot attach "trurl\.spdx\.json".*40[013]/, hint });
    assert.deepEqual(tags, [null, null, null]);
  });
}
