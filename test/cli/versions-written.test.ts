import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";

/** A home whose index has a tool in these versions. */
async function withVersions(t: Parameters<typeof makeSampleHome>[0], versions: readonly string[]) {
  const home = await makeSampleHome(t);
  const built = versions.map((version) => home.build({ name: "tool", version }));
  await home.push(...built);
  home.publishIndex(...built);
  return home;
}

async function said(home: SampleHome, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await home.pkg(args);
  return stdout + stderr;
}

test("pkg takes a pre-release only when it is meant, keeps one, and finds packages by every word that installed them", async (t) => {
  const home = await withVersions(t, ["1.0.0", "1.1.0", "2.0.0-rc1"]);
  assert.match(await said(home, "search", "tool"), /tool +1\.1\.0/);
  assert.match(await said(home, "install", "tool"), /tool 1\.1\.0/);
  assert.match(await said(home, "outdated"), /up to date/);
  assert.match(
    await said(home, "install", "tool@2"),
    /The nearest is 2\.0\.0-rc1, a pre-release: type "tool@2\.0\.0-rc1"/,
  );
  assert.match(await said(home, "install", "tool-1.0"), /Did you mean "tool@1\.0"\?/);
  assert.match(await said(home, "update", "tool@2.0.0-rc1"), /tool 1\.1\.0 → 2\.0\.0-rc1/);
  for (const command of ["update", "outdated"]) assert.match(await said(home, command), /up to date/);
  assert.match(await said(home, "install", "tool"), /tool 2\.0\.0-rc1 is up to date/);
  assert.match(await said(home, "update", "tool@1.0"), /2\.0\.0-rc1, which is newer, is installed/);
  assert.match(
    await said(home, "update", "tool@1.2"),
    /no such version, 2\.0\.0-rc1 is installed\n.*The nearest is 1\.1\.0/,
  );
  assert.match(await said(home, "files", "Tool@2:tools"), /bin\/tool -> /);
  assert.match(await said(home, "verify", "tool@2.0.0-rc1"), /ok tool 2\.0\.0-rc1/);
  assert.match(await said(home, "owns", "tool@2"), /^tool 2\.0\.0-rc1$/m);
  assert.match(await said(home, "owns", "tool@1.1.0"), /version 2\.0\.0-rc1 of "tool" is installed/);
  assert.match(await said(home, "remove", "tool@1.1.0"), /version 2\.0\.0-rc1 of "tool" is installed/);
  assert.match(await said(home, "remove", "tool:other"), /"tool" 2\.0\.0-rc1 is installed from "tools"/);
  assert.match(await said(home, "remove", "TOOL@2"), /- tool 2\.0\.0-rc1/);
});

test("pkg update keeps within what was typed, however often it runs", async (t) => {
  const home = await withVersions(t, ["8.13.0"]);
  assert.match(await said(home, "install", "tool@8.13"), /tool 8\.13\.0/);
  const newer = ["8.13.1", "8.13.2", "8.14.0"].map((version) => home.build({ name: "tool", version }));
  await home.push(...newer);
  for (const [count, version] of [
    [1, "8.13.1"],
    [3, "8.13.2"],
  ] as const) {
    home.publishIndex(...newer.slice(0, count));
    assert.match(await said(home, "update"), new RegExp(`→ ${version.replaceAll(".", "\\.")}`));
  }
});

test("pkg names the nearest tag, and takes the newest version of a repository without the tag latest", async (t) => {
  const home = await makeSampleHome(t);
  const built = ["v1.0.0", "1.1.0", "2.0.0-rc1"].map((version) =>
    home.build({ name: "tool", version, registry: home.registryHost }),
  );
  await home.push(...built);
  const place = built[0]?.reference.replace(/:[^:/]+$/, "") ?? "";
  const [, ending = ""] = /:v1\.0\.0(.*)$/.exec(built[0]?.reference ?? "") ?? [];
  assert.match(await said(home, "install", `${place}:1.0.0${ending}`), /Did you mean \S+:v1\.0\.0/);
  assert.match(await said(home, "install", `${place}:1.9${ending}`), /Did you mean \S+:1\.1\.0/);
  assert.match(await said(home, "install", place), /tool 1\.1\.0/);
});

test("pkg info tells about a reference, from its registry or as it was installed", async (t) => {
  const home = await makeSampleHome(t);
  const annotations = { "org.opencontainers.image.description": "A tool" };
  const built = home.build({ name: "tool", version: "1.1.0", registry: home.registryHost, annotations });
  await home.push(built);
  assert.match(
    await said(home, "info", built.reference),
    /^tool 1\.1\.0\nA tool\n(?:.*\n)*.*provides +tool\n(?:.*\n)*not installed/,
  );
  assert.equal((await home.pkg(["install", built.reference])).code, 0);
  home.takeRequests();
  assert.match(await said(home, "info", built.reference), /^installed tool 1\.1\.0/);
  assert.match(await said(home, "info", "Tool@1.1"), /^installed tool 1\.1\.0/);
  assert.match(await said(home, "info", "tool@2"), /Cannot find "tool@2"/);
  assert.ok(home.takeRequests().every((line) => !line.includes("/manifests/")));
});

test("pkg install keeps a range for update and outdated, until the name alone or latest drops it", async (t) => {
  const home = await withVersions(t, ["8.13.0"]);
  await said(home, "install", "tool@^8");
  const newer = ["8.14.0", "9.0.0"].map((version) => home.build({ name: "tool", version }));
  await home.push(...newer);
  home.publishIndex(...newer);
  assert.match(await said(home, "update", "tool"), /tool 8\.13\.0 → 8\.14\.0/);
  assert.match(await said(home, "update"), /stays at 8\.14\.0, as "tool@\^8" asked for; 9\.0\.0 is available/);
  assert.partialDeepStrictEqual(await home.json("outdated"), {
    document: {
      packages: [{ state: "held", version: "8.14.0", availableVersion: "9.0.0", wish: "^8", isPinned: false }],
    },
  });
  assert.match(await said(home, "install", "tool@8.14.0"), /tool 8\.14\.0 is up to date/);
  assert.partialDeepStrictEqual(await home.json("list"), { document: { packages: [{ wish: "8.14.0" }] } });
  await said(home, "install", "tool@<9");
  assert.match(await said(home, "install", "tool@latest"), /tool 8\.14\.0 → 9\.0\.0/);
  assert.partialDeepStrictEqual(await home.json("list"), { document: { packages: [{ wish: null }] } });
});
