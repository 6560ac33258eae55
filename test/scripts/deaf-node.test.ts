import assert from "node:assert/strict";
import { test } from "node:test";
import { deafenNode, SILENCED_VARIABLES } from "../../scripts/deaf-node.ts";

/** A string as V8 keeps it in a snapshot: its length, then its characters. */
function inSnapshot(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
}

/** Something with every name once, as a string of C++. */
function sample(except = ""): Buffer {
  const names = SILENCED_VARIABLES.filter((name) => name !== except);
  return Buffer.from(`\0${names.join("\0")}\0`);
}

test("deafenNode() overwrites a name where it is a string of its own, and nowhere else", () => {
  const text = Buffer.from("process.env.NODE_DEBUG; NODE_DEBUG_ENABLED\0");
  const bytes = Buffer.concat([sample(), text, inSnapshot("NODE_DEBUG"), text]);
  const length = bytes.length;
  deafenNode(bytes);
  assert.equal(bytes.length, length);
  assert.ok(bytes.includes("\0=ODE_DEBUG\0"));
  assert.ok(bytes.includes(Buffer.concat([Buffer.from([10, 0, 0, 0]), Buffer.from("=ODE_DEBUG")])));
  assert.equal(bytes.toString("latin1").split(text.toString("latin1")).length, 3);
});

test("deafenNode() throws when Node reads a variable in a way that it does not know", () => {
  assert.throws(() => deafenNode(sample("NODE_V8_COVERAGE")), /does not read "NODE_V8_COVERAGE" in a known way/);
});
