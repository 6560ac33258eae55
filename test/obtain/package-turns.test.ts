import assert from "node:assert/strict";
import { test } from "node:test";
import { createPackageTurns } from "../../src/obtain/package-turns.ts";
import type { Resolution } from "../../src/plan/resolution.ts";

type Sized = Parameters<ReturnType<typeof createPackageTurns>["turn"]>[0];

const MIB = 1024 * 1024;

function sized(sizeBytes: number | null, kind: Resolution["origin"]["kind"] = "artifact"): Sized {
  return { origin: { kind } as Resolution["origin"], expected: { sizeBytes } as Resolution["expected"] };
}

const CASES: readonly (readonly [string, number, readonly Sized[], number])[] = [
  ["thrice as many small ones", 2, Array.from({ length: 9 }, () => sized(MIB)), 6],
  ["one after the other with 1", 1, Array.from({ length: 9 }, () => sized(MIB)), 1],
  ["large ones", 2, Array.from({ length: 9 }, () => sized(5 * MIB)), 2],
  ["those of an unknown size", 2, Array.from({ length: 9 }, () => sized(null)), 2],
  ["three bottles where there would be two others", 2, Array.from({ length: 9 }, () => sized(null, "bottle")), 3],
  ["bottles one after the other with 1", 1, Array.from({ length: 9 }, () => sized(null, "bottle")), 1],
  ["both kinds, in order", 2, [sized(MIB), sized(5 * MIB), sized(MIB), sized(MIB), sized(MIB)], 4],
];

test("createPackageTurns() lets so many be obtained at a time, and more of those that are small", async (t) => {
  for (const [name, concurrency, packages, expected] of CASES) {
    await t.test(name, async () => {
      const { limit, turn } = createPackageTurns(concurrency);
      const ends: (() => void)[] = [];
      const all = packages.map((item) => turn(item, () => new Promise<void>((end) => ends.push(end))));
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(ends.length, expected);
      assert.ok(ends.length <= limit);
      for (let done = 0; done < packages.length; done += 1) {
        ends[done]?.();
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(all);
    });
  }
});
