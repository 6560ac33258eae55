import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A way to start the program, and the environment that it takes. */
export interface Trainee {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Called after each command with what it was run for. */
  readonly onCommand: (stage: Stage) => void;
}

/** From what is used most to what is used least. */
export const STAGES = ["start", "list", "look", "find", "keep", "install", "help", "publish"] as const;
export type Stage = (typeof STAGES)[number];

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
    trainIn(scratch, registry.host, (home, stage, ...words) => {
      run(trainee, { home, scratch }, words);
      trainee.onCommand(stage);
    });
  } finally {
    registry.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

type Type = (home: string, stage: Stage, ...words: readonly string[]) => void;

function trainIn(scratch: string, host: string, type: Type): void {
  for (const home of ["maintainer", "user"]) {
    mkdirSync(join(scratch, home));
    writeFileSync(join(scratch, home, "config.toml"), NO_BUILT_IN);
  }
  const program = join(scratch, "tool");
  writeFileSync(program, "#!/bin/sh\necho tool\n");
  chmodSync(program, 0o755);
  const [package_, index] = [`${host}/me/tool`, `${host}/me/index`];

  type("maintainer", "publish", "key", "generate", "--no-passphrase");
  const about = ["--version", "1.0.0", "--description", "A tool", "--license", "MIT", "--yes"];
  type("maintainer", "publish", "init", package_, ...about, "--file", `tool@${PLATFORM}`);
  type("maintainer", "publish", "publish");
  type("maintainer", "publish", "index", "publish", index, "--from", package_);
  type("user", "install", "repo", "add", index);
  // As the commands that change something do it unasked once an index is old.
  type("user", "install", "sync");
  type("user", "install", "install", "tool");
  type("user", "keep", "update");
  type("user", "install", "run", "tool");
  const configured = join(scratch, "configured.toml");
  writeFileSync(configured, `${readFileSync(join(scratch, "user", "config.toml"), "utf8")}${REGISTRIES}`);
  type("user", "start", "--version");
  type("user", "list", "list");
  type("user", "list", "list", "--config", configured);
  type("newcomer", "list", "list");
  type("user", "look", "verify");
  type("user", "look", "history");
  type("user", "look", "__complete", "install", "to");
  type("user", "look", "run", "tool");
  type("user", "find", "search", "tool");
  type("user", "find", "search", "nothing");
  type("user", "find", "search", "--config", configured, "tool");
  type("user", "find", "info", "tool");
  type("user", "keep", "outdated");
  type("user", "help", "help", "install");
  type("maintainer", "publish", "publish", "--version", "1.1.0");
  type("maintainer", "publish", "index", "publish", index);
  type("user", "install", "update");
  type("user", "install", "install", "--reinstall", "tool");
  type("user", "keep", "remove", "tool");
  type("user", "install", "undo");
}

interface Place {
  readonly home: string;
  readonly scratch: string;
}

function environment({ env }: Trainee, { home, scratch }: Place): Record<string, string> {
  const path = process.env["PATH"] ?? "";
  return { PATH: path, HOME: scratch, PKG_HOME: join(scratch, home), ...env };
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
