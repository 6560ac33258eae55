import assert from "node:assert/strict";
import { describe, it } from "node:test";
import Database from "better-sqlite3";
import { createBlockWriter, MAX_PLAIN_CHARACTERS } from "../../src/index-database/block-writer.ts";
import { BLOCK_TABLE, createBlocks } from "../../src/index-database/entry-blocks.ts";

const LINE = "x".repeat(40 * 1024);
const LINES = MAX_PLAIN_CHARACTERS / LINE.length + 10;

function table() {
  const database = new Database(":memory:");
  database.exec(BLOCK_TABLE);
  return { database, writer: createBlockWriter(database), blocks: createBlocks(database) };
}

describe("createBlockWriter()", () => {
  const full = table();
  const places = Array.from({ length: LINES }, (_, number) => full.writer.add(`${number}${LINE}`));
  full.writer.finish();
  const [first, last] = [full.blocks.block(places[0]?.block ?? -1), full.blocks.block(places.at(-1)?.block ?? -1)];
  assert.ok(first !== undefined && last !== undefined);

  it("keeps the first lines as they are, and packs the others", () => {
    assert.equal(typeof first.data, "string");
    assert.ok(Buffer.isBuffer(last.data));
    for (const [number, place] of places.entries()) assert.equal(full.blocks.line(place), `${number}${LINE}`);
  });

  it("takes no block that is not packed when there are enough of them", () => {
    assert.deepEqual([full.writer.takes(first), full.writer.takes(last)], [false, true]);
    const { writer, blocks } = table();
    assert.deepEqual([writer.takes(first), writer.takes(last)], [true, true]);
    const copied = [first, last].map((block) => blocks.line({ block: writer.copy(block), line: 0 }));
    assert.deepEqual(copied, [`0${LINE}`, full.blocks.line({ block: last.id, line: 0 })]);
  });

  it("counts what is copied", () => {
    const { writer } = table();
    const size = first.data.length;
    for (let copied = 0; copied < MAX_PLAIN_CHARACTERS; copied += size) writer.copy(first);
    assert.equal(writer.takes(first), false);
  });

  it("gives no line that is damaged", () => {
    const { database, writer, blocks } = table();
    const place = writer.add("[1,2]");
    writer.finish();
    database.exec("UPDATE blocks SET data = replace(data, '2', '3')");
    assert.throws(() => blocks.line(place), RangeError);
  });
});
