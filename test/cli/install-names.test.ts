import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type TestContext, test } from "node:test";
import { type BuiltPackage, indexDocument, type PackageOptions } from "../support/package-builder.ts";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";

/** A home with a second repository, `other`. */
async function makeHome(t: TestContext) {
  const home = await makeSampleHome(t);
  home.configure(`[repositories.other]\nurl = "${home.registryUrl}/index/other.json"`);
  const publishOther = (...packages: readonly BuiltPackage[]) =>
    writeFileSync(join(home.path, "served", "index", "other.json"), indexDocument(packages));
  publishOther();
  home.publishIndex();
  /** A package of the repository `other` if `owner` says so; its output shows which. */
  const build = (owner: string, options: Partial<PackageOptions> = {}) =>
    home.build({
      name: "tool",
      version: "1.0.0",
      namespace: `test/${owner}`,
      program: `echo of ${owner}`,
      entry: { pkg_id: `example.${options.name ?? "tool"}` },
      ...options,
    });
  return { home, build, publishOther };
}

const says = (home: SampleHome, name = "tool") =>
  spawnSync(join(home.path, "bin", name), { encoding: "utf8" }).stdout.trim();

const refused = (code: string) => ({ code: 1, document: { packages: [{ action: "fail", error: { code } }] } });

test("pkg install looks for an installed name in its own repository, even if others have it", async (t) => {
  const { home, build, publishOther } = await makeHome(t);
  const [mine, newer, theirs] = [build("tools"), build("tools", { version: "1.1.0" }), build("other")];
  await home.push(mine, newer, theirs);
  home.publishIndex(mine);
  publishOther(theirs);
  const first = await home.pkg(["install", "tool"]);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /^note: tool is taken from tools, and is also in other: type tool:other for that$/m);
  assert.partialDeepStrictEqual(await home.json("install", "tool"), {
    code: 0,
    document: { packages: [{ action: "keep", repository: "tools" }] },
  });
  home.publishIndex(newer);
  publishOther(build("other", { version: "9.0.0" }));
  assert.equal((await home.pkg(["sync"])).code, 0);
  assert.partialDeepStrictEqual(await home.json("install", "tool"), {
    code: 0,
    document: { packages: [{ action: "change", repository: "tools", version: "1.1.0" }] },
  });
  assert.match((await home.pkg(["install", "tool@9.0.0"])).stderr, /no version fits/);
});

test("pkg install gives an installed name to another repository only with --replace", async (t) => {
  const { home, build, publishOther } = await makeHome(t);
  const [mine, theirs] = [build("tools"), build("other")];
  await home.push(mine, theirs);
  home.publishIndex(mine);
  publishOther(theirs);
  assert.equal((await home.pkg(["install", "tool:tools"])).code, 0);
  for (const args of [
    ["tool:other"],
    ["tool:other", "--yes"],
    ["tool:other", "--force"],
    ["tool:other", "--dry-run"],
  ]) {
    home.takeRequests();
    assert.partialDeepStrictEqual(await home.json("install", ...args), refused("NAME_BOUND"), args.join(" "));
    assert.deepEqual(
      home.takeRequests().filter((line) => line.includes("/v2/")),
      [],
      "nothing is fetched for it",
    );
  }
  const told = await home.pkg(["install", "tool:other"]);
  assert.match(told.stderr, /from "other": it is installed from "tools"/);
  assert.match(told.stderr, /hint: .*--replace/);
  assert.equal(says(home), "of tools");
  assert.partialDeepStrictEqual(await home.json("install", "tool:other", "--replace", "--dry-run"), {
    code: 0,
    document: { packages: [{ action: "plan", step: "change" }] },
  });
  assert.equal((await home.pkg(["install", "tool:other", "--replace"])).code, 0);
  assert.equal(says(home), "of other");
});

test("pkg install takes no other repository's package when its own has the name no more", async (t) => {
  const { home, build, publishOther } = await makeHome(t);
  const [mine, theirs] = [build("tools"), build("other", { version: "2.0.0" })];
  await home.push(mine, theirs);
  home.publishIndex(mine);
  assert.equal((await home.pkg(["install", "tool"])).code, 0);
  home.publishIndex();
  publishOther(theirs);
  assert.equal((await home.pkg(["sync"])).code, 0);
  assert.partialDeepStrictEqual(await home.json("install", "tool", "--yes"), refused("NAME_BOUND"));
  assert.partialDeepStrictEqual(await home.json("update"), { code: 0, document: { packages: [{ action: "keep" }] } });
  assert.equal(says(home), "of tools");
});

test("pkg install binds a name to a direct reference too", async (t) => {
  const { home, build } = await makeHome(t);
  const indexed = build("tools");
  const [direct, another] = ["direct", "another"].map((owner) => build(owner, { registry: home.registryHost }));
  assert.ok(direct !== undefined && another !== undefined);
  await home.push(indexed, direct, another);
  home.publishIndex(indexed);
  assert.equal((await home.pkg(["install", direct.reference])).code, 0);
  assert.partialDeepStrictEqual(await home.json("install", "tool"), refused("NAME_BOUND"));
  assert.partialDeepStrictEqual(await home.json("install", another.reference), refused("NAME_BOUND"));
  assert.equal(says(home), "of direct");
  assert.equal((await home.pkg(["install", "tool", "--replace"])).code, 0);
  assert.partialDeepStrictEqual(await home.json("install", direct.reference), refused("NAME_BOUND"));
});

test("pkg install takes a protected name only when it is allowed by name", async (t) => {
  const { home, build } = await makeHome(t);
  const built = build("tools", { provides: ["tool", "tool==sudo", "tool==ls"] });
  await home.push(built);
  home.publishIndex(built);
  for (const args of [[], ["--yes"], ["--force"], ["--allow-name", "ls"]]) {
    assert.partialDeepStrictEqual(
      await home.json("install", "tool", ...args),
      refused("NAME_PROTECTED"),
      args.join(" "),
    );
  }
  const told = await home.pkg(["install", "tool"]);
  assert.match(told.stderr, /"sudo" is given passwords, keys or rights, "ls" is a command that scripts rely on/);
  assert.match(told.stderr, /--allow-name sudo,ls .*--yes is not enough/);
  assert.equal(existsSync(join(home.path, "bin")), false, "nothing is placed");
  const allowed = await home.pkg(["install", "--allow-name", "sudo", "--allow-name", "ls", "tool"]);
  assert.equal(allowed.code, 0, allowed.stderr);
  assert.deepEqual(readdirSync(join(home.path, "bin")), ["ls", "sudo", "tool"]);
  assert.equal((await home.pkg(["install", "--reinstall", "tool"])).code, 0, "what it has it may keep");
});

test("pkg install asks for a yes before it hides a program that is on PATH", async (t) => {
  const { home, build } = await makeHome(t);
  const built = build("tools");
  await home.push(built);
  home.publishIndex(built);
  const [bin, system] = [join(home.path, "bin"), join(home.path, "system")];
  mkdirSync(system);
  writeFileSync(join(system, "tool"), "#!/bin/sh\n", { mode: 0o755 });
  const install = (path: readonly string[], ...args: readonly string[]) =>
    home.pkg(["install", "tool", "--reinstall", ...args], { env: { PATH: path.join(delimiter) } });
  const hidden = await install([bin, system, "/usr/bin"]);
  assert.equal(hidden.code, 1);
  assert.match(hidden.stderr, /"tool" would hide ".*\/system\/tool"/);
  assert.match(hidden.stderr, /--allow-name tool /);
  assert.equal((await install([bin, system, "/usr/bin"], "--yes")).code, 1);
  const behind = await install([system, bin, "/usr/bin"]);
  assert.equal(behind.code, 0, "what comes before it on PATH it does not hide");
  assert.match(behind.stderr, /note: ".*\/system\/tool" comes before .* hides it/);
  assert.equal((await install([bin, system])).code, 0, "it is there already");
  assert.equal((await home.pkg(["remove", "tool"])).code, 0);
  for (const path of [
    [system, "/usr/bin"],
    [system, "bin"],
  ]) {
    assert.match((await install(path, "--yes")).stderr, /"tool" would hide ".*\/system\/tool"/, "it will come first");
  }
  const offPath = await install([system, "/usr/bin"], "--allow-name", "tool");
  assert.equal(offPath.code, 0);
  assert.match(offPath.stderr, /note: ".*\/bin" is not on PATH/);
  assert.equal((await home.pkg(["remove", "tool"])).code, 0);
  assert.equal((await install([bin, system], "--allow-name", "tool,other")).code, 0);
});

test("pkg install says once what puts programs on PATH, then only that they are not; pkg config says it always", async (t) => {
  const { home, build } = await makeHome(t);
  const packages = [
    build("tools", { name: "one", provides: ["one"] }),
    build("tools", { name: "two", provides: ["two"] }),
  ];
  await home.push(...packages);
  home.publishIndex(...packages);
  const env = { PATH: "/usr/bin", SHELL: "/bin/bash" };
  const run = (...words: readonly string[]) => home.pkg(words, { env });
  const line = /^ {4}export PATH="\S*\/bin:\$PATH"$/m;
  assert.match((await run("install", "one")).stderr, line);
  const later = await run("install", "two");
  assert.match(later.stderr, /^note: ".*\/bin" is not on PATH; `pkg config` shows what to type$/m);
  assert.doesNotMatch(later.stderr, line);
  assert.match((await run("config")).stderr, line);
  assert.match((await run("install", "one", "--reinstall", "--json")).stdout, /"isOnPath": false/);
});

test("pkg update takes no protected name that is new, and updates the others", async (t) => {
  const { home, build } = await makeHome(t);
  const [first, fine] = [build("tools"), build("tools", { name: "fine" })];
  await home.push(first, fine);
  home.publishIndex(first, fine);
  assert.equal((await home.pkg(["install", "tool", "fine"])).code, 0);
  const greedy = build("tools", { version: "2.0.0", provides: ["tool", "tool==su"] });
  const newer = build("tools", { name: "fine", version: "2.0.0" });
  await home.push(greedy, newer);
  home.publishIndex(greedy, newer);
  const updated = await home.json("update");
  assert.equal(updated.code, 1);
  assert.partialDeepStrictEqual(updated.document, {
    packages: [
      { action: "change", name: "fine", version: "2.0.0" },
      { action: "fail", name: "tool", error: { code: "NAME_PROTECTED" } },
    ],
  });
  assert.deepEqual(readdirSync(join(home.path, "bin")), ["fine", "tool"]);
  assert.equal((await home.pkg(["update", "--allow-name", "su"])).code, 0);
  assert.deepEqual(readdirSync(join(home.path, "bin")), ["fine", "su", "tool"]);
});

test("pkg install finds the protected names of a directory when it is unpacked", async (t) => {
  const { home, build } = await makeHome(t);
  const directory = ["tool", "passwd"].map((name) => ({ path: `bin/${name}`, body: "#!/bin/sh\n", mode: 0o755 }));
  const built = build("tools", { directory });
  await home.push(built);
  home.publishIndex(built);
  assert.partialDeepStrictEqual(await home.json("install", "tool"), refused("NAME_PROTECTED"));
  assert.deepEqual([existsSync(join(home.path, "bin")), existsSync(join(home.path, "packages"))], [false, false]);
  assert.equal((await home.pkg(["install", "tool", "--allow-name", "passwd"])).code, 0);
});
