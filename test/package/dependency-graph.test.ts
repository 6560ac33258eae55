import assert from "node:assert/strict";
import { test } from "node:test";
import { allNeeded, type Needs, neededBy, neededFirst, shortestChains } from "../../src/package/dependency-graph.ts";

const GRAPH: Readonly<Record<string, readonly string[]>> = {
  app: ["left", "right"],
  left: ["base"],
  right: ["base", "left"],
  base: [],
  other: ["right"],
  a: ["b"],
  b: ["c"],
  c: ["a"],
};
const needs: Needs = (name) => GRAPH[name] ?? [];

test("neededFirst() gives each once, and what is needed before what needs it", () => {
  assert.deepEqual(neededFirst(["app", "other"], needs), ["base", "left", "right", "app", "other"]);
  assert.deepEqual(neededFirst(["a"], needs), ["c", "b", "a"]);
});

test("neededFirst() follows a chain of 100,000 and a cycle of 50", () => {
  const deep = (name: string) => (Number(name) < 100_000 ? [String(Number(name) + 1)] : []);
  assert.equal(neededFirst(["0"], deep).length, 100_001);
  const cycle = (name: string) => [String((Number(name) + 1) % 50)];
  assert.equal(allNeeded(["7"], cycle).size, 50);
});

test("neededBy() turns the graph round, and shortestChains() leads up to each end", () => {
  const needers = neededBy(Object.keys(GRAPH), needs);
  assert.deepEqual(needers("base"), ["left", "right"]);
  const isEnd = (name: string) => ["app", "other"].includes(name);
  assert.deepEqual(shortestChains("base", needers, isEnd), [
    ["app", "left", "base"],
    ["other", "right", "base"],
  ]);
  assert.deepEqual(
    shortestChains("a", needers, (name) => name === "b"),
    [["b", "c", "a"]],
  );
  assert.deepEqual(shortestChains("app", needers, isEnd), []);
});
