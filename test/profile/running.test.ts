import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { placePackage, readTree, removePackage, type SamplePackage, tempProfile } from "./profile-home.ts";

const BINARY = readFileSync("/bin/cat");
/** It has opened its file once it says something. */
const SCRIPT = "#!/bin/sh\necho ready\nread word\nexit 0\n";

const sample = (version: string, program: Buffer | string): SamplePackage => ({
  ...{ name: "x", version, files: { x: program, data: `data ${version}` }, links: { x: "x" } },
});

async function started(t: TestContext, path: string, program: Buffer | string): Promise<ChildProcess> {
  const child = spawn(path, { stdio: ["pipe", "pipe", "ignore"] });
  t.after(() => child.kill("SIGKILL"));
  if (program === SCRIPT) await once(child.stdout, "data");
  else await once(child, "spawn");
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  child.stdin?.end("done\n");
  if (child.exitCode === null) await once(child, "exit");
}

for (const [kind, program] of [
  ["a binary", BINARY],
  ["a script", SCRIPT],
] as const) {
  test(`a program that runs keeps its files when it is updated and removed, if it is ${kind}, until clean`, async (t) => {
    const h = tempProfile(t);
    const first = placePackage(h, sample("1", program));
    const directory = join(h.packages, first.installation.directory);
    const child = await started(t, join(h.bin, "x"), program);
    const second = placePackage(h, sample("2", program));
    assert.deepEqual(second.kept, { moved: [], saved: [], left: [], inUse: [directory] });
    assert.equal(readFileSync(join(directory, "data"), "utf8"), "data 1");
    writeFileSync(join(directory, "notes"), "mine");
    assert.deepEqual([h.profile.oldVersions(), h.profile.clearOldVersions()], [[], []]);
    assert.deepEqual(h.profile.strays(), []);
    assert.ok(existsSync(join(directory, "data")));

    await ended(child);
    assert.deepEqual(h.profile.oldVersions(), [directory]);
    assert.deepEqual(h.profile.clearOldVersions(), [directory]);
    assert.equal(existsSync(join(directory, "data")), false);
    assert.equal(readFileSync(join(directory, "notes"), "utf8"), "mine");
    assert.deepEqual(h.profile.oldVersions(), []);
  });
}

test("what was kept for a process that has ended goes with the next version, and what is else there moves along", async (t) => {
  const h = tempProfile(t);
  const first = placePackage(h, sample("1", BINARY));
  const directory = join(h.packages, first.installation.directory);
  const child = await started(t, join(h.bin, "x"), BINARY);
  const second = placePackage(h, sample("2", BINARY));
  writeFileSync(join(directory, "notes"), "mine");
  await ended(child);
  const third = placePackage(h, sample("3", BINARY));
  assert.deepEqual(third.kept.moved, [join(h.packages, third.installation.directory, "notes")]);
  assert.equal(existsSync(directory), false);
  assert.ok(!existsSync(join(h.packages, second.installation.directory)));
  removePackage(h, third.installation);
  assert.deepEqual(Object.keys(readTree(h.bin)), []);
});
