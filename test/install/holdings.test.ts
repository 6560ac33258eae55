import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pack } from "../archive/pack.ts";
import { tarOf } from "../archive/tar-builder.ts";
import { makeDependencyHome } from "../support/dependency-home.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { type DownloadWorld, downloadWorld } from "./download-world.ts";

const PROGRAM = "#!/bin/sh\necho seek\n";

/** An archive as release pages have it: a program beside its man page and its completions. */
function releaseOf(name: string, files: Readonly<Record<string, string>> = {}): Buffer {
  const all = {
    [`doc/${name}.1`]: `.TH ${name.toUpperCase()} 1\n.SH NAME\n${name} \\- look for things\n`,
    [`complete/${name}.bash`]: `complete -W "bashword" ${name}\n`,
    [`complete/_${name}`]: `#compdef ${name}\n_values words zshword\n`,
    [`complete/${name}.fish`]: `complete -c ${name} -f -a fishword\n`,
    "complete/git.fish": "complete -c git -f -a hijacked\n",
    ...files,
  };
  const members = Object.entries(all).map(([path, body]) => ({ path: `${name}-1.0/${path}`, body }));
  return pack(tarOf({ path: `${name}-1.0/${name}`, body: PROGRAM, mode: 0o755 }, ...members), "gzip");
}

const PLACES = [
  "bash-completion/completions/seek",
  "fish/vendor_completions.d/seek.fish",
  "man/man1/seek.1",
  "zsh/site-functions/_seek",
];

function shared({ tree }: DownloadWorld): readonly string[] {
  return tree().flatMap((line) => /^share\/(\S+)/.exec(line)?.[1] ?? []);
}

test("pkg install links man pages and completions, and files, owns, verify and remove know them", async (t) => {
  const world = await downloadWorld(t, { seek: { bytes: releaseOf("seek") } });
  const { home, pkg, json } = world;
  const { code, stderr } = await pkg("install", "seek");
  assert.equal(code, 0, stderr);
  assert.deepEqual(shared(world), PLACES);
  const page = join(home, "share/man/man1/seek.1");
  assert.match(readFileSync(page, "utf8"), /look for things/);
  const { stdout } = await pkg("files", "seek");
  assert.match(stdout, /share\/man\/man1\/seek\.1 -> .*doc\/seek\.1 \(man page\)/);
  const { packages } = (await json("files", "seek")) as { packages: { links: { holds?: string }[] }[] };
  const holds = packages[0]?.links.map((link) => link.holds);
  assert.deepEqual(holds?.toSorted(), ["completions", "completions", "completions", "man", undefined]);
  assert.match((await pkg("owns", page)).stdout, /^seek 1\.0/);
  assert.equal((await pkg("verify")).code, 0);
  appendFileSync(join(home, "config.toml"), "[share]\ncompletions = false\n");
  await pkg("install", "--reinstall", "seek");
  assert.deepEqual(shared(world), ["man/man1/seek.1"]);
  assert.equal((await pkg("remove", "seek")).code, 0);
  assert.equal(existsSync(join(home, "share")), false);
});

test("pkg install tells once where what it links is not looked for, and what it does not link", async (t) => {
  const hijacking = { "complete/_seek": "#compdef git seek -P 's*'\n_values words ok\n" };
  const world = await downloadWorld(t, {
    seek: { bytes: releaseOf("seek", hijacking) },
    find: { bytes: releaseOf("find2") },
  });
  const mine = join(world.home, "share/fish/vendor_completions.d/seek.fish");
  mkdirSync(join(mine, ".."), { recursive: true });
  writeFileSync(mine, "mine");
  const first = await world.pkg("install", "seek");
  assert.match(first.stderr, /seek: not linked, because pkg did not place what is there, which stays: ".*seek\.fish"/);
  assert.match(first.stderr, /XDG_DATA_DIRS[\s\S]*export XDG_DATA_DIRS="[^"]+\/share:\$\{XDG_DATA_DIRS:-/);
  // It is beside the bin directory, which is told to be put on PATH.
  assert.doesNotMatch(first.stderr, /MANPATH/);
  assert.doesNotMatch((await world.pkg("install", "find")).stderr, /XDG_DATA_DIRS/);
  assert.equal(readFileSync(mine, "utf8"), "mine");
  // The first line of a function says what it is for.
  const made = readFileSync(join(world.home, "share/zsh/site-functions/_seek"), "utf8");
  assert.equal(made, "#compdef seek\n_values words ok\n");
  assert.equal((await world.pkg("verify")).code, 0);
});

const programs = ["man", "bash", "fish", "zsh"] as const;

test("man, bash, fish and zsh find what is linked", { skip: skipWithout(...programs) }, async (t) => {
  const { home, pkg } = await downloadWorld(t, { seek: { bytes: releaseOf("seek") } });
  await pkg("install", "seek");
  const share = join(home, "share");
  const env = {
    HOME: home,
    PATH: `${join(home, "bin")}:/usr/bin:/bin`,
    XDG_DATA_DIRS: `${share}:/usr/share`,
    TERM: "dumb",
  };
  const run = (...words: readonly string[]) =>
    spawnSync(words[0] ?? "", words.slice(1), { env, cwd: home, encoding: "utf8" }).stdout.trim();
  // It tells where the link leads.
  assert.match(run("man", "-w", "seek"), /doc\/seek\.1$/);
  const lazy = ". /usr/share/bash-completion/bash_completion; _completion_loader seek; complete -p seek";
  if (existsSync("/usr/share/bash-completion/bash_completion"))
    assert.equal(run("bash", "-c", lazy), "complete -W 'bashword' seek");
  assert.equal(run("fish", "-c", "complete -C 'seek '"), "fishword");
  const zsh = `fpath=(${share}/zsh/site-functions $fpath); autoload -Uz compinit; compinit -u -D; echo $_comps[seek]`;
  assert.equal(run("zsh", "-fc", zsh), "_seek");
});

test("what is asked for has its man page linked, and what is needed alone has not", async (t) => {
  const home = await makeDependencyHome(t);
  const directory = [
    { path: "bin/dep", body: PROGRAM, mode: 0o755 },
    { path: "share/man/man1/dep.1", body: ".TH DEP 1\n" },
  ];
  await home.serve({ name: "app", version: "1", needs: ["dep"] }, { name: "dep", version: "1", directory });
  const page = join(home.path, "share/man/man1/dep.1");
  const isLinked = async (line: string) => {
    await home.ok(line);
    return existsSync(page);
  };
  assert.equal(await isLinked("install app"), false);
  assert.equal(await isLinked("install dep"), true);
  assert.equal(await isLinked("remove dep"), false);
  assert.deepEqual(await home.installed(), ["*app 1", "dep 1"]);
  await home.ok("verify");
  assert.equal(await isLinked("reinstall app dep"), true);
});
