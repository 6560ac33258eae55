import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { SHELLS, type Shell } from "../../src/base/shells.ts";
import { notFoundHook } from "../../src/commands/inspect/not-found-hooks.ts";
import { createPackageIndexes } from "../../src/index-database/package-indexes.ts";
import { openHome, placePackage, sampleProgram } from "../profile/profile-home.ts";
import { makeEntry } from "../support/entries.ts";
import { COMPILE_CACHE, MAIN } from "../support/pkg-process.ts";
import { cleanEnvironment, jsonOf, runPkg } from "../support/run-pkg.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

const home = await makeHome();

/** Two repositories: `rest` has packages of the same names, and one that is damaged. */
async function makeHome(): Promise<string> {
  const path = tempHome({ after });
  const names = ["broken", "tools", "rest"];
  const tables = names.map((name) => `[repositories.${name}]\nurl = "https://${name}.example/index.json"\n`);
  writeFileSync(join(path, "config.toml"), tables.join(""));
  const indexes = createPackageIndexes(join(path, "index"));
  for (const repository of ["tools", "rest"]) {
    const writer = await indexes.write(repository);
    const provides = [{ program: "trurl", links: ["trurl"] }];
    for (const version of ["8.9.0", "8.14.1"]) writer.add(makeEntry({ name: "trurl", version, provides }));
    if (repository === "tools") {
      writer.add(makeEntry({ name: "suite", id: "suite", description: "All \u001b[2J of it", provides }));
    }
    writer.commit({
      ...{ url: `https://${repository}.example/index.json`, etag: null, lastModified: null, syncedAtMs: 0, entries: 0 },
      ...{ skipped: 0, format: "v1", keyId: null, checkedBy: "", trust: null },
    });
  }
  writeFileSync(join(path, "index/broken.db"), "damaged");
  return path;
}

const ask = (...args: readonly string[]) => runPkg(["command-not-found", ...args], { home });

test("pkg command-not-found names what has the program, the likeliest first, by what install takes for it", async () => {
  const { code, stdout, stderr } = await ask("trurl");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/).slice(0, 4).join("|")),
    [
      '"trurl" is not installed; these packages have it:',
      "|pkg install trurl|8.14.1|tools",
      "|pkg install trurl:rest|8.14.1|rest",
      "|pkg install suite|1.0.0|tools",
    ],
  );
  assert.ok(!stdout.includes("\u001b"));
});

test("pkg command-not-found fails where nothing has it, and takes one word or --hook", async () => {
  const nothing = await ask("nosuch");
  assert.deepEqual([nothing.code, nothing.stdout], [1, ""]);
  assert.match(nothing.stderr, /Cannot find a package with the program "nosuch" in the indexes here\nhint: `pkg sync`/);
  assert.equal((await ask()).code, 2);
  assert.equal((await ask("trurl", "--hook", "zsh")).code, 2);
  const json = jsonOf(await ask("--hook", "fish", "--json"));
  assert.deepEqual(json, { shell: "fish", script: notFoundHook("fish") });
});

test("pkg command-not-found says of what is installed that it is not on PATH", async (t) => {
  const own = tempHome(t);
  const opened = openHome(own);
  const { installation } = await placePackage(opened, sampleProgram("1.0.0"));
  opened.close();
  const writer = await createPackageIndexes(join(own, "index")).write("tools");
  const { name, packageId: id } = installation;
  writer.add(makeEntry({ name, id, provides: [{ program: "x", links: ["x"] }] }));
  writer.commit({
    ...{ url: "https://tools.example/index.json", etag: null, lastModified: null, syncedAtMs: 0, entries: 0 },
    ...{ skipped: 0, format: "v1", keyId: null, checkedBy: "", trust: null },
  });
  writeFileSync(join(own, "config.toml"), '[repositories.tools]\nurl = "https://tools.example/index.json"\n');
  const { stdout } = await runPkg(["command-not-found", "x"], { home: own });
  assert.match(stdout, /^"x" is a program of x, which is installed, but is not on PATH; `pkg env`/);
  const found = await runPkg(["command-not-found", "x"], { home: own, env: { PATH: `${own}/bin` } });
  assert.match(found.stdout, /^"x" is a program of x, which is installed; see `pkg which x`/);
});

/** What a shell does with a command that it does not find, where it has read the hook twice. */
function typed(shell: Shell, directory: string, path: string, before = "") {
  const twice = [notFoundHook(shell), notFoundHook(shell)].join("\n");
  const script = `${before}\n${twice}\ntrurl 'a b'\nnosuchprogram\n:\n`;
  const file = join(directory, `script.${shell}`);
  writeFileSync(file, script);
  const args = { bash: ["--norc"], zsh: ["-f"], fish: ["--no-config"] }[shell];
  return spawnSync(shell, [...args, file], {
    encoding: "utf8",
    env: { ...cleanEnvironment({ home }), ...COMPILE_CACHE, PATH: path },
  });
}

const DEFINED: Readonly<Record<Shell, string>> = {
  bash: 'command_not_found_handle() { printf "before: %s\\n" "$1"; return 127; }',
  zsh: 'command_not_found_handler() { printf "before: %s\\n" "$1"; return 127; }',
  fish: 'function fish_command_not_found; printf "before: %s\\n" $argv[1]; end',
};

for (const shell of SHELLS) {
  const has = spawnSync(shell, ["--version"]).error === undefined;
  if (!has && process.env["CI"] === "true") throw new Error(`CI must have ${shell}`);
  test(`the hook of ${shell} tells which package it is, leaves the rest to what was there, and never calls itself`, {
    skip: has ? false : `there is no ${shell}`,
  }, (t) => {
    const directory = tempDirectory(t);
    const bin = join(directory, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "pkg"), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
    chmodSync(join(bin, "pkg"), 0o755);
    const system = "/usr/local/bin:/usr/bin:/bin";
    const told = typed(shell, directory, `${bin}:${system}`, DEFINED[shell]);
    assert.match(told.stderr, /pkg install trurl +8\.14\.1/);
    // fish sends what its handler prints to stderr.
    assert.match(`${told.stdout}${told.stderr}`, /^before: nosuchprogram$/m);
    assert.doesNotMatch(told.stdout, /trurl/);
    const without = typed(shell, directory, system);
    assert.match(without.stderr, /trurl/);
    assert.equal(without.signal, null);
  });
}
