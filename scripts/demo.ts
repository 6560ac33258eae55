/**
 * Both ends of a package's life, with no network: a registry is served in a throw-away home, a publisher publishes to it
 * and signs an index, and a user installs from there. Every command is run as a person would type it.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const MAIN = join(import.meta.dirname, "../src/main.ts");
const scratch = mkdtempSync(join(tmpdir(), "pkg-demo-"));
const project = join(scratch, "project");
const NO_BUILT_IN = "[repositories.homebrew]\nenabled = false\n\n[repositories.soarpkgs]\nenabled = false\n";

/** Somebody with a home of their own. */
interface Person {
  readonly name: string;
  readonly bin: string;
  readonly env: NodeJS.ProcessEnv;
}

function person(name: string): Person {
  const home = join(scratch, name);
  const bin = join(home, "bin");
  mkdirSync(home);
  writeFileSync(join(home, "config.toml"), NO_BUILT_IN);
  // Last, so that it hides nothing: a machine that has a trurl of its own would be asked about it.
  const path = [process.env["PATH"], bin].join(delimiter);
  return { name, bin, env: { ...process.env, HOME: home, PKG_HOME: home, PATH: path } };
}

/** Starts `pkg registry serve` and waits until it says where it listens. */
async function startRegistry({ env }: Person) {
  const root = join(scratch, "registry");
  console.log(`$ pkg registry serve --root ${root} --port 0 &`);
  const child = spawn(process.execPath, [MAIN, "registry", "serve", "--root", root, "--port", "0"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line]: unknown[] = await once(child.stdout.setEncoding("utf8"), "data");
  const host = /http:\/\/([\d.:]+)/.exec(String(line))?.[1];
  if (host === undefined) throw new Error(`The registry did not start: ${line}`);
  console.log(String(line).trim());
  return { host, stop: () => child.kill("SIGINT") };
}

/** A program for two kinds of machine; here, as small as can be, a script that says what it was built for. */
function build(version: string): void {
  for (const machine of ["amd64", "arm64"]) {
    const path = join(project, "dist", machine, "trurl");
    mkdirSync(join(path, ".."), { recursive: true });
    const lines = [
      "#!/bin/sh",
      'case "$1" in',
      `--version) echo "trurl ${version} for ${machine}" ;;`,
      `*) echo "$1" | sed 's|^[a-z]*://||; s|/.*||' ;;`,
      "esac",
    ];
    writeFileSync(path, `${lines.join("\n")}\n`);
    chmodSync(path, 0o755);
  }
  writeFileSync(join(project, "LICENSE"), "Permission is granted to use this in a demonstration.\n");
}

/** Runs one command line and shows it; anything but success ends the demo. */
function type({ name, bin, env }: Person, program: string, ...args: readonly string[]): void {
  console.log(`\n${name} $ ${[program, ...args].map(quoted).join(" ")}`);
  const [command, prefix] = program === "pkg" ? [process.execPath, [MAIN]] : [join(bin, program), []];
  const { status } = spawnSync(command, [...prefix, ...args], { env, cwd: project, stdio: "inherit" });
  if (status !== 0) throw new Error(`"${program} ${args.join(" ")}" ended with ${status}`);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`;
}

async function main(): Promise<void> {
  const maintainer = person("maintainer");
  const user = person("user");
  const registry = await startRegistry(maintainer);
  const reference = `${registry.host}/me/tools/trurl`;
  const index = `${registry.host}/me/index`;
  const files = ["--file", "dist/amd64/trurl@linux/amd64", "--file", "dist/arm64/trurl@linux/arm64"];
  try {
    console.log("\n# The maintainer: a key, two versions of a program for two kinds of machine, an index");
    build("8.13.0");
    type(maintainer, "pkg", "key", "generate", "--no-passphrase");
    const about = ["--description", "Command line tool for URL parsing and manipulation", "--license", "MIT"];
    type(maintainer, "pkg", "init", reference, "--version", "8.13.0", ...about, ...files, "--yes");
    type(maintainer, "pkg", "publish");
    build("8.14.0");
    type(maintainer, "pkg", "publish", "--version", "8.14.0");
    type(maintainer, "pkg", "index", "publish", index, "--from", reference);

    console.log("\n# A user: the repository is added, its key pinned; a program is found and installed");
    type(user, "pkg", "repo", "add", index);
    type(user, "pkg", "search", "url");
    type(user, "pkg", "install", "trurl", "--dry-run");
    type(user, "pkg", "install", "trurl");
    type(user, "trurl", "--version");
    type(user, "trurl", "https://example.com/path");
    type(user, "pkg", "info", "trurl");
    type(user, "pkg", "files", "trurl");
    type(user, "pkg", "owns", join(user.bin, "trurl"));

    console.log("\n# The maintainer: a newer version, and the index with it");
    build("8.14.1");
    type(maintainer, "pkg", "publish", "--version", "8.14.1");
    type(maintainer, "pkg", "index", "publish", index);

    console.log("\n# The user: up to date again, and gone without a trace");
    type(user, "pkg", "update", "--check");
    type(user, "pkg", "update");
    type(user, "trurl", "--version");
    type(user, "pkg", "verify");
    type(user, "pkg", "list");
    type(user, "pkg", "remove", "trurl");
    type(user, "pkg", "list");
  } finally {
    registry.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

await main();
