import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { resolvePaths } from "../../src/config/paths.ts";
import { concernsOf, hidingNotes } from "../../src/install/name-concerns.ts";
import { tempDirectory } from "../support/temp-home.ts";

/** A machine with `git`, `git-shell` and `perl`, where the bin directory comes first. */
function machine(t: TestContext) {
  const home = tempDirectory(t);
  const system = join(home, "system");
  mkdirSync(system);
  for (const name of ["git", "git-shell", "gitk", "perl", "node"])
    writeFileSync(join(system, name), "", { mode: 0o755 });
  const paths = resolvePaths({ env: {}, home, configFile: undefined });
  return { config: { searchPath: [paths.bin, system], paths }, system };
}

const LINKS = ["git", "git-shell", "gitk", "perl", "git-new", "sudo"];

test("concernsOf() asks for no yes for what the name of a formula says, and for any other program", (t) => {
  const { config } = machine(t);
  const asked = (formula: string | null, links: readonly string[] = LINKS) =>
    concernsOf(config, links, { own: null, formula }).map(({ link }) => link);
  assert.deepEqual(asked("git"), ["gitk", "perl", "sudo"]);
  assert.deepEqual(asked("git:homebrew"), ["gitk", "perl", "sudo"]);
  assert.deepEqual(asked("node@22", ["node"]), []);
  assert.deepEqual(asked("sudo", ["sudo"]), ["sudo"], "a protected name is asked for all the same");
  assert.deepEqual(asked(null), ["git", "git-shell", "gitk", "perl", "sudo"], "what is no bottle");
});

test("hidingNotes() names the programs that are hidden", (t) => {
  const { config, system } = machine(t);
  assert.deepEqual(hidingNotes(config, "git", ["git", "git-new"]), [
    `git: "git" is found before "${system}/git" from now on`,
  ]);
});
