import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { machineLibraries } from "../../src/programs/machine-libraries.ts";
import { missingLibraries } from "../../src/programs/missing-libraries.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { elfFile } from "../support/elf-file.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

const GLIBC = "/lib64/ld-linux-x86-64.so.2";
const MUSL = "/lib/ld-musl-x86_64.so.1";
const LINKER = elfFile({ type: 3 });
/** Of another machine, 386. */
const FOREIGN = elfFile({ type: 3, machine: 3 });

/** A directory that stands for `/`, with these files. */
function rootWith(t: Cleanup, files: Readonly<Record<string, Uint8Array | string>>): string {
  const root = tempDirectory(t);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** As `ldconfig` writes it. */
function cacheOf(libraries: readonly (readonly [name: string, path: string, hwcap?: bigint])[]): Buffer {
  const header = Buffer.alloc(48);
  header.write("glibc-ld.so.cache1.1");
  header.writeUInt32LE(libraries.length, 20);
  let at = 48 + libraries.length * 24;
  const texts: Buffer[] = [];
  const put = (text: string) => {
    texts.push(Buffer.from(`${text}\0`));
    at += text.length + 1;
    return at - text.length - 1;
  };
  const entries = libraries.map(([name, path, hwcap = 0n]) => {
    const entry = Buffer.alloc(24);
    entry.writeUInt32LE(put(name), 4);
    entry.writeUInt32LE(put(path), 8);
    entry.writeBigUInt64LE(hwcap, 16);
    return entry;
  });
  return Buffer.concat([header, ...entries, ...texts]);
}

/** A cache of the old format, with one library, and then one of the new. */
function afterOld(cache: Buffer): Buffer {
  const old = Buffer.alloc(32);
  old.write("ld.so-1.7.0");
  old.writeUInt32LE(1, 12);
  return Buffer.concat([old, cache]);
}

/** A library that defines a version. */
function library(t: Cleanup, version: string): Buffer {
  const root = rootWith(t, { "a.c": "int f(void) { return 1; }", map: `${version} { global: f; };` });
  const words = ["-shared", "-nostdlib", "-Wl,--version-script=map", "-Wl,-soname,libf.so.1", "a.c", "-o", "a.so"];
  const { status, stderr } = spawnSync("gcc", words, { cwd: root });
  assert.equal(status, 0, String(stderr));
  return readFileSync(join(root, "a.so"));
}

suite("machineLibraries()", { skip: skipWithout("gcc") }, () => {
  test("reads a library's versions where glibc's cache or its directories have it, past those of other machines", (t) => {
    const found = library(t, "F_2.1");
    const cache = cacheOf([
      ["libf.so.1", "/lib32/libf.so.1"],
      ["libf.so.1", "/opt/v3/libf.so.1", 1n << 62n],
      ["libf.so.1", "/opt/lib/libf.so.1"],
      ["libgone.so.1", "/opt/lib/libgone.so.1"],
    ]);
    for (const written of [cache, afterOld(cache)]) {
      const root = rootWith(t, {
        [GLIBC]: LINKER,
        "/etc/ld.so.cache": written,
        "/lib32/libf.so.1": FOREIGN,
        "/opt/v3/libf.so.1": library(t, "F_9"),
        "/opt/lib/libf.so.1": found,
        "/usr/lib/libg.so.1": found,
        "/lib/libbad.so.1": LINKER,
      });
      const libraries = machineLibraries(GLIBC, root);
      assert.equal(libraries.find("libf.so.1")?.path, join(root, "/opt/lib/libf.so.1"));
      assert.ok(libraries.find("libf.so.1")?.versions?.has("F_2.1"));
      assert.equal(libraries.find("libg.so.1")?.path, join(root, "/usr/lib/libg.so.1"));
      for (const name of ["libgone.so.1", "libbad.so.1", "../opt/lib/libf.so.1"]) {
        assert.equal(libraries.find(name), null, name);
      }
      const needs = {
        needed: ["libf.so.1", "libx.so"],
        neededVersions: [versions("libf.so.1", "F_10", "F_9", "F_2.1")],
      };
      assert.deepEqual(missingLibraries(needs, libraries), [
        { library: "libf.so.1", versions: ["F_9", "F_10"] },
        { library: "libx.so", versions: [] },
      ]);
      assert.deepEqual(
        missingLibraries(needs, libraries, () => true),
        [],
      );
    }
  });

  test("finds nothing where the interpreter is not, and takes a damaged cache for none", (t) => {
    const files = { "/lib64/libf.so.1": library(t, "F_1"), "/etc/ld.so.cache": "" };
    assert.equal(machineLibraries(GLIBC, rootWith(t, files)).find("libf.so.1"), null);
    const whole = cacheOf([["libf.so.1", "/opt/libf.so.1"]]);
    for (const length of [0, 11, 20, 40, 60, 75, 90]) {
      const root = rootWith(t, { ...files, [GLIBC]: LINKER, "/etc/ld.so.cache": whole.subarray(0, length) });
      assert.equal(machineLibraries(GLIBC, root).find("libf.so.1")?.path, join(root, "/lib64/libf.so.1"));
    }
  });
});

function versions(name: string, ...wanted: readonly string[]) {
  return { library: name, versions: wanted };
}

test("machineLibraries() looks where musl's linker does, which has its own C library and compares no versions", (t) => {
  const root = rootWith(t, { [MUSL]: LINKER, "/usr/lib/libz.so.1": LINKER, "/lib/libz.so.1": FOREIGN });
  const libraries = machineLibraries(MUSL, root);
  assert.deepEqual(libraries.find("libc.musl-x86_64.so.1"), { path: join(root, MUSL), versions: null });
  assert.equal(libraries.find("libz.so.1")?.path, join(root, "/usr/lib/libz.so.1"));
  assert.equal(libraries.find("libstdc++.so.6"), null);
  const listed = rootWith(t, { [MUSL]: LINKER, "/opt/libz.so.1": LINKER, "/etc/ld-musl-x86_64.path": "/x:/opt\n/y" });
  assert.equal(machineLibraries(MUSL, listed).find("libz.so.1")?.path, join(listed, "/opt/libz.so.1"));
});
