import assert from "node:assert/strict";
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { suite, test } from "node:test";
import { relocateElf } from "../../src/relocate/relocate-elf.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { compile, patch, prefixOf, readBack, run, writeProgram } from "./built.ts";

const PLACEHOLDERS = {
  interpreter: "@@HOMEBREW_PREFIX@@/lib/ld.so",
  path: "@@HOMEBREW_PREFIX@@/opt/other/lib:/build/lib:$ORIGIN/../lib",
};
/** Of a prefix: shorter than the placeholder, as long, and longer. */
const SIZES = [12, 19, 60];

interface Kind {
  readonly name: string;
  readonly flags: readonly string[];
}

const KINDS: readonly Kind[] = [
  { name: "a program that can be loaded anywhere", flags: ["-pie", "-fPIE"] },
  { name: "a program with an address of its own", flags: ["-no-pie"] },
  { name: "a program for large pages", flags: ["-Wl,-z,max-page-size=0x200000"] },
  { name: "a program without symbols", flags: ["-s"] },
  { name: "a program with the older search path", flags: ["-Wl,--disable-new-dtags"] },
  { name: "a program with the older hash table", flags: ["-Wl,--hash-style=sysv"] },
  { name: "a program without a build's name", flags: ["-Wl,--build-id=none"] },
];

suite("relocateElf()", { skip: skipWithout("gcc", "patchelf", "readelf", "strip") }, () => {
  for (const { name, flags } of KINDS) {
    test(`moves ${name} under a prefix of any length`, (t) => {
      const program = compile(t, ...flags);
      patch(t, program, PLACEHOLDERS);
      for (const size of SIZES) assertMoved(program, prefixOf(t, size));
    });
  }

  test("moves a program under a prefix that is as long as a path may be", (t) => {
    const program = compile(t);
    patch(t, program, PLACEHOLDERS);
    assertMoved(program, prefixOf(t, 1000));
  });

  test("writes what fits where it stands, and changes no other byte", (t) => {
    const program = compile(t);
    patch(t, program, PLACEHOLDERS);
    const [before, after] = [readFileSync(program), relocateElf(readFileSync(program), { path: "/a" })];
    assert.equal(after.length, before.length);
    const changed = before.reduce((sum, byte, at) => sum + Number(byte !== after[at]), 0);
    assert.ok(changed <= PLACEHOLDERS.interpreter.length + PLACEHOLDERS.path.length, `${changed} bytes`);
  });

  test("leaves a search path whose end is also the name of a symbol", (t) => {
    const program = compile(t, "-Wl,-rpath,@@HOMEBREW_PREFIX@@/lib/fseek");
    const prefix = prefixOf(t, 12);
    assert.equal(run(moved(program, prefix)), "it works 41 alone\n");
    assert.equal(readBack(moved(program, prefix)).path, `${prefix}/lib/fseek:${prefix}/lib`);
  });

  test("moves the table of program headers when none can be given up", (t) => {
    for (const flags of [["-pie"], ["-no-pie"]]) {
      const program = compile(t, ...flags);
      patch(t, program, PLACEHOLDERS);
      withoutNotes(program);
      const prefix = prefixOf(t, 60);
      assertWorks(moved(program, prefix), prefix);
    }
  });

  test("keeps data that was appended to a program at its end and where it was", (t) => {
    const program = compile(t);
    patch(t, program, PLACEHOLDERS);
    const before = readFileSync(program).length;
    appendFileSync(program, "a long tail");
    const grown = moved(program, prefixOf(t, 60));
    assert.equal(run(grown), "it works 41 with its tail\n");
    assert.equal(
      readFileSync(grown)
        .subarray(before, before + 11)
        .toString(),
      "a long tail",
    );
  });

  test("returns the same bytes for a static program, and for one that names no placeholder", (t) => {
    for (const flags of [["-static"], ["-static-pie"], []]) {
      const bytes = readFileSync(compile(t, ...flags));
      assert.equal(relocateElf(bytes, { path: "/a" }), bytes);
    }
  });
});

function moved(program: string, prefix: string): string {
  return writeProgram(program, relocateElf(readFileSync(program), { path: prefix }));
}

/** It starts, tools read it without complaint, and it stays what it is when it is stripped or patched again. */
function assertMoved(program: string, prefix: string): void {
  const file = moved(program, prefix);
  assertWorks(file, prefix);
  copyFileSync(file, `${file}.copy`);
  run("strip", [file]);
  assertWorks(file, prefix);
  run("patchelf", ["--add-needed", "libm.so.6", `${file}.copy`]);
  assertWorks(`${file}.copy`, prefix);
}

function assertWorks(file: string, prefix: string): void {
  assert.equal(run(file), "it works 41 alone\n");
  assert.deepEqual(readBack(file), {
    interpreter: `${prefix}/lib/ld.so`,
    path: `${prefix}/opt/other/lib:$ORIGIN/../lib:${prefix}/lib`,
  });
  run("readelf", ["-aW", file]);
}

/** Makes its notes something that is neither known nor needed, as in a file that has none. */
function withoutNotes(program: string): void {
  const bytes = readFileSync(program);
  const [table, count] = [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(56)];
  const notes = Array.from({ length: count }, (_, index) => table + index * 56).filter(
    (at) => bytes.readUInt32LE(at) === 4,
  );
  for (const at of notes) bytes.writeUInt32LE(0x6fff_fff0, at);
  writeFileSync(program, bytes);
}
