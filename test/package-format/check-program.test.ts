import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { type ElfFacts, type ProgramFacts, readProgram } from "../../src/package/elf.ts";
import { checkBuilds, checkProgram, checkProvides, libcOfAll } from "../../src/package-format/check-program.ts";

const ELF: ElfFacts = {
  kind: "elf",
  architecture: "amd64",
  system: null,
  libc: "static",
  interpreter: null,
  isProgram: true,
};
const GLIBC: ElfFacts = { ...ELF, libc: "glibc", interpreter: "/lib64/ld-linux-x86-64.so.2" };
const CLAIM = { path: "dist/trurl", platform: { os: "linux", architecture: "amd64" }, libc: null };

const refused = (pattern: RegExp) => (error: unknown) =>
  hasCode(error, "PUBLISH_INVALID") && pattern.test(error.message);

test("checkProgram() gives type and C library as the program says", () => {
  assert.deepEqual(checkProgram(CLAIM, ELF), { type: "static", libc: "static" });
  assert.deepEqual(checkProgram(CLAIM, GLIBC), { type: "dynamic", libc: "glibc" });
  assert.deepEqual(checkProgram(CLAIM, { kind: "script", interpreter: { path: "/bin/sh", looksUp: null } }), {
    type: "script",
    libc: null,
  });
  assert.deepEqual(checkProgram({ ...CLAIM, libc: "glibc" }, GLIBC), { type: "dynamic", libc: "glibc" });
  const odd = { ...GLIBC, libc: null, interpreter: "/lib/ld-uClibc.so.0" };
  assert.deepEqual(checkProgram(CLAIM, odd), { type: "dynamic", libc: null });
});

const MISMATCHES: readonly (readonly [facts: ProgramFacts, claim: Partial<typeof CLAIM>, message: RegExp])[] = [
  [{ ...ELF, architecture: "arm64" }, {}, /expected a program for linux\/amd64, found one for linux\/arm64/],
  [{ ...ELF, system: "freebsd" }, {}, /found one for freebsd\/amd64/],
  [ELF, { platform: { os: "darwin", architecture: "amd64" } }, /for darwin\/amd64, found one for linux\/amd64/],
  [{ ...ELF, isProgram: false }, {}, /found a library or an object file/],
  [{ kind: "other", what: "a Windows program" }, {}, /found a Windows program/],
];
for (const [facts, claim, message] of MISMATCHES) {
  test(`checkProgram() refuses: ${message}`, () => {
    assert.throws(() => checkProgram({ ...CLAIM, ...claim }, facts), refused(message));
  });
}

test("checkProgram() refuses a C library that contradicts the program", () => {
  assert.throws(() => checkProgram({ ...CLAIM, libc: "musl" }, GLIBC), refused(/for musl, found one for glibc/));
  assert.throws(() => checkProgram({ ...CLAIM, libc: "musl" }, ELF), refused(/static and needs none/));
});

test("checkProgram() accepts programs of other systems unseen", () => {
  const windows = { ...CLAIM, platform: { os: "windows", architecture: "amd64" } };
  assert.deepEqual(checkProgram(windows, { kind: "other", what: "a Windows program" }), {
    type: "dynamic",
    libc: null,
  });
});

test("libcOfAll() gives the C library that all programs of a directory need", () => {
  assert.equal(libcOfAll("d", ["static", "glibc", null]), "glibc");
  assert.equal(libcOfAll("d", ["static", null]), "static");
  assert.equal(libcOfAll("d", [null]), null);
  assert.throws(() => libcOfAll("d", ["glibc", "musl"]), refused(/some of its programs need glibc, others musl/));
});

test("checkBuilds() refuses two programs for one platform and C library", () => {
  const other = { ...CLAIM, path: "dist/other" };
  assert.throws(() => checkBuilds([CLAIM, other]), refused(/"dist\/trurl" is for linux\/amd64 as well/));
  // Static programs and scripts run on the same machines.
  assert.throws(() => checkBuilds([{ ...CLAIM, libc: "static" }, other]), refused(/as well/));
  checkBuilds([CLAIM, { ...other, libc: "musl" }, { ...CLAIM, platform: { os: "linux", architecture: "arm64" } }]);
});

test("checkProvides() refuses a name that the package does not have", () => {
  checkProvides({ name: "trurl", provides: ["trurl==url"] }, { path: "p", programs: [] });
  checkProvides({ name: "suite", provides: ["a", "b=>c"] }, { path: "p", programs: ["a", "b"] });
  checkProvides({ name: "suite", provides: null }, { path: "p", programs: ["a"] });
  const single = () => checkProvides({ name: "trurl", provides: ["curl"] }, { path: "p", programs: [] });
  assert.throws(single, refused(/provides has "curl", expected one of "trurl"/));
  const directory = () => checkProvides({ name: "suite", provides: ["suite"] }, { path: "p", programs: ["a", "b"] });
  assert.throws(directory, refused(/expected one of "a", "b"/));
});

test("readProgram() and checkProgram() agree on an empty file", async () => {
  const facts = await readProgram(async () => Buffer.alloc(0));
  assert.throws(() => checkProgram(CLAIM, facts), refused(/found an empty file/));
});
