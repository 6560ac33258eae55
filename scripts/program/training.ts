import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A way to start the program, and the environment that it takes. */
export interface Trainee {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Called after each command, with how often people run its like, beside others. */
  readonly onCommand: (weight: number) => void;
}

/** What people and their shells run all day, each day, from time to time, or because something has to be set up for these. */
const [HOURLY, DAILY, WEEKLY, ONCE] = [8, 4, 2, 1];
/** Programs ask for it, and nothing else is as quick. */
const VERSION = 32;

const PLATFORM = `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`;
const NO_BUILT_IN = "[repositories.homebrew]\nenabled = false\n\n[repositories.soarpkgs]\nenabled = false\n";

/** Where packages may come from besides; nothing is fetched from there. */
const REGISTRIES = '\n[registries."ghcr.io"]\nmirrors = ["http://127.0.0.1:1"]\nmirror_only = true\n';

/**
 * Runs what people type, in throw-away homes against a registry on loopback: a package is published, installed, looked
 * at, updated and removed.
 *
 * @throws {Error} when a command fails
 */
export async function train(trainee: Trainee): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "pkg-training-"));
  const registry = await serve(trainee, scratch);
  try {
    trainIn(scratch, registry.host, (home, weight, ...words) => {
      run(trainee, { home, scratch }, words);
      trainee.onCommand(weight);
    });
  } finally {
    registry.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

type Type = (home: string, weight: number, ...words: readonly string[]) => void;

function trainIn(scratch: string, host: string, type: Type): void {
  for (const home of ["maintainer", "user"]) {
    mkdirSync(join(scratch, home));
    writeFileSync(join(scratch, home, "config.toml"), NO_BUILT_IN);
  }
  const program = join(scratch, "tool");
  writeFileSync(program, "#!/bin/sh\necho tool\n");
  chmodSync(program, 0o755);
  const [package_, index] = [`${host}/me/tool`, `${host}/me/index`];

  type("maintainer", ONCE, "key", "generate", "--no-passphrase");
  const about = ["--version", "1.0.0", "--description", "A tool", "--license", "MIT", "--yes"];
  type("maintainer", ONCE, "init", package_, ...about, "--file", `tool@${PLATFORM}`);
  type("maintainer", ONCE, "publish");
  type("maintainer", ONCE, "index", "publish", index, "--from", package_);
  type("user", ONCE, "repo", "add", index);
  // As the commands that change something do it unasked once an index is old.
  type("user", WEEKLY, "sync");
  type("user", DAILY, "install", "tool");
  type("user", DAILY, "update");
  type("user", DAILY, "run", "tool");
  const configured = join(scratch, "configured.toml");
  writeFileSync(configured, `${readFileSync(join(scratch, "user", "config.toml"), "utf8")}${REGISTRIES}`);
  type("user", VERSION, "--version");
  type("user", HOURLY, "list");
  type("user", HOURLY, "list", "--config", configured);
  type("newcomer", ONCE, "list");
  type("user", WEEKLY, "verify");
  type("user", WEEKLY, "history");
  type("user", HOURLY, "__complete", "install", "to");
  type("user", DAILY, "run", "tool");
  type("user", DAILY, "search", "tool");
  type("user", WEEKLY, "search", "nothing");
  type("user", DAILY, "search", "--config", configured, "tool");
  type("user", DAILY, "info", "tool");
  type("user", DAILY, "outdated");
  type("user", WEEKLY, "help", "install");
  type("maintainer", ONCE, "publish", "--version", "1.1.0");
  type("maintainer", ONCE, "index", "publish", index);
  type("user", DAILY, "update");
  type("user", DAILY, "install", "--reinstall", "tool");
  type("user", DAILY, "remove", "tool");
  type("user", WEEKLY, "undo");
}

interface Place {
  readonly home: string;
  readonly scratch: string;
}

function environment({ env }: Trainee, { home, scratch }: Place): Record<string, string> {
  const path = process.env["PATH"] ?? "";
  // In a container, there is often no locale.
  const locale = home === "newcomer" ? "C" : "C.UTF-8";
  return { PATH: path, LANG: locale, HOME: scratch, PKG_HOME: join(scratch, home), ...env };
}

function run(trainee: Trainee, place: Place, words: readonly string[]): void {
  const [program = "", ...prefix] = trainee.command;
  const { status, stderr, stdout } = spawnSync(program, [...prefix, ...words], {
    env: environment(trainee, place),
    cwd: place.scratch,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Cannot build: "pkg ${words.join(" ")}" ended with ${status}: ${stderr}${stdout}`);
}

async function serve(trainee: Trainee, scratch: string) {
  const [program = "", ...prefix] = trainee.command;
  const words = ["registry", "serve", "--root", join(scratch, "registry"), "--port", "0"];
  const env = environment(trainee, { home: "registry-home", scratch });
  const child = spawn(program, [...prefix, ...words], { env, stdio: ["ignore", "pipe", "inherit"] });
  const [line]: unknown[] = await once(child.stdout.setEncoding("utf8"), "data");
  const host = /http:\/\/([\d.:]+)/.exec(String(line))?.[1];
  if (host === undefined) throw new Error(`Cannot build: the registry did not start: ${line}`);
  return { host, stop: () => child.kill("SIGKILL") };
}
