import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { rememberSerial } from "../../src/keys/serial-memory.ts";
import { withNamedVersion } from "../../src/publish/named-version.ts";
import { publishWorld } from "./world.ts";

const NOTHING = {
  ...{ reference: null, name: null, version: null, license: null, description: null, homepage: null, source: null },
  ...{ family: null, id: null, files: [], documents: [], provides: [] },
};

const PLACE = "ghcr.io/me/tools/trurl";

const NAMED: readonly (readonly [
  typed: string,
  other: string | null,
  reference: string | null,
  version: string | null,
])[] = [
  [PLACE, null, PLACE, null],
  [PLACE, "1.0.0", PLACE, "1.0.0"],
  [`${PLACE}:1.0.0`, null, PLACE, "1.0.0"],
  [`${PLACE}:v1.0.0`, "1.0.0", PLACE, "1.0.0"],
  [`${PLACE}:1.0.0_5`, "1.0.0+5", PLACE, "1.0.0+5"],
  [`${PLACE}:1.0.0+b.5`, null, PLACE, "1.0.0+b.5"],
  [`${PLACE}:1.0.0+b`, "v1.0.0+b", PLACE, "v1.0.0+b"],
  [`${PLACE}@1.0.0`, null, PLACE, "1.0.0"],
  ["127.0.0.1:5000/trurl", null, "127.0.0.1:5000/trurl", null],
  ["127.0.0.1:5000/trurl:2", null, "127.0.0.1:5000/trurl", "2"],
  ["v1.2.0", null, null, "v1.2.0"],
  ["1.2.0", "1.2.0", null, "1.2.0"],
  ["not a reference", null, "not a reference", null],
];

test("withNamedVersion() takes the version from a tag, or from a version in place of a reference", () => {
  for (const [typed, other, reference, version] of NAMED) {
    const named = withNamedVersion({ ...NOTHING, reference: typed, version: other });
    assert.deepEqual([named.reference, named.version], [reference, version], typed);
  }
});

test("withNamedVersion() refuses two versions, naming both, and a tag that is no version", () => {
  const refused = (reference: string, version: string | null) => {
    try {
      withNamedVersion({ ...NOTHING, reference, version });
    } catch (error) {
      return error instanceof PkgError ? `${error.code}: ${error.message}` : error;
    }
    return null;
  };
  assert.match(String(refused(`${PLACE}:1.0.0`, "2.0.0")), /PUBLISH_INVALID: .*"1\.0\.0".*--version says "2\.0\.0"/);
  assert.match(String(refused("v1.0.0", "2.0.0")), /"v1\.0\.0".*"2\.0\.0"/);
  assert.match(String(refused(`${PLACE}:latest`, null)), /"latest" is no version/);
  assert.match(String(refused(`${PLACE}:1.0.0@sha256:${"a".repeat(64)}`, null)), /it has a digest/);
});

test("publish() takes the version from the tag, without its v, and publishes each version once", async (t) => {
  const { publish, host } = await publishWorld(t);
  const reference = `${host}/me/tools/trurl:v8.14.1`;
  const first = await publish({ typed: { reference, version: null } });
  assert.deepEqual([first.version, first.reference], ["8.14.1", `${host}/me/tools/trurl:8.14.1`]);
  assert.deepEqual(first.next, { install: `pkg install ${host}/me/tools/trurl:8.14.1`, index: null });
  assert.equal((await publish({ typed: { version: "8.14.1" } })).state, "existed");
});

test("publish() refuses a version that is there with a v before it", async (t) => {
  const { publish, context, host } = await publishWorld(t);
  const { digest } = await publish();
  const place = (await context.network()).repository(
    { registry: host, name: "me/tools/trurl", tag: null, digest: null },
    { task: "tag", namedBy: "person" },
  );
  const document = await place.fetchDocument(digest, context.signal);
  await place.pushManifest({ ...document, tag: "v9.0.0" }, context.signal);
  await assert.rejects(publish({ typed: { version: "9.0.0" } }), { code: "VERSION_EXISTS", message: /v9\.0\.0/ });
});

test("publish() refuses a tag that pkg.json contradicts", async (t) => {
  const { publish, host, directory } = await publishWorld(t);
  writeFileSync(join(directory, "pkg.json"), JSON.stringify({ version: "2.0.0" }));
  const typed = { reference: `${host}/me/tools/trurl:1.0.0`, version: null };
  await assert.rejects(publish({ typed, manifest: "pkg.json" }), {
    code: "PUBLISH_INVALID",
    message: /names version "1\.0\.0", and pkg\.json says "2\.0\.0"/,
  });
});

test("publish() names the index that was published from here, and how the registry is reached", async (t) => {
  const world = await publishWorld(t);

  const index = `${world.host}/me/index`;
  for (const place of ["/srv/index", "ghcr.io/me/index", index]) {
    rememberSerial(world.context.config.paths, [`published ${place}`], { serial: 1, document: "0" });
  }
  const { next } = await world.publish();
  assert.equal(next?.index, `pkg index publish ${index} --from ${world.host}/me/tools/trurl`);
});
