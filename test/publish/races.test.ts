import assert from "node:assert/strict";
import { test } from "node:test";
import type { Published } from "../../src/publish/outcome.ts";
import { indexWorld } from "../repository-index/world.ts";
import { interleaved } from "./interleaved.ts";
import { failureOf } from "./world.ts";

const TAGS = ["8.14.1", "8.14.1-x86_64-linux", "8.14.1-aarch64-linux", "8.14", "8", "latest"];
const MOMENTS = TAGS.flatMap((tag) => (["before", "after"] as const).map((when) => ({ tag, when })));

for (const { tag, when } of MOMENTS) {
  for (const force of [false, true]) {
    const how = force ? "replaced by force" : "published";
    test(`publish() of two at once tells the loser, whose tags all name the winner's: ${how} ${when} ${tag} is set`, async (t) => {
      const world = await indexWorld(t);
      const other: { done: Published | null; failure: string | null } = { done: null, failure: null };
      const run = async () => {
        try {
          other.done = await world.publish({ typed: { license: "MIT" }, force });
        } catch (error) {
          other.failure = String(error);
        }
      };
      const network = interleaved(world.context, { tag, when, run });
      const ours = await world.publishIn({ ...world.context, network }, { force }).catch((error: unknown) => error);
      const published = [ours, other.done].filter(isPublished);
      const place = await world.repository("me/tools/trurl");
      const at = async (name: string) => (await place.resolve(name, world.context.signal)).digest;
      const [winner, ...others] = published.filter(({ state }) => state !== "existed");
      if (force && published.length === 2) {
        // Whoever replaces a version by force, after it was published, has not raced.
        assert.ok(await isWhole(await at("8.14.1"), published, at));
        return;
      }
      assert.equal(others.length, 0, "both say that they have published the version");
      assert.ok(winner !== undefined, `${String(ours)} ${other.failure}`);
      assert.ok(await isWhole(winner.digest, [winner], at));
      const failure = isPublished(ours) ? other.failure : await failureOf(Promise.reject(ours));
      assert.match(failure ?? "", /VERSION_EXISTS|Cannot publish/);
    });
  }
}

for (const typed of [{}, { version: "8.15.0-rc1" }]) {
  const version = "version" in typed ? typed.version : "8.14.1";
  test(`publish() without rolling tags says so when somebody else publishes ${version} before its tag is set`, async (t) => {
    const world = await indexWorld(t);
    const other: { done: Published | null } = { done: null };
    const rolling = "version" in typed;
    const run = async () => {
      other.done = await world.publish({ typed: { ...typed, license: "MIT" }, rolling });
    };
    const network = interleaved(world.context, { tag: version, when: "before", run });
    const failure = await failureOf(world.publishIn({ ...world.context, network }, { typed, rolling }));
    assert.match(failure, /^VERSION_EXISTS: .*somebody else has published it at the same time, whose tag "8\.1/);
    const again = await world.publish({ typed, rolling });
    assert.equal(again.state, "existed");
    const place = await world.repository("me/tools/trurl");
    for (const { reference, digest } of again.platforms) {
      const tag = reference.slice(reference.lastIndexOf(":") + 1);
      assert.equal((await place.resolve(tag, world.context.signal)).digest, digest);
    }
    assert.ok(other.done !== null);
  });
}

/** True when every tag names the same publication. */
async function isWhole(digest: string, published: readonly Published[], at: (name: string) => Promise<string>) {
  const owner = published.find((item) => item.digest === digest);
  assert.ok(owner !== undefined);
  for (const rolling of ["8.14.1", "8.14", "8", "latest"]) assert.equal(await at(rolling), digest, rolling);
  for (const platform of owner.platforms) {
    const tag = platform.reference.slice(platform.reference.lastIndexOf(":") + 1);
    assert.equal(await at(tag), platform.digest, tag);
  }
  return true;
}

function isPublished(value: unknown): value is Published {
  return typeof value === "object" && value !== null && "platforms" in value;
}
