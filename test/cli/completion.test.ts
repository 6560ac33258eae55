import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { SHELLS, type Shell } from "../../src/base/shells.ts";
import { completionScript } from "../../src/commands/settings/completion-scripts.ts";
import { createPackageIndexes } from "../../src/index-database/package-indexes.ts";
import { openHome, placePackage, sampleProgram } from "../profile/profile-home.ts";
import { makeEntry } from "../support/entries.ts";
import { COMPILE_CACHE, MAIN } from "../support/pkg-process.ts";
import { cleanEnvironment, runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

const HOSTILE = ["zz;touch marker$ifs", "zz$(touch marker)", "zz`touch marker`", "zz'\"\\ &|<>*?[x]~#!{a,b}"];
const HIDDEN = ["zz\u001b[2J", "zz\nnewline", "zz\u202eright"];
const MANY = Array.from({ length: 300 }, (_, at) => `many-${at}`);

const home = await makeHome();

async function makeHome(): Promise<string> {
  const path = tempHome({ after });
  writeFileSync(join(path, "config.toml"), '[repositories.tools]\nurl = "https://tools.example/index.json"\n');
  const writer = await createPackageIndexes(join(path, "index")).write("tools");
  for (const version of ["8.14.1", "8.13.0"]) writer.add(makeEntry({ name: "trurl", version, aliases: ["url-tool"] }));
  for (const name of [...HOSTILE, ...HIDDEN, ...MANY]) writer.add(makeEntry({ name, id: name }));
  writer.commit({
    ...{ url: "https://tools.example/index.json", etag: null, lastModified: null, syncedAtMs: 0, entries: 0 },
    ...{ skipped: 0, format: "v1", keyId: null, checkedBy: "", trust: null },
  });
  return path;
}

/** The kind of what is offered at the end of a line, and the words. */
async function offered(...words: readonly string[]) {
  const { stdout, stderr, code } = await runPkg(["__complete", ...words], { home });
  assert.deepEqual([code, stderr], [0, ""]);
  const [kind, ...lines] = stdout.trimEnd().split("\n");
  return { kind, words: lines.filter((_, at) => at % 2 === 0) };
}

const LINES: readonly (readonly [line: string, kind: string, ...words: readonly string[]])[] = [
  ["ins", "words", "install"],
  ["upg", "words", "upgrade"],
  ["repo tr", "words", "trust"],
  ["help rep", "words", "repo"],
  ["install tru", "words", "trurl"],
  ["install TRU", "words", "TRUrl"],
  ["install url", "words", "url-tool"],
  ["install trurl@", "words", "trurl@8.13.0", "trurl@8.14.1"],
  ["install --force tru", "words", "trurl"],
  ["install --key k tru", "words", "trurl"],
  ["install -- tru", "words", "trurl"],
  ["remove tru", "words"],
  ["install ./", "files"],
  ["repo trust too", "words", "tools"],
  ["list --profile def", "words", "default"],
  ["list --profile=de", "words", "--profile=default"],
  ["profile remove de", "words", "default"],
  ["completion ", "words", "bash", "zsh", "fish"],
  ["list --dry", "words", "--dry-run"],
  ["list --color=al", "words", "--color=always"],
  ["install --insecure-skip sig", "words", "signature"],
  ["list --home ", "directories"],
  ["list --home=", "directories"],
  ["oci push x --export-manifest ", "files"],
  ["nonsense ", "words"],
  ["list --home /dev/null/x --config /nowhere tru", "words"],
];

test("pkg __complete offers what may stand at the end of a line, and is silent where nothing is known", async () => {
  const before = readdirSync(home);
  for (const [line, kind, ...words] of LINES) {
    assert.deepEqual(await offered(...line.split(" ")), { kind, words }, line);
  }
  assert.equal((await offered("install", "many-")).words.length, 200);
  assert.deepEqual((await offered("install", "zz")).words.toSorted(), HOSTILE.toSorted());
  assert.deepEqual(readdirSync(home), before);
});

test("pkg __complete offers what is installed to the commands that want it", async (t) => {
  const path = tempHome(t);
  await placePackage(openHome(path), sampleProgram("1.0.0"));
  const { stdout } = await runPkg(["__complete", "remove", ""], { home: path });
  assert.equal(stdout, "words\nx\n\n");
});

/** Completes a line in a real shell, prints each word as the shell puts it into the line, and evaluates nothing itself. */
const DRIVERS: Readonly<Record<Shell, (script: string) => string>> = {
  bash: (script) => `source ${script}
complete_line() { COMP_LINE=$1 COMP_POINT=\${#1}; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _pkg 2>/dev/null; }
complete_line 'pkg install zz' pkg install zz
for word in "\${COMPREPLY[@]}"; do eval "set -- $word"; printf '%s\\n' "$#:$1"; done
complete_line 'pkg install trurl@8.1' pkg install trurl @ 8.1
printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (
    script,
  ) => `zmodload zsh/zpty; zpty z zsh -f -i; zpty -w z "PS1= PS2=; autoload -U compinit; compinit -u -D; source ${script}"
zpty -w z "compadd() { builtin compadd -O found \\"\\$@\\" ; print -rl -- BEGIN \\"\\\${(@q)found}\\" END; }; c() { _pkg }; zle -C c complete-word c; bindkey ^X c; print -r READY''NOW"
zpty -r z out '*READYNOW*'; zpty -w -n z $'pkg install zz\\x18'; zpty -r z out '*BEGIN*END*'; print -r -- "$out"; zpty -d z`,
  fish: (script) => `source ${script}; complete -C 'pkg install zz'; complete -C 'pkg list --color=al'`,
};

for (const shell of SHELLS) {
  const isThere = spawnSync(shell, ["-c", "true"]).status === 0;
  test(`the script for ${shell} offers hostile names as words, and evaluates none`, {
    skip: !isThere && process.env["CI"] !== "true" && `${shell} is not installed`,
  }, (t) => {
    const place = tempHome(t);
    const bin = join(place, "bin");
    mkdirSync(bin);
    const settings = Object.entries(COMPILE_CACHE).map(([name, value]) => `${name}='${value}' `);
    writeFileSync(join(bin, "pkg"), `#!/bin/sh\n${settings.join("")}exec '${process.execPath}' '${MAIN}' "$@"\n`);
    chmodSync(join(bin, "pkg"), 0o755);
    const script = join(place, "script");
    writeFileSync(script, completionScript(shell).join("\n"));
    const env = { ...cleanEnvironment({ home }), HOME: place, PATH: `${bin}:/usr/bin:/bin`, LC_ALL: "C.UTF-8" };
    const options = shell === "bash" ? ["--norc"] : shell === "zsh" ? ["-f"] : ["--no-config"];
    const { stdout, stderr } = spawnSync(shell, [...options, "-c", DRIVERS[shell](script)], {
      ...{ cwd: place, env, encoding: "utf8", timeout: 60_000 },
    });
    assert.deepEqual(
      readdirSync(place).filter((name) => name.includes("marker")),
      [],
      stdout,
    );
    assert.ok(!existsSync(join(home, "marker")));
    if (shell === "zsh") {
      assert.match(stdout, /zz\\\$\\\(touch\\ marker\\\)/, stdout + stderr);
      return;
    }
    for (const name of HOSTILE) assert.ok(stdout.includes(name), `${name}: ${stdout}${stderr}`);
    assert.match(stdout, shell === "bash" ? /^8\.13\.0\n8\.14\.1$/m : /^--color=always/m);
  });
}
