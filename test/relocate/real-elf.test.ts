import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
} from "node:fs";
import { basename, join } from "node:path";
import { suite, test } from "node:test";
import { relocateElf } from "../../src/relocate/relocate-elf.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { patch, prefixOf, readBack, writeProgram } from "./built.ts";

/** Where a Linux has programs and libraries. */
const DIRECTORIES = [
  "/usr/bin",
  "/usr/sbin",
  "/usr/libexec",
  `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`,
];
/** How many of this machine's files are tried: 400 take about a minute. */
const FILES = Number(process.env["PKG_TEST_ELF_FILES"] ?? 10);
const MAX_BYTES = 30_000_000;
const PATH = "@@HOMEBREW_PREFIX@@/opt/other/lib:/build/lib:$ORIGIN/../lib";

suite("relocateElf() moves this machine's own files", { skip: skipWithout("patchelf", "readelf") }, () => {
  const found = DIRECTORIES.flatMap(loadableFiles);
  const step = Math.max(1, Math.floor(found.length / FILES));
  for (const original of found.filter((_, index) => index % step === 0).filter(hasSearchPath)) {
    test(original, (t) => {
      const file = join(tempDirectory(t), basename(original));
      copyFileSync(original, file);
      chmodSync(file, 0o755);
      const hasInterpreter = readBack(file).interpreter !== null;
      const interpreter = hasInterpreter ? { interpreter: "@@HOMEBREW_PREFIX@@/lib/ld.so" } : {};
      patch(t, file, { ...interpreter, path: PATH });
      const complaints = complaintsOf(file);
      for (const prefix of [prefixOf(t, 12), prefixOf(t, 60)]) {
        const moved = writeProgram(file, relocateElf(readFileSync(file), { path: prefix }));
        assert.deepEqual(readBack(moved), {
          interpreter: hasInterpreter ? `${prefix}/lib/ld.so` : null,
          path: `${prefix}/opt/other/lib:$ORIGIN/../lib:${prefix}/lib`,
        });
        assert.equal(complaintsOf(moved), complaints);
        if (hasInterpreter) assert.equal(loads(`${prefix}/lib/ld.so`, moved), loads(`${prefix}/lib/ld.so`, file));
      }
    });
  }
});

/** Dynamic programs and libraries, in the order of their names. */
function loadableFiles(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  const paths = readdirSync(directory)
    .sort()
    .map((name) => join(directory, name));
  return paths.filter((path) => isSmallFile(path) && isElf(path));
}

function isSmallFile(path: string): boolean {
  const facts = lstatSync(path);
  return facts.isFile() && facts.size < MAX_BYTES;
}

function isElf(path: string): boolean {
  const start = Buffer.alloc(4);
  const file = openSync(path, "r");
  readSync(file, start);
  closeSync(file);
  return start.toString("latin1") === "\x7fELF";
}

/** What is no program or library of this kind has no search path that could be set. */
function hasSearchPath(path: string): boolean {
  return spawnSync("patchelf", ["--print-rpath", path]).status === 0;
}

/** What `readelf` warns of; some files have something odd before anybody changes them. */
function complaintsOf(file: string): string {
  return spawnSync("readelf", ["-aW", file], { encoding: "utf8", maxBuffer: 1e9 }).stderr.replaceAll(file, "FILE");
}

/** Whether the dynamic linker would load it: 0, or 2 for what is no program. */
function loads(interpreter: string, file: string): number | null {
  return spawnSync(interpreter, ["--verify", file]).status;
}
