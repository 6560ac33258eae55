import assert from "node:assert/strict";
import { test } from "node:test";
import { trimIcu } from "../../scripts/trim-icu.ts";

const NAMES = [
  "brkitr/cjdict.dict",
  "brkitr/root.res",
  "curr/de.res",
  "de_AT.res",
  "en_GB.res",
  "res_index.res",
  "zh.res",
  "zoneinfo64.res",
];

/** An executable with the data of ICU in it: each item is its own name. */
function executable(names: readonly string[]): Buffer {
  const header = Buffer.alloc(32);
  header.writeUInt16LE(header.length, 0);
  header.set([0xda, 0x27], 2);
  header.write("CmnD", 12);
  const full = names.map((name) => `icudt78l/${name}\0`);
  const table = Buffer.alloc(4 + names.length * 8);
  table.writeUInt32LE(names.length, 0);
  const namesAt = table.length;
  const dataAt = namesAt + full.join("").length;
  for (const place of names.keys()) {
    const before = full.slice(0, place).join("").length;
    table.writeUInt32LE(namesAt + before, 4 + place * 8);
    table.writeUInt32LE(dataAt + before, 8 + place * 8);
  }
  return Buffer.concat([Buffer.from("code CmnD code"), header, table, Buffer.from(full.join("").repeat(2))]);
}

test("trimIcu() takes out the data of other languages, and moves nothing", () => {
  const bytes = executable(NAMES);
  const { length } = bytes;
  const dropped = ["brkitr/cjdict.dict", "curr/de.res", "de_AT.res", "zh.res"];
  assert.equal(trimIcu(bytes), dropped.join("").length + dropped.length * "icudt78l/\0".length);
  assert.equal(bytes.length, length);
  const table = bytes.indexOf("CmnD", 12) + 20;
  assert.equal(bytes.readUInt32LE(table), NAMES.length - dropped.length);
  const text = (at: number) => bytes.toString("latin1", table + at, bytes.indexOf(0, table + at));
  const kept = NAMES.filter((name) => !dropped.includes(name)).map((name) => `icudt78l/${name}`);
  for (const [place, name] of kept.entries()) {
    assert.equal(text(bytes.readUInt32LE(table + 4 + place * 8)), name);
    assert.equal(text(bytes.readUInt32LE(table + 8 + place * 8)), name);
  }
  assert.throws(() => trimIcu(Buffer.from("CmnD")), /no data of ICU/);
});
