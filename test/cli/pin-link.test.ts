import assert from "node:assert/strict";
import { existsSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";

async function homeWith(t: Parameters<typeof makeSampleHome>[0], versions: readonly string[]): Promise<SampleHome> {
  const home = await makeSampleHome(t);
  const built = versions.map((version) => home.build({ name: "tool", version }));
  await home.push(...built);
  home.publishIndex(...built.slice(0, 1));
  await home.pkg(["install", "tool"]);
  home.publishIndex(...built);
  return home;
}

test("pkg use switches to a kept version without a request, which update then keeps to", async (t) => {
  const home = await homeWith(t, ["1.0.0", "1.1.0"]);
  await said(home, "update");
  home.publishIndex();
  assert.match(await said(home, "use", "tool@1.0.0", "--dry-run"), /^would change tool 1\.1\.0 → 1\.0\.0\n$/);
  assert.match(await said(home, "use", "tool@1.0.0", "--offline"), /tool 1\.1\.0 → 1\.0\.0/);
  assert.match(await said(home, "verify", "tool"), /ok tool 1\.0\.0/);
  assert.match(await said(home, "use", "tool@1"), /tool 1\.0\.0 → 1\.1\.0/);
  assert.match(await said(home, "use", "tool@7"), /not kept; here are 1\.1\.0, 1\.0\.0\n.*pkg install tool@7/);
  assert.match(await said(home, "use", "tool"), /expected a version/);
  assert.partialDeepStrictEqual(await home.json("list"), { document: { packages: [{ version: "1.1.0", wish: "1" }] } });
});

async function said(home: SampleHome, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await home.pkg(args);
  return stdout + stderr;
}

test("pkg pin keeps a package as it is until unpin, and outdated shows what is available", async (t) => {
  const home = await homeWith(t, ["1.0.0", "1.1.0"]);
  assert.match(await said(home, "pin", "tool@1.1.0"), /version 1\.0\.0 of "tool" is installed/);
  assert.match(await said(home, "pin", "tool", "--dry-run"), /tool 1\.0\.0 would be pinned/);
  assert.partialDeepStrictEqual(await home.json("pin", "tool", "nosuch"), {
    code: 1,
    document: {
      packages: [
        { action: "mark", isPinned: true },
        { action: "fail", name: "nosuch" },
      ],
    },
  });
  assert.match(await said(home, "pin", "tool"), /is pinned already/);
  await home.pkg(["sync"]);
  for (const line of [["outdated"], ["outdated", "tool"]])
    assert.match(await said(home, ...line), /tool +1\.0\.0 → 1\.1\.0 +\(pinned\)/);
  for (const line of [["update"], ["update", "tool"]])
    assert.match(await said(home, ...line), /1\.1\.0 is available: `pkg unpin tool`/);
  for (const word of ["tool", "tool@1.1.0"]) {
    assert.partialDeepStrictEqual(await home.json("install", word), {
      code: 1,
      document: { packages: [{ action: "fail", error: { code: "PACKAGE_PINNED" } }] },
    });
  }
  assert.equal((await home.pkg(["reinstall", "tool@1.0.0"])).code, 0);
  assert.partialDeepStrictEqual(await home.json("list"), {
    document: { packages: [{ version: "1.0.0", isPinned: true }] },
  });
  assert.match(await said(home, "unpin", "tool", "--dry-run"), /^tool 1\.0\.0 would not be pinned any more\n$/);
  assert.match(await said(home, "unpin", "tool"), /^tool 1\.0\.0 is not pinned any more\n$/);
  assert.match(await said(home, "unpin", "tool"), /^tool 1\.0\.0 is not pinned\n$/);
  assert.match(await said(home, "history"), / pkg unpin tool \(now\)\n {3}= tool 1\.0\.0 unpinned\n/);
  assert.match(
    await said(home, "undo", "--dry-run"),
    /^Would undo: pkg unpin tool\nwould change tool 1\.0\.0: pinned\n$/,
  );
  assert.match(await said(home, "update", "tool"), /tool 1\.0\.0 → 1\.1\.0/);
});

test("pkg unlink keeps programs away through update and reinstall, and link takes them over from another package", async (t) => {
  const home = await homeWith(t, ["1.0.0", "1.1.0"]);
  const link = join(home.path, "bin", "tool");
  assert.match(await said(home, "unlink", "tool:nosuch"), /it has no program "nosuch"\n.*It has tool/);
  assert.match(await said(home, "unlink", "tool", "--dry-run"), /would have no programs/);
  assert.equal(existsSync(link), true);
  assert.match(await said(home, "unlink", "tool:tool"), /has no programs in the bin directory/);
  for (const line of [["update"], ["use", "tool@1.0.0"], ["reinstall", "tool"], ["pin", "tool"], ["unlink", "tool"]]) {
    const { code, stderr } = await home.pkg(line);
    assert.equal(code, 0, stderr);
    assert.equal(existsSync(link), false, line.join(" "));
  }
  assert.match(await said(home, "verify", "tool"), /ok tool/);
  assert.match(await said(home, "link", "tool"), /has tool in the bin directory/);
  assert.equal(existsSync(link), true);
  assert.match(await said(home, "link", "tool"), /as before/);
});

test("pkg link takes a command over from another package, which has it back by unlink", async (t) => {
  const home = await makeSampleHome(t);
  const other = home.build({ name: "other", version: "1.0.0", entry: { provides: ["other==tool"] } });
  const [old, tool] = ["0.9.0", "1.0.0"].map((version) => home.build({ name: "tool", version }));
  assert.ok(old && tool);
  await home.push(old, tool, other);
  home.publishIndex(old, other);
  assert.equal((await home.pkg(["install", "tool"])).code, 0);
  home.publishIndex(tool, other);
  assert.equal((await home.pkg(["update", "tool"])).code, 0);
  assert.equal((await home.pkg(["install", "other", "--force"])).code, 0);
  const owner = () => readlinkSync(join(home.path, "bin", "tool")).split("/")[2];
  assert.match(await said(home, "use", "tool@0.9.0"), /tool 1\.0\.0 → 0\.9\.0/);
  assert.equal(owner(), "other");
  assert.match(await said(home, "link", "tool"), /was of other, and is of tool now/);
  assert.equal(owner(), "tool");
  assert.match(await said(home, "use", "tool@1.0.0"), /tool 0\.9\.0 → 1\.0\.0/);
  assert.equal(owner(), "tool");
  assert.match(await said(home, "unlink", "tool"), /is of other again/);
  assert.equal(owner(), "other");
  assert.equal((await home.pkg(["link", "tool:tool"])).code, 0);
  assert.equal((await home.pkg(["remove", "tool"])).code, 0);
  assert.equal(owner(), "other");
});
