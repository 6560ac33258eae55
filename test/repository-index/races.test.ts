import assert from "node:assert/strict";
import { test } from "node:test";
import { interleaved } from "../publish/interleaved.ts";
import { DAY_MS, type IndexWorld, indexWorld, NOW } from "./world.ts";

type Publishing = Awaited<ReturnType<IndexWorld["publishPackageIndex"]>>;

/** What came of it: the digest, or the error's code and message. */
async function resultOf(publishing: Promise<Publishing>): Promise<string> {
  try {
    const { outcome } = await publishing;
    return `${outcome.state} ${outcome.serial} ${outcome.digest}`;
  } catch (error) {
    return error instanceof Error && "code" in error ? `${error.code} ${error.message}` : String(error);
  }
}

for (const isFirst of [true, false]) {
  for (const tag of [isFirst ? "1" : "2", "latest"]) {
    for (const when of ["before", "after"] as const) {
      test(`publishPackageIndex() of two at once tells the loser: ${isFirst ? "the first" : "the next"}, ${when} ${tag} is set`, async (t) => {
        const world = await indexWorld(t);
        await world.publish();
        if (!isFirst) await world.publishPackageIndex();
        let theirs = "";
        const run = async () => {
          theirs = await resultOf(world.publishPackageIndex({ at: NOW + DAY_MS }));
        };
        const ours = await resultOf(
          world.publishPackageIndex({ network: interleaved(world.context, { tag, when, run }) }),
        );
        const place = await world.repository("me/index");
        const at = async (name: string) => (await place.resolve(name, world.context.signal)).digest;
        const published = [ours, theirs].filter((result) => result.startsWith("published"));
        for (const result of published) {
          const [, serial = "", digest] = result.split(" ");
          assert.equal(await at(serial), digest, `${ours}\n${theirs}`);
        }
        assert.ok(published.length > 0, `${ours}\n${theirs}`);
        const highest = published.map((result) => result.split(" ")).sort((a, b) => Number(b[1]) - Number(a[1]))[0];
        assert.equal(await at("latest"), highest?.[2], `${ours}\n${theirs}`);
        const lost = [ours, theirs].find((result) => !result.startsWith("published"));
        if (lost !== undefined) assert.match(lost, /^INDEX_ROLLED_BACK .*another one with serial \d, "sha256:/);
      });
    }
  }
}
