import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { placePackage, script, tempProfile } from "../profile/profile-home.ts";
import { elfFile } from "../support/elf-file.ts";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { makeSampleHome } from "../support/sample-home.ts";
import { tempHome } from "../support/temp-home.ts";

/** What is in an artifact of one file, the code that refuses it, and what it is said to be. */
const REFUSED: Readonly<Record<string, readonly [content: string | Buffer, code: string, what: RegExp]>> = {
  pictures: ["\x89PNG\r\n\x1a\n", "PACKAGE_UNINSTALLABLE", /is a PNG image, expected a program for linux\/amd64/],
  words: ["only text\n", "PACKAGE_UNINSTALLABLE", /is a text file/],
  nothing: ["", "PACKAGE_UNINSTALLABLE", /is an empty file/],
  library: [elfFile({ type: 3, dynamic: [14, 1] }), "PACKAGE_UNINSTALLABLE", /is a library or an object file/],
  elsewhere: [elfFile({ machine: 22, isLittle: false }), "PLATFORM_UNSUPPORTED", /one for linux\/s390x/],
};

test("pkg install refuses an artifact whose file is no program, says what it is, and begins nothing", async (t) => {
  const home = tempHome(t);
  const install = async (name: string) => jsonOf(await runPkg(["install", `oci:lay:${name}`, "--json"], { home }));
  for (const [name, [content, code, what]] of Object.entries(REFUSED)) {
    writeFileSync(join(home, name), typeof content === "string" ? Buffer.from(content, "latin1") : content);
    await runPkg(["oci", "push", `oci:${join(home, "lay")}:${name}`, name], { home });
    const document = await install(name);
    assert.partialDeepStrictEqual(document, { packages: [{ action: "fail", error: { code } }] });
    assert.match(JSON.stringify(document).replaceAll('\\"', '"'), what);
    assert.match(JSON.stringify(document), new RegExp(`pkg pull oci:[^ ]*lay:${name}`));
  }
  mkdirSync(join(home, "packed"));
  writeFileSync(join(home, "packed/x"), "x");
  await runPkg(["oci", "push", `oci:${join(home, "lay")}:packed`, "packed"], { home });
  const { stderr } = await runPkg(["install", "oci:lay:packed"], { home });
  assert.match(stderr, /"packed" is a gzip archive, expected a program/);
  assert.ok(!existsSync(join(home, "bin")));
  assert.deepEqual(readdirSync(join(home, "blobs/sha256")), []);
});

test("pkg install makes no command of what is no program in a directory, and refuses one without any", async (t) => {
  const home = await makeSampleHome(t);
  const tool = (body: string) => ({ path: "bin/tool", body, mode: 0o755 });
  const data = { path: "bin/data", body: "no program\n", mode: 0o755 };
  const [mixed, empty, only] = [
    home.build({ name: "mixed", version: "1", directory: [tool("#!/bin/sh\n"), data] }),
    home.build({ name: "empty", version: "1", directory: [{ path: "share/x", body: "x" }] }),
    home.build({ name: "only", version: "1", directory: [data] }),
  ];
  await home.push(mixed, empty, only);
  home.publishIndex(mixed, empty, only);
  const { code, stderr } = await home.pkg(["install", "mixed", "empty", "only"]);
  assert.equal(code, 1);
  assert.match(stderr, /mixed: "bin\/data" is a text file .*it gets no command/);
  assert.match(stderr, /Cannot install "empty": it has no program in its directory bin/);
  assert.match(stderr, /Cannot install "only": "bin\/data" is a text file/);
  assert.deepEqual(readdirSync(join(home.path, "bin")), ["tool"]);
});

test("pkg verify says what the commands are that an earlier version placed", async (t) => {
  const home = tempHome(t);
  const opened = tempProfile(t, { home });
  placePackage(opened, { name: "tool", version: "1", files: { tool: script("tool") }, links: { tool: "tool" } });
  placePackage(opened, { name: "text", version: "1", files: { text: "no program\n" }, links: { text: "text" } });
  for (const name of ["tool", "text"]) chmodSync(join(opened.bin, name), 0o755);
  const result = await runPkg(["verify", "--json"], { home });
  assert.equal(result.code, 1);
  assert.partialDeepStrictEqual(jsonOf(result), {
    packages: [
      { name: "text", state: "unusable", files: [{ state: "unusable", found: 'a text file without a "#!" line' }] },
      { name: "tool", state: "ok" },
    ],
  });
});
