import assert from "node:assert/strict";
import { type FileHandle, open } from "node:fs/promises";
import { describe, it } from "node:test";
import { type ReadAt, readProgram } from "../../src/package/elf.ts";
import { type ElfOptions, elfFile } from "../support/elf-file.ts";
import { staticProgram } from "../support/static-program.ts";

const MAX_READ_BYTES = 64 * 1024;
const MAX_READS = 5;

/** Fails if more is read than a bounded reader may. */
function readerOf(file: Buffer): ReadAt {
  let reads = 0;
  return async (offset, length) => {
    reads += 1;
    assert.ok(reads <= MAX_READS, "it reads on and on");
    assert.ok(Number.isSafeInteger(offset) && offset >= 0, `it reads at ${offset}`);
    assert.ok(length >= 0 && length <= MAX_READ_BYTES, `it reads ${length} bytes`);
    return file.subarray(offset, offset + length);
  };
}

const factsOf = (file: Buffer) => readProgram(readerOf(file));

const X86 = "/lib64/ld-linux-x86-64.so.2";
const MUSL = "/lib/ld-musl-aarch64.so.1";

const PROGRAMS: readonly (readonly [what: string, options: ElfOptions, architecture: string, libc: string | null])[] = [
  ["a static program", {}, "amd64", "static"],
  ["glibc", { interpreter: X86, type: 3 }, "amd64", "glibc"],
  ["musl", { machine: 183, interpreter: MUSL, type: 3 }, "arm64", "musl"],
  ["a static program that may lie anywhere", { type: 3, dynamic: [21, 0x6ffffffb] }, "amd64", "static"],
  ["glibc, its interpreter far into the file", { interpreter: X86, interpreterAt: 9_000_000 }, "amd64", "glibc"],
  [
    "glibc in a store of its own",
    { interpreter: "/nix/store/abc-glibc-2.40/lib/ld-linux-x86-64.so.2" },
    "amd64",
    "glibc",
  ],
  ["glibc on riscv64", { machine: 243, interpreter: "/lib/ld-linux-riscv64-lp64d.so.1" }, "riscv64", "glibc"],
  ["32 bits, little", { is64: false, machine: 3, interpreter: "/lib/ld-linux.so.2" }, "386", "glibc"],
  ["64 bits, big", { isLittle: false, machine: 22, interpreter: "/lib/ld64.so.1" }, "s390x", "glibc"],
  ["32 bits, big", { is64: false, isLittle: false, machine: 8 }, "mips", "static"],
  ["ppc64le", { machine: 21, interpreter: "/lib64/ld64.so.2" }, "ppc64le", "glibc"],
  ["x32, which is no amd64", { is64: false }, "amd64 of 32 bits", "static"],
  ["another interpreter", { interpreter: "/system/bin/linker64" }, "amd64", null],
  ["a machine without a name", { machine: 94 }, "ELF machine 94", "static"],
];

describe("readProgram()", () => {
  for (const [what, options, architecture, libc] of PROGRAMS) {
    it(`knows ${what}`, async () => {
      const facts = await factsOf(elfFile(options));
      assert.deepEqual(facts, {
        kind: "elf",
        architecture,
        libc,
        system: null,
        interpreter: options.interpreter ?? null,
        isProgram: true,
      });
    });
  }

  it("knows the programs of this machine", async () => {
    const file: FileHandle = await open(process.execPath);
    const read: ReadAt = async (offset, length) => {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    const facts = await readProgram(read).finally(() => file.close());
    assert.equal(facts.kind, "elf");
    assert.equal(facts.kind === "elf" && facts.isProgram, true);
    const own = await factsOf(staticProgram("hello"));
    assert.equal(own.kind === "elf" && own.libc, "static");
  });

  it("knows a system that is not Linux", async () => {
    const facts = await factsOf(elfFile({ system: 9 }));
    assert.equal(facts.kind === "elf" && facts.system, "freebsd");
  });

  it("tells libraries, object files and core dumps from programs", async () => {
    const library = { type: 3, entry: 0 };
    const kinds = [{ type: 3, dynamic: [14] }, { type: 3, dynamic: [1] }, library, { type: 1 }, { type: 4 }];
    for (const options of kinds) {
      const facts = await factsOf(elfFile(options));
      assert.equal(facts.kind === "elf" && facts.isProgram, false, JSON.stringify(options));
    }
  });

  const others: readonly (readonly [start: string, kind: string, what: RegExp])[] = [
    ["#!/bin/sh\n", "script", /^$/],
    ["", "other", /empty/],
    ["MZ\x90", "other", /Windows/],
    ["\xcf\xfa\xed\xfe", "other", /macOS/],
    ["PK\x03\x04", "other", /zip/],
    ["hello", "other", /text file without a "#!" line/],
    ["\x00\x01\x02", "other", /neither/],
    ["#!\n", "other", /names no interpreter/],
    ["#! \t\r\n", "other", /names no interpreter/],
    ["\x7fELF", "other", /damaged/],
  ];
  for (const [start, kind, what] of others) {
    it(`knows what begins with ${JSON.stringify(start)}`, async () => {
      const facts = await factsOf(Buffer.from(start, "latin1"));
      assert.equal(facts.kind, kind);
      assert.match(facts.kind === "other" ? facts.what : "", what);
    });
  }

  it("takes no interpreter that is longer than a path, not text, or not all there", async () => {
    const long = elfFile({ interpreter: `/${"a".repeat(5000)}` });
    const control = elfFile({ interpreter: "/lib/\u0007ld-linux" });
    const cut = elfFile({ interpreter: X86, interpreterAt: 20_000 }).subarray(0, 20_010);
    for (const file of [long, control, cut]) assert.equal((await factsOf(file)).kind, "other");
  });

  it("takes no program of which only the beginning is there", async () => {
    const whole = staticProgram("hello");
    assert.deepEqual(await factsOf(whole.subarray(0, -1)), { kind: "other", what: "a damaged ELF file" });
    assert.equal((await factsOf(Buffer.concat([whole, Buffer.from("appended")]))).kind, "elf");
  });

  it("reads no more than a few bounded parts, whatever the fields say", async () => {
    const random = generator(7);
    for (let round = 0; round < 5_000; round++) {
      const is64 = round % 2 === 0;
      const file = elfFile({ is64, isLittle: round % 3 !== 0, interpreter: X86, dynamic: [14, 1], type: 3 });
      const changes = 1 + (random() % 8);
      for (let change = 0; change < changes; change++) {
        // Everything that is read except the magic number.
        file[4 + (random() % 260)] = random() % 4 === 0 ? 0xff : random() & 0xff;
      }
      await factsOf(file);
    }
  });
});

/** Numbers that are the same in every run (xorshift32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
