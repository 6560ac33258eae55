import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { resolvePaths } from "../../src/config/paths.ts";
import { type PathShell, pathLine } from "../../src/environments/path-lines.ts";
import { projectAt } from "../../src/environments/project.ts";
import { HOOK_SHELLS, shellHook } from "../../src/environments/shell-hooks.ts";
import { readDeclared } from "../../src/resolve/read-declared.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { makeSampleHome } from "../support/sample-home.ts";
import { tempDirectory } from "../support/temp-home.ts";

test("pkg hook uses nothing of a project before pkg allow, nor after its file has changed", async (t) => {
  const home = await makeSampleHome(t);
  const tool = home.build({ name: "tool", version: "1.0" });
  await home.push(tool);
  home.publishIndex(tool);
  const project = join(home.path, "a b");
  mkdirSync(join(project, "below"), { recursive: true });
  const file = join(project, "packages.toml");
  writeFileSync(file, '[packages]\ntool = "*"\n');
  const enter = () => home.pkg(["hook", "bash", "--enter"], { cwd: join(project, "below") });
  const refused = await enter();
  assert.match(refused.stdout, /^-\/.*\/allowed\/[0-9a-f]{64}\n$/);
  assert.match(refused.stderr, /packages\.toml is not allowed: read it, then run `pkg allow`/);
  assert.deepEqual(home.takeRequests(), []);

  assert.equal((await home.pkg(["allow", project])).code, 0);
  const entered = await enter();
  const [, bin = ""] = /^\+(\/.*\/bin)\n$/.exec(entered.stdout) ?? assert.fail(entered.stderr);
  assert.match(entered.stderr, /note: Entered a b: tool 1\.0\n/);
  assert.equal(execFileSync(join(bin, "tool"), { encoding: "utf8" }), "tool 1.0\n");
  home.takeRequests();
  assert.equal((await enter()).stdout, entered.stdout);
  assert.deepEqual(home.takeRequests(), []);

  writeFileSync(file, '[packages]\ntool = "1"\n');
  assert.match((await enter()).stdout, /^-/);
  assert.equal((await home.pkg(["allow"], { cwd: project })).code, 0);
  assert.match((await home.pkg(["disallow"], { cwd: project })).stdout, /^Not allowed any more/);
  assert.match((await enter()).stdout, /^-/);
  // Whoever types it has read it.
  const cwd = join(project, "below");
  assert.equal((await home.pkg(["exec", "--", "tool"], { cwd })).stdout, "tool 1.0\n");
  assert.equal((await home.pkg(["lock"], { cwd })).code, 0);
  const newer = home.build({ name: "tool", version: "1.1" });
  await home.push(newer);
  home.publishIndex(newer);
  assert.equal((await home.pkg(["sync"])).code, 0);
  assert.equal((await home.pkg(["exec", "--", "tool"], { cwd })).stdout, "tool 1.0\n");
  const none = await home.pkg(["shell"]);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /no packages\.toml is in ".*", or above it/);
});

/** What is typed in each shell, by the words of the shell itself; `pkg` is a stand-in that counts its starts. */
const SESSION = `cd "$ROOT"; OLD="$PATH"; _pkg_hook; _pkg_hook
cd "$ROOT/project/below"; _pkg_hook; _pkg_hook; echo "waits $PATH"
touch "$ROOT/allowed"; _pkg_hook; _pkg_hook; echo "in $PATH"
cd ..; _pkg_hook; echo "in $PATH"
"$SHELL" QUIET -c 'eval "$HOOK"; _pkg_hook; echo "in $PATH"; cd "$ROOT"; _pkg_hook; echo "out $PATH"'
cd "$ROOT"; _pkg_hook; echo "out $PATH"
cd "$ROOT/project"; _pkg_hook; cd "$ODD"; _pkg_hook; cd "$ROOT"; _pkg_hook; echo "out $PATH"
`;

for (const shell of HOOK_SHELLS) {
  test(`shellHook() puts programs of a project on PATH in its directory, and takes them back, in ${shell}`, {
    skip: skipWithout(shell),
  }, (t) => {
    const root = join(tempDirectory(t), "it's");
    mkdirSync(join(root, "project/below"), { recursive: true });
    writeFileSync(join(root, "project/packages.toml"), "");
    const stub = `#!/bin/sh
echo "$*" >>"$ROOT/starts"
if [ -e "$ROOT/allowed" ]; then echo "+/made/by it/bin"; else echo "-$ROOT/allowed"; fi
`;
    writeFileSync(join(root, "pkg"), stub);
    chmodSync(join(root, "pkg"), 0o755);
    const odd = join(root, "odd\x1b[31m");
    mkdirSync(odd);
    writeFileSync(join(odd, "packages.toml"), "");
    const quiet = { bash: "--norc", zsh: "--no-rcs", fish: "--no-config" }[shell];
    const session =
      shell === "fish"
        ? SESSION.replace('OLD="$PATH"', "true").replaceAll('$PATH"', '$(string join : $PATH)"')
        : SESSION;
    const hook = shellHook(shell);
    const path = [root, "/usr/bin", "/bin"].join(delimiter);
    const { stdout, stderr } = spawnSync(shell, [quiet, "-c", `${hook}${session.replace("QUIET", quiet)}`], {
      env: { PATH: path, ROOT: root, HOME: root, ODD: odd, HOOK: hook, SHELL: shell },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    const inside = `in /made/by it/bin:${path}`;
    // The shell within it leaves the project as well, and enters none that it is in already.
    const out = `out ${path}`;
    assert.equal(stdout, `${[`waits ${path}`, inside, inside, inside, out, out, out].join("\n")}\n`, stderr);
    assert.equal(readFileSync(join(root, "starts"), "utf8"), `hook ${shell} --enter\n`.repeat(4));
    assert.match(stderr, /^pkg: left .*odd.*31m/m);
    assert.ok(!stderr.includes("\x1b"));
  });
}

const ODD = '/a b/it\'s "$HOME" `x` \\ !*';

for (const shell of ["bash", "zsh", "sh", "fish"] satisfies readonly PathShell[]) {
  test(`pathLine() is evaluated twice by ${shell} as once, whatever the directory is called`, {
    skip: skipWithout(shell),
  }, () => {
    const line = pathLine(shell, ODD);
    const print = shell === "fish" ? "string join : $PATH" : 'printf "%s\\n" "$PATH"';
    const env = { PATH: "/usr/bin:/bin", HOME: "/nonexistent" };
    assert.equal(
      execFileSync(shell, ["-c", `${line}\n${line}\n${print}`], { env, encoding: "utf8" }),
      `${ODD}:/usr/bin:/bin\n`,
    );
  });
}

test("what was read of a project is used, whatever its files have become since", (t) => {
  const directory = tempDirectory(t);
  const file = join(directory, "packages.toml");
  writeFileSync(file, '[packages]\nallowed = "*"\n');
  const paths = resolvePaths({ env: {}, home: join(directory, "home"), configFile: undefined });
  const project = projectAt(directory, paths) ?? assert.fail();
  writeFileSync(file, '[packages]\nother = "*"\n');
  const { packages } = readDeclared({ config: { paths }, emit: () => assert.fail() }, project);
  assert.deepEqual(
    packages.map(({ name }) => name),
    ["allowed"],
  );
});
