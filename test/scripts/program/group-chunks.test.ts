import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { groupChunks, type Run } from "../../../scripts/program/group-chunks.ts";

suite("groupChunks()", () => {
  const KIB = 1024;
  const run = (weight: number, ...chunks: readonly string[]): Run => ({ weight, chunks: new Set(chunks) });
  const cases: readonly {
    readonly when: string;
    readonly sizes: Readonly<Record<string, number>>;
    readonly runs: readonly Run[];
    readonly groups: readonly (readonly string[])[];
  }[] = [
    {
      when: "the same runs use chunks: these are one script, what no run uses is in none",
      sizes: { a: 90 * KIB, b: 90 * KIB, never: KIB },
      runs: [run(1, "a", "b"), run(1, "a", "b")],
      groups: [["a", "b"]],
    },
    {
      when: "one run does not use what is large: it does not read it",
      sizes: { a: KIB, large: 90 * KIB },
      runs: [run(1, "a", "large"), run(1, "a")],
      groups: [["a"], ["large"]],
    },
    {
      when: "what one run does not use is small: it costs less than another script",
      sizes: { a: 90 * KIB, small: KIB },
      runs: [run(1, "a", "small"), run(1, "a")],
      groups: [["a", "small"]],
    },
    {
      when: "what is run often does not use what is small: it does not read it",
      sizes: { a: 90 * KIB, small: KIB },
      runs: [run(1, "a", "small"), run(8, "a")],
      groups: [["a"], ["small"]],
    },
    {
      when: "no run uses both",
      sizes: { a: KIB, b: KIB },
      runs: [run(1, "a"), run(1, "b")],
      groups: [["a"], ["b"]],
    },
  ];
  for (const { when, sizes, runs, groups } of cases)
    test(`when ${when}`, () => {
      assert.deepEqual(groupChunks(new Map(Object.entries(sizes)), runs), groups);
    });
});
