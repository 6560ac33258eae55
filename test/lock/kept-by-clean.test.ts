import assert from "node:assert/strict";
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeDependencyHome } from "../support/dependency-home.ts";
import { type RunResult, runPkg } from "../support/run-pkg.ts";
import { makeSampleHome } from "../support/sample-home.ts";
import { tempDirectory } from "../support/temp-home.ts";

test("pkg clean keeps an archive that is locked only as what it was put together for", async (t) => {
  const home = await makeSampleHome(t);
  const tool = home.build({
    name: "tool",
    version: "1.0",
    directory: [{ path: "bin/tool", mode: 0o755, body: "#!/bin/sh\necho 1.0\n" }],
  });
  await home.push(tool);
  home.publishIndex(tool);
  const cwd = tempDirectory(t);
  writeFileSync(join(cwd, "packages.toml"), '[packages]\ntool = "*"\n');
  for (const line of ["lock", "allow", "apply --locked", "exec -- tool", "remove tool", "clean --all"]) {
    assert.equal((await home.pkg(line.split(" "), { cwd })).code, 0, line);
  }
  assert.equal((await home.pkg(["exec", "--offline", "--", "tool"], { cwd })).stdout, "1.0\n");
  const applied = await home.pkg(["apply", "--locked", "--offline"], { cwd });
  assert.match(applied.stderr, /Cannot fetch "tool": --offline is set\nhint: Run the command again without --offline/);
  assert.equal((await home.pkg(["apply", "--locked"], { cwd })).code, 0);
});

test("pkg clean keeps what the lock files of the user and of allowed projects need", async (t) => {
  const home = await makeDependencyHome(t);
  await home.serve({ name: "one", version: "1.0" }, { name: "two", version: "1.0" }, { name: "loose", version: "1.0" });
  const project = tempDirectory(t);
  const run = (cwd: string, ...words: readonly string[]) => runPkg(words, { home: home.path, cwd });
  const ok = async (ran: Promise<RunResult>) => {
    const { code, stdout, stderr } = await ran;
    assert.equal(code, 0, stderr);
    return stdout;
  };
  for (const [directory, name] of [
    [home.path, "one"],
    [project, "two"],
  ] as const) {
    writeFileSync(join(directory, "packages.toml"), `[packages]\n${name} = "*"\n`);
    await ok(run(directory, "lock"));
    await ok(directory === project ? run(directory, "exec", "--", name) : run(directory, "run", name));
  }
  await ok(run(project, "allow"));
  await ok(run(home.path, "run", "loose"));
  for (const word of ["install", "remove"]) await ok(run(home.path, word, "one"));
  const roots = ["blobs/sha256", "run"].map((path) => join(home.path, path));
  for (const root of roots) for (const name of readdirSync(root)) utimesSync(join(root, name), 1, 1);

  const cleaned = async (...words: readonly string[]) =>
    (
      JSON.parse(await ok(run(home.path, "clean", "--json", ...words))) as {
        cleaned: readonly { kind: string; count: number }[];
      }
    ).cleaned.map(({ kind, count }) => `${count} ${kind}`);
  await ok(run(home.path, "install", "loose"));
  await ok(run(home.path, "remove", "loose"));
  assert.deepEqual(await cleaned("--all"), ["4 generations", "1 blobs", "1 environments"]);
  assert.equal(readdirSync(join(home.path, "blobs/sha256")).length, 2, "those of both locks stay");
  home.takeRequests();
  assert.equal(await ok(run(project, "exec", "--offline", "--", "two")), "two 1.0\n");
  assert.deepEqual(home.takeRequests(), []);

  const broken = join(project, "packages.lock");
  writeFileSync(broken, "{");
  const told = await run(home.path, "clean", "--all", "--dry-run");
  assert.match(told.stderr, /What this needs is not kept: Cannot read ".*packages\.lock"/);
  rmSync(project, { recursive: true });
  mkdirSync(project);
  assert.deepEqual(await cleaned("--all"), ["1 blobs", "1 environments"]);
});
