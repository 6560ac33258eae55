import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { RootFiles } from "../../src/registry/root-files.ts";
import { claimRoot, type RootOwner } from "../../src/registry/root-owner.ts";
import { rootPath } from "../../src/registry/root-path.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

const ONE: RootOwner = { kind: "cache", upstream: "https://one.example" };
const OWNERS: readonly RootOwner[] = [
  { kind: "registry" },
  ONE,
  { kind: "cache", upstream: "https://two.example" },
  { kind: "cache", upstream: "http://one.example" },
  { kind: "cache", upstream: "https://one.example:5000" },
];

function openFiles(t: Cleanup) {
  const files = RootFiles.open(tempDirectory(t));
  const said: string[] = [];
  return { files, said, claim: (owner: RootOwner) => claimRoot(files, owner, (message) => said.push(message)) };
}

suite("claimRoot()", () => {
  for (const first of OWNERS) {
    for (const second of OWNERS) {
      const isSame = first === second;
      const names = [first, second].map((owner) => (owner.kind === "cache" ? owner.upstream : "none"));
      test(`claimRoot() ${isSame ? "takes" : "refuses"} the upstream ${names[1]} where it was ${names[0]}`, async (t) => {
        const { files, said, claim } = openFiles(t);
        await claim(first);
        const record = readFileSync(join(files.root, "registry.json"), "utf8");
        if (isSame) await claim(second);
        else await assert.rejects(claim(second), { code: "PATH_CONFLICT", hint: /^Give another --root, or serve it / });
        assert.equal(readFileSync(join(files.root, "registry.json"), "utf8"), record);
        assert.deepEqual(said, []);
      });
    }
  }

  test("claimRoot() records who serves a directory of an earlier version first, and says what it cannot know", async (t) => {
    const { files, said, claim } = openFiles(t);
    files.makeDirectory(rootPath("blobs"));
    await claim(ONE);
    assert.match(said.join(), /^Nothing says where the content of .* a cache of https:\/\/one\.example$/);
    await assert.rejects(claim({ kind: "registry" }), { code: "PATH_CONFLICT" });
    rmSync(join(files.root, "registry.json"));
    await claim({ kind: "registry" });
    await assert.rejects(claim(ONE), { code: "PATH_CONFLICT" });
  });

  for (const text of [
    "",
    "{}",
    "[]",
    "nonsense",
    '{"schemaVersion":2,"kind":"registry"}',
    '{"schemaVersion":1,"kind":"cache"}',
  ]) {
    test(`claimRoot() refuses the record ${JSON.stringify(text)}`, async (t) => {
      const { files, claim } = openFiles(t);
      writeFileSync(join(files.root, "registry.json"), text);
      await assert.rejects(claim(ONE), { code: "DATABASE_INVALID", hint: /remove this file/ });
    });
  }

  test("claimRoot() is taken back when the registry cannot be served", async (t) => {
    const root = tempDirectory(t);
    const taken = await startRegistry({ root: tempDirectory(t), port: 0 });
    t.after(() => taken.close());
    await assert.rejects(startRegistry({ root, port: taken.port }), { code: "USAGE" });
    assert.ok(!existsSync(join(root, "registry.json")));
    await (await startRegistry({ root, port: 0 })).close();
    await assert.rejects(startRegistry({ root, port: taken.port }), { code: "USAGE" });
    assert.ok(existsSync(join(root, "registry.json")), "it had been served before");
  });

  test("claimRoot() does not read or write its record through a link", async (t) => {
    const { files, claim } = openFiles(t);
    const elsewhere = join(tempDirectory(t), "elsewhere");
    symlinkSync(elsewhere, join(files.root, "registry.json"));
    await assert.rejects(claim(ONE), { code: "FILE_SYSTEM" });
    assert.ok(!existsSync(elsewhere));
  });
});
