import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutZeros } from "../../scripts/drop-zeros.ts";

const PAGE = 4096;
const HEADER_ADDRESS = 0x40_0000;
const ENTRY_BYTES = 56;
const [LOAD, NOTE, TABLE] = [1, 4, 6];
const [READ, WRITE] = [4, 6];

/** Kind, flags, offset, address, bytes in the file and in memory. */
type Segment = readonly [kind: number, flags: number, offset: number, address: number, bytes: number, inMemory: number];

/** An ELF file in which each byte that is not mentioned in `zeros` tells its place, with its table, and room for two more entries. */
function elf(
  segments: readonly Segment[],
  zeros: readonly (readonly [from: number, to: number])[],
  tableAt: number,
): Buffer {
  const pattern = Uint8Array.from({ length: 251 }, (_, at) => at + 1);
  const bytes = Buffer.alloc(tableAt + PAGE, pattern);
  for (const [from, to] of zeros) bytes.fill(0, from, to);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  const room = (segments.length + 4) * ENTRY_BYTES;
  const all: readonly Segment[] = [
    [TABLE, READ, tableAt, 0x9000_0000, room, room],
    ...segments,
    [LOAD, READ, tableAt, 0x9000_0000, room, room],
  ];
  bytes.writeBigUInt64LE(BigInt(tableAt), 32);
  bytes.writeUInt16LE(ENTRY_BYTES, 54);
  bytes.writeUInt16LE(all.length, 56);
  for (const [index, [kind, flags, offset, address, inFile, inMemory]] of all.entries()) {
    const at = tableAt + index * ENTRY_BYTES;
    bytes.writeUInt32LE(kind, at);
    bytes.writeUInt32LE(flags, at + 4);
    for (const [place, value] of [offset, address, address, inFile, inMemory, PAGE].entries())
      bytes.writeBigUInt64LE(BigInt(value), at + 8 + place * 8);
  }
  return bytes;
}

/** What is in memory, page by page in the order of their addresses, but for the header and the table. */
function mapped(bytes: Buffer): { readonly addresses: readonly number[]; readonly content: Buffer } {
  const number = (at: number) => Number(bytes.readBigUInt64LE(at));
  const tableAt = number(32);
  const pages = new Map<number, Buffer>();
  for (let index = 0; index < bytes.readUInt16LE(56); index += 1) {
    const at = tableAt + index * ENTRY_BYTES;
    const [offset, address, inFile, inMemory] = [number(at + 8), number(at + 16), number(at + 32), number(at + 40)];
    if (bytes.readUInt32LE(at) !== LOAD || offset === tableAt) continue;
    assert.equal(offset % PAGE, address % PAGE, "the system maps pages");
    const memory = Buffer.alloc(inMemory);
    bytes.copy(memory, 0, offset, offset + inFile);
    for (let place = 0; place < inMemory; place += PAGE) {
      assert.ok(!pages.has(address + place), "nothing is mapped twice");
      pages.set(address + place, memory.subarray(place, place + PAGE));
    }
  }
  pages.delete(HEADER_ADDRESS);
  const sorted = [...pages].sort(([one], [other]) => one - other);
  return { addresses: sorted.map(([address]) => address), content: Buffer.concat(sorted.map(([, page]) => page)) };
}

const MIB = 1024 * 1024;
const SEGMENTS: readonly Segment[] = [
  [LOAD, READ, 0, HEADER_ADDRESS, 4 * MIB, 4 * MIB],
  [LOAD, WRITE, 4 * MIB, 0x90_0000, MIB, 2 * MIB],
  [LOAD, READ, 5 * MIB, 0x1000_0000, MIB, MIB],
  [NOTE, READ, 5 * MIB, 0x1000_0000, MIB, MIB],
];

test("withoutZeros() leaves out the longest stretches of zeros, and what is mapped stays the same", () => {
  const [long, longer, short] = [
    [MIB + 10, MIB + 10 + 400 * 1024],
    [2 * MIB, 3 * MIB],
    [3 * MIB + PAGE, 3 * MIB + PAGE + 100 * 1024],
  ] as const;
  const whole = elf(SEGMENTS, [long, longer, short], 6 * MIB);
  const small = withoutZeros(Buffer.from(whole));
  assert.ok(small !== null);
  assert.equal(whole.length - small.length, MIB + 400 * 1024 - PAGE, "only whole pages");
  const [before, after] = [mapped(whole), mapped(small)];
  assert.deepEqual(after.addresses, before.addresses);
  assert.ok(after.content.equals(before.content));
});

test("withoutZeros() leaves alone what is written to, and what something else than loading refers to", () => {
  const zeros = [
    [4 * MIB + PAGE, 5 * MIB - PAGE],
    [5 * MIB + PAGE, 6 * MIB - PAGE],
  ] as const;
  assert.equal(withoutZeros(elf(SEGMENTS, zeros, 6 * MIB)), null);
});

test("withoutZeros() is null for what is no ELF file, and where the table cannot grow", () => {
  assert.equal(withoutZeros(Buffer.alloc(4 * MIB)), null);
  const full = elf(SEGMENTS, [[2 * MIB, 3 * MIB]], 6 * MIB);
  const own = 6 * MIB + 5 * ENTRY_BYTES;
  full.writeBigUInt64LE(BigInt(6 * ENTRY_BYTES), own + 32);
  assert.equal(withoutZeros(full), null);
});
