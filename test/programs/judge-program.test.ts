import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { ElfFacts, ProgramFacts } from "../../src/package/elf.ts";
import { judgeFacts, judgeProgram } from "../../src/programs/judge-program.ts";
import { tempDirectory } from "../support/temp-home.ts";

const PLACE = { machine: { host: "x86_64-linux", libcs: ["static" as const] }, searchPath: [] };
const GONE = "/nonexistent/interpreter";

function elf(changes: Partial<ElfFacts> = {}): ProgramFacts {
  const facts = { architecture: "amd64", system: null, libc: "static", interpreter: null, isProgram: true } as const;
  return { kind: "elf", ...facts, ...changes };
}

const script = (path: string, looksUp: string | null = null): ProgramFacts => ({
  kind: "script",
  interpreter: { path, looksUp },
});

const GOOD: readonly (readonly [what: string, facts: ProgramFacts, lacks: RegExp | null])[] = [
  ["a static program", elf(), null],
  ["a program whose loader is there", elf({ libc: "musl", interpreter: process.execPath }), null],
  ["a program whose loader is gone", elf({ libc: null, interpreter: GONE }), /which loads it, does not exist/],
  ["a script", script(process.execPath), null],
  ["a script whose interpreter is a directory", script("/"), /"\/", which runs it, is no program/],
  ["a script whose interpreter is data", script("/etc/passwd"), /"\/etc\/passwd", which runs it, is no program/],
  ["a script without its interpreter", script(GONE), /which runs it, does not exist/],
  ["a script from Windows", script(`${GONE}\r`), /ends as on Windows/],
  [
    "a script whose interpreter is not on PATH",
    script(process.execPath, "python3"),
    /"python3", which runs it, is not on PATH/,
  ],
];

const BAD: readonly (readonly [what: string, facts: ProgramFacts, code: string, found: RegExp])[] = [
  ["data", { kind: "other", what: "a PNG image" }, "PACKAGE_UNINSTALLABLE", /PNG/],
  ["a library", elf({ isProgram: false }), "PACKAGE_UNINSTALLABLE", /a library/],
  ["another machine's", elf({ architecture: "arm64" }), "PLATFORM_UNSUPPORTED", /one for linux\/arm64/],
  ["another word size", elf({ architecture: "386" }), "PLATFORM_UNSUPPORTED", /one for linux\/386/],
  ["another system's", elf({ system: "freebsd" }), "PLATFORM_UNSUPPORTED", /one for freebsd\/amd64/],
  ["musl where there is none", elf({ libc: "musl", interpreter: GONE }), "PLATFORM_UNSUPPORTED", /needs musl/],
];

test("judgeFacts() takes programs of this machine, and says what they lack", () => {
  for (const [what, facts, lacks] of GOOD) {
    const verdict = judgeFacts(facts, PLACE);
    assert.equal(verdict.problem, null, what);
    if (lacks === null) assert.equal(verdict.lacks, null, what);
    else assert.match(verdict.lacks ?? "", lacks, what);
  }
});

test("judgeFacts() refuses what cannot be run here, and says what it is", () => {
  for (const [what, facts, code, found] of BAD) {
    const { problem } = judgeFacts(facts, PLACE);
    assert.equal(problem?.code, code, what);
    assert.match(problem?.found ?? "", found, what);
  }
});

test("judgeProgram() looks for the interpreter that env is asked for in PATH", async (t) => {
  const directory = tempDirectory(t);
  const path = join(directory, "tool");
  mkdirSync(join(directory, "bin"));
  writeFileSync(path, "#!/usr/bin/env runner\n");
  const place = { ...PLACE, searchPath: ["relative", join(directory, "bin")] };
  assert.match((await judgeProgram(path, place)).lacks ?? "", /runner/);
  writeFileSync(join(directory, "bin/runner"), "");
  assert.deepEqual(await judgeProgram(path, place), { problem: null, lacks: null });
});
