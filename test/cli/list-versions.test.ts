import assert from "node:assert/strict";
import { test } from "node:test";
import { versionTags } from "../../src/inspect/older-tags.ts";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";

async function said(home: SampleHome, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await home.pkg(args);
  return stdout + stderr;
}

test("pkg versions lists what the index, the registry and the store have, the newest first", async (t) => {
  const home = await makeSampleHome(t);
  const built = ["1.0.0", "1.1.0", "1.2.0", "0.9.0"].map((version) => home.build({ name: "tool", version }));
  const [first, second, third] = built;
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  await home.push(...built);
  home.publishIndex(first);
  await home.pkg(["install", "tool"]);
  home.publishIndex(second);
  assert.equal((await home.pkg(["update"])).code, 0);
  home.publishIndex(second, third);
  await home.pkg(["sync"]);
  await home.pkg(["pin", "tool"]);
  const version = (text: string, item: object) => ({ version: text, isInstalled: false, isKept: false, ...item });
  const newest = version("1.2.0", { repository: "tools", reference: null });
  const pinned = version("1.1.0", { isInstalled: true, isPinned: true });
  const kept = version("1.0.0", { repository: "tools", isKept: true });
  assert.partialDeepStrictEqual(await home.json("versions", "tool", "nosuch"), {
    code: 1,
    document: {
      packages: [
        { name: "tool", versions: [newest, pinned, kept, version("0.9.0", { repository: null })], unasked: [] },
        { name: "nosuch", error: { code: "PACKAGE_NOT_FOUND" } },
      ],
    },
  });
  assert.match(
    await said(home, "versions", "tool"),
    /1\.0\.0 .*pkg use tool@1\.0\.0\n.*0\.9\.0 +pkg install \S+:0\.9\.0/,
  );
  await home.pkg(["unpin", "tool"]);
  assert.match(await said(home, "changes"), /^tool 1\.1\.0 → 1\.2\.0 +tools\n +size: .* on disk now, .* to download/);
  await home.pkg(["pin", "tool"]);
  assert.match(await said(home, "changes"), /^tool stays at 1\.1\.0, as it is pinned; 1\.2\.0 is available/);
  home.takeRequests();
  const offline = await said(home, "versions", "tool", "--offline");
  assert.deepEqual(home.takeRequests(), []);
  assert.match(offline, /1\.2\.0 .*\n.*1\.1\.0 .*installed, pinned\n.*1\.0\.0/);
  assert.doesNotMatch(offline, /0\.9\.0/);
  assert.match(offline, /Older tags of \S+tool are not known/);
  assert.match(await said(home, "versions", "tool@1.0"), /^tool\n +1\.0\.0/);
  assert.match(await said(home, "versions", "tool@7"), /no such version\n.*pkg versions tool/);
  // The index has no such version any more: what is pinned is placed again all the same, and no wish is made of it.
  home.publishIndex(third);
  await home.pkg(["sync"]);
  const again = await home.pkg(["reinstall", "tool"]);
  assert.equal(again.code, 0, again.stderr);
  assert.partialDeepStrictEqual(await home.json("list"), {
    document: { packages: [{ version: "1.1.0", isPinned: true, wish: null }] },
  });
});

test("a pinned reference is held, and shown so, while its tag stands for something else", async (t) => {
  const home = await makeSampleHome(t);
  const [one, two] = ["1.0.0", "1.1.0"].map((version) => home.build({ name: "tool", version }));
  assert.ok(one !== undefined && two !== undefined);
  await home.push(one, two);
  const at = (tag: string) => `${home.registryHost}/${one.repository}:${tag}`;
  await home.pkg(["oci", "tag", at(one.tag), "stable"]);
  const { code, stderr } = await home.pkg(["install", at("stable"), "--insecure-skip", "signature"]);
  assert.equal(code, 0, stderr);
  await home.pkg(["pin", "tool"]);
  await home.pkg(["oci", "tag", at(two.tag), "stable"]);
  assert.match(await said(home, "outdated"), /tool +stable → stable \(rebuilt\) +\(pinned\)/);
  for (const line of [["update"], ["update", "tool"]]) {
    const { code, stderr } = await home.pkg(line);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /tool stays at stable, as it is pinned; another build of it is available: `pkg unpin tool`/);
  }
  assert.match(
    await said(home, "versions", "tool"),
    /1\.1\.0 +pkg install .*\n.*1\.0\.0 +pkg install .*\n.*stable +installed, pinned/,
  );
  await home.pkg(["unpin", "tool"]);
  assert.match(await said(home, "update"), /tool stable/);
});

test("of tags, those of other machines and those that move with versions are no versions", () => {
  const tags = [
    "latest",
    "1",
    "1.2",
    "1.2.0",
    "1.2.0-x86_64-linux",
    "1.2.0-aarch64-linux",
    "1.1.0-amd64",
    "1.0.0-arm64",
  ];
  assert.deepEqual(versionTags(tags, "x86_64-linux"), [
    ["1.2.0", "1.2.0"],
    ["1.1.0", "1.1.0-amd64"],
  ]);
});
