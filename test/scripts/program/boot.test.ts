import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { startProgram } from "../../../scripts/program/boot.ts";

/** A program whose entry requires three chunks of another script; returns which files were read whole, and what it evaluated. */
function start(caches: readonly string[], alone: boolean) {
  const chunk = (name: string, body: string) => `"./${name}.js"(require){${body}},\n`;
  const others = ["A", "B", "C"].map((name) => chunk(name, `globalThis.evaluated.push("${name}")`));
  const seldom = `({${others.join("")}})`;
  const first = `({${chunk("MAIN", others.map((_, index) => `require("./${"ABC"[index]}.js");`).join(""))}})`;
  const places = Object.fromEntries(
    others.map((source, index) => {
      const from = seldom.indexOf(source);
      return [`./${"ABC"[index]}.js`, ["seldom.js", from, from + source.length - 2]];
    }),
  );
  const files = new Map([
    ["first.js", first],
    ["seldom.js", seldom],
    ["chunks.json", JSON.stringify(places)],
    ...caches.map((name) => [name, ""] as const),
  ]);
  const whole: string[] = [];
  const evaluated: string[] = [];
  Object.assign(globalThis, { evaluated });
  startProgram({
    ...{ entry: "./MAIN.js", first: "first.js", alone, require: createRequire(import.meta.url) },
    asset: (name) => {
      const text = files.get(name);
      return text === undefined ? null : Buffer.from(text);
    },
    onScript: (name) => whole.push(name),
  });
  Reflect.deleteProperty(globalThis, "evaluated");
  return { whole, evaluated: evaluated.join("") };
}

test("startProgram() compiles each chunk of a script alone when the script has no code cache", () => {
  assert.deepEqual(start([], true), { whole: ["first.js"], evaluated: "ABC" });
});

test("startProgram() reads a script that has a code cache when a chunk of it is wanted", () => {
  assert.deepEqual(start(["seldom.js.cache"], true), { whole: ["first.js", "seldom.js"], evaluated: "ABC" });
});

test("startProgram() reads every script when none of a script's chunks is to be compiled alone", () => {
  assert.deepEqual(start([], false), { whole: ["first.js", "seldom.js"], evaluated: "ABC" });
});
