import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { relocateFile } from "../../src/relocate/relocate-file.ts";
import { relocateLink } from "../../src/relocate/relocate-link.ts";
import { relocateRunpath } from "../../src/relocate/runpath.ts";
import { elfFile } from "../support/elf-file.ts";

const HOME = { path: "/home/ann/.pkg" };
const BUILD = "/home/linuxbrew/.linuxbrew";

function relocated(content: string | Buffer, prefix: Parameters<typeof relocateFile>[1] = HOME): Buffer {
  return Buffer.from(relocateFile({ path: "share/file", bytes: Buffer.from(content) }, prefix));
}

suite("relocateFile()", () => {
  const texts: readonly (readonly [before: string, after: string])[] = [
    ["#!@@HOMEBREW_PREFIX@@/bin/bash\n", "#!/home/ann/.pkg/bin/bash\n"],
    ["a=@@HOMEBREW_CELLAR@@/jq/1.8.1 @@HOMEBREW_CELLAR@@", "a=/home/ann/.pkg/Cellar/jq/1.8.1 /home/ann/.pkg/Cellar"],
    ["@@HOMEBREW_REPOSITORY@@:@@HOMEBREW_LIBRARY@@", "/home/ann/.pkg/Homebrew:/home/ann/.pkg/Homebrew/Library"],
    ["#!@@HOMEBREW_PERL@@ -w", "#!/home/ann/.pkg/opt/perl/bin/perl -w"],
    ["JAVA_HOME=@@HOMEBREW_JAVA@@", "JAVA_HOME=/home/ann/.pkg/opt/openjdk/libexec"],
    ["@@HOMEBREW_OTHER@@ @@HOMEBREW_PREFIX@", "@@HOMEBREW_OTHER@@ @@HOMEBREW_PREFIX@"],
    [`prefix=${BUILD}\nlib=${BUILD}/lib`, "prefix=/home/ann/.pkg\nlib=/home/ann/.pkg/lib"],
    [`${BUILD}-old ${BUILD}.old ${BUILD}2`, `${BUILD}-old ${BUILD}.old ${BUILD}2`],
  ];
  for (const [before, after] of texts) {
    test(`makes of the text ${JSON.stringify(before)} what it should be`, () => {
      assert.equal(relocated(before).toString(), after);
    });
  }

  test("makes of a long text what it makes of its parts", () => {
    const rest = `\n${"-".repeat(2 ** 20)}`;
    const befores = ["@@HOMEBREW_PREFIX@@HOMEBREW_CELLAR@@", "@@HOMEBREW_@@@HOMEBREW_PERL@@@@HOMEBREW_JAVA@@@@"];
    for (const before of [...befores, ...texts.map(([one]) => one)]) {
      const expected = relocated(before, { path: "/é" });
      const found = relocated(`${before}${rest}${before}`, { path: "/é" });
      assert.ok(found.equals(Buffer.concat([expected, Buffer.from(rest), expected])), before);
    }
    assert.equal(relocated(befores[0] ?? "").toString(), "/home/ann/.pkgHOMEBREW_CELLAR@@");
  });

  test("keeps every byte of a text that is not UTF-8, and writes a prefix of other letters as UTF-8", () => {
    const before = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("@@HOMEBREW_PREFIX@@")]);
    assert.deepEqual(relocated(before, { path: "/é" }), Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("/é")]));
  });

  test("takes the Java that the bottle was built for", () => {
    const prefix = { ...HOME, java: "openjdk@21" };
    assert.equal(relocated("@@HOMEBREW_JAVA@@", prefix).toString(), "/home/ann/.pkg/opt/openjdk@21/libexec");
  });

  test("returns the same bytes when there is nothing to replace", () => {
    for (const content of ["", "text", "\0data", elfFile()]) {
      const bytes = Buffer.from(content);
      assert.equal(relocateFile({ path: "x", bytes }, HOME), bytes);
    }
  });

  test("fills up a shorter prefix in data, so that nothing moves and no length is wrong", () => {
    const before = Buffer.from(`\0${BUILD}/share/jq\0\x21${BUILD}/etc then other text\0`);
    const after = relocated(before);
    assert.equal(after.length, before.length);
    assert.equal(
      after.toString(),
      "\0/home/ann/.pkg////////////" + "/share/jq\0\x21/home/ann/.pkg////////////" + "/etc then other text\0",
    );
  });

  test("replaces placeholders in a script that data follows, and in data that they were put into as into a text", () => {
    const script = Buffer.from("#!@@HOMEBREW_PREFIX@@/bin/python3\nPK\x03\x04\0@@HOMEBREW_CELLAR@@");
    assert.equal(relocated(script).toString(), "#!/home/ann/.pkg/bin/python3\nPK\x03\x04\0/home/ann/.pkg/Cellar");
    const changed = { path: "x", bytes: Buffer.from("a\0@@HOMEBREW_PREFIX@@/lib"), hasText: true };
    assert.equal(Buffer.from(relocateFile(changed, HOME)).toString(), "a\0/home/ann/.pkg/lib");
  });

  test("leaves what has sums of what it holds as it is, under a longer prefix too", () => {
    for (const start of ["PK\x03\x04", "\x1f\x8b", "\xfd7zXZ\0", "BZh", "\x28\xb5\x2f\xfd"]) {
      const bytes = Buffer.from(`${start}\0${BUILD}/etc`, "latin1");
      assert.equal(relocateFile({ path: "x.jar", bytes }, { path: `/${"x".repeat(40)}` }), bytes);
    }
  });

  test("refuses a script whose first line the kernel would cut, unless it was as long before", () => {
    const script = (bytes: number) => `#!@@HOMEBREW_PREFIX@@/${"x".repeat(bytes - 22)}\n`;
    const long = { path: `/${"p".repeat(59)}` };
    assert.equal(relocated(script(214), long).indexOf("\n"), 255);
    assert.throws(() => relocated(script(215), long), {
      message: 'Cannot relocate "share/file": its first line would have 256 bytes, and the kernel reads 255 of it',
    });
    assert.equal(relocated(`#!/usr/bin/env x ${"y".repeat(300)}@@HOMEBREW_PREFIX@@`).length, 300 + 17 + 14);
  });

  test("replaces no placeholder in data that nobody loads", () => {
    const bytes = Buffer.from("\0@@HOMEBREW_PREFIX@@/lib");
    assert.equal(relocateFile({ path: "x", bytes }, HOME), bytes);
    const object = Buffer.concat([elfFile({ type: 1 }), Buffer.from("@@HOMEBREW_PREFIX@@")]);
    assert.equal(relocateFile({ path: "x.o", bytes: object }, HOME), object);
  });

  test("refuses data that is pinned to a shorter prefix, and says both lengths", () => {
    assert.throws(() => relocated(`\0${BUILD}/lib`, { path: "/home/somebody/with/a/long/name" }), {
      code: "RELOCATION_FAILED",
      message:
        'Cannot relocate "share/file": it is built for a prefix of 26 bytes, and "/home/somebody/with/a/long/name" has 31',
      hint: "Set a shorter `prefix` in the repository's section of config.toml",
    });
  });

  test("refuses an ELF file that it cannot change", () => {
    const small = Buffer.concat([elfFile({ is64: false, machine: 3 }), Buffer.from("@@HOMEBREW_PREFIX@@")]);
    assert.throws(() => relocated(small), {
      code: "RELOCATION_FAILED",
      message: /"share\/file": it is not of the 64-bit class/,
    });
  });
});

suite("relocateRunpath()", () => {
  const paths: readonly (readonly [before: string, after: string])[] = [
    ["@@HOMEBREW_PREFIX@@/lib", "/home/ann/.pkg/lib"],
    [
      "@@HOMEBREW_PREFIX@@/opt/x/lib:@@HOMEBREW_CELLAR@@/y/1/lib",
      "/home/ann/.pkg/opt/x/lib:/home/ann/.pkg/Cellar/y/1/lib:/home/ann/.pkg/lib",
    ],
    [`$ORIGIN/../lib:$${"{ORIGIN}"}:$ORIGINAL/x`, `$ORIGIN/../lib:$${"{ORIGIN}"}:/home/ann/.pkg/lib`],
    ["/tmp/build/lib::relative:/usr/lib", "/home/ann/.pkg/lib"],
    ["@@HOMEBREW_PREFIX@@/lib:@@HOMEBREW_PREFIX@@/lib", "/home/ann/.pkg/lib"],
    ["@@HOMEBREW_PREFIX@@/opt/gcc/lib/gcc/15", "/home/ann/.pkg/opt/gcc/lib/gcc/current:/home/ann/.pkg/lib"],
    [
      "@@HOMEBREW_PREFIX@@/lib/gcc/15/x:@@HOMEBREW_PREFIX@@2/lib",
      "/home/ann/.pkg/lib/gcc/current/x:/home/ann/.pkg/lib",
    ],
    ["", "/home/ann/.pkg/lib"],
  ];
  for (const [before, after] of paths) {
    test(`makes of ${JSON.stringify(before)} what it should be`, () =>
      assert.equal(relocateRunpath(before, HOME), after));
  }
});

suite("relocateLink()", () => {
  const at = `${HOME.path}/Cellar/jq/1.8.1/bin/jq`;
  const links: readonly (readonly [before: string, after: string])[] = [
    ["../lib/x", "../lib/x"],
    ["@@HOMEBREW_PREFIX@@/opt/y/bin/y", "../../../../opt/y/bin/y"],
    ["@@HOMEBREW_CELLAR@@/jq/1.8.1/libexec/jq", "../libexec/jq"],
    [`${BUILD}/etc/jq`, "../../../../etc/jq"],
    [`${BUILD}-old/etc`, `${BUILD}-old/etc`],
    ["/usr/share/zoneinfo", "/usr/share/zoneinfo"],
  ];
  for (const [before, after] of links) {
    test(`makes of ${before} what it should be`, () => assert.equal(relocateLink(before, { at, prefix: HOME }), after));
  }
});
