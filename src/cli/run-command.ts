import { existsSync } from "node:fs";
import { variable } from "../base/environment.ts";
import type { Secrets } from "../base/secrets.ts";
import type { CommandEnd } from "../commands/command.ts";
import { type Config, loadConfig } from "../config/config.ts";
import { trialsDirectory } from "../config/paths.ts";
import { PkgError } from "../errors.ts";
import type { Reporter } from "../report/reporter.ts";
import { checkHome } from "./check-home.ts";
import { checkVariables } from "./check-variables.ts";
import { type ContextOptions, createContext } from "./context.ts";
import type { ParsedCommand } from "./parse.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import type { World } from "./world.ts";

/** The part of the world that a command is run in. */
type CommandWorld = Omit<World, "workingDirectory" | "stdout" | "stderr" | "become"> & {
  readonly workingDirectory: string;
  /** The program's own version. */
  readonly version: string;
};

/**
 * Runs a command with everything it may use, and releases that in the end.
 *
 * @throws {PkgError} USAGE for --dry-run where it is not honoured, CONFIG_INVALID, PERMISSIONS_UNSAFE, and whatever the command throws
 */
export async function runCommand(
  world: CommandWorld,
  { report, secrets }: { readonly report: Reporter; readonly secrets: Secrets },
  { command, args }: ParsedCommand,
): Promise<CommandEnd> {
  const { dryRun, yes, json = false, verbose = false } = args;
  if (dryRun && command.dryRun !== true) throw noDryRun(command);
  const sources = {
    ...world,
    flags: args,
    mayBeNew: command.writesConfig === true,
    namesProfiles: command.namesProfiles === true,
  };
  const { config, troubles } =
    command.examines === true
      ? (await import("./load-anyway.ts")).loadAnyway(sources)
      : { config: loadConfig(sources), troubles: [] };
  // A passphrase and a signing key stay on this machine, so nobody can repeat them. A short passphrase would hide ordinary
  // words of our own, and the key what `key export --secret` was asked for.
  secrets.add(config.credentials.githubToken);
  for (const address of [...world.argv, ...config.repositories.map(({ url }) => url)]) secrets.addQuery(address);
  if (command.examines !== true) {
    checkVariables(world.env, report.emit);
    checkHome({ config, emit: report.emit, sudoUser: variable(world.env, "SUDO_UID") });
  }
  const options: ContextOptions = {
    config,
    report,
    secrets,
    signal: world.signal,
    dryRun,
    yes,
    json,
    verbose,
    stdin: untilInterrupted(world.stdin, world.signal),
    workingDirectory: world.workingDirectory,
    version: world.version,
    env: world.env,
    troubles,
    commandLine: `pkg ${world.argv.slice(0, 3).join(" ")}`,
    command: typedCommand(world.argv, secrets),
  };
  const isFit = command.examines !== true && !dryRun;
  const context = createContext({ ...options, config: isFit ? await withoutTrials(options) : config });
  try {
    return await command.run(context, args);
  } finally {
    await context.close();
  }
}

/** The configuration without what a process that was killed has added for an installation. */
async function withoutTrials(options: ContextOptions): Promise<Config> {
  const { config } = options;
  if (!existsSync(trialsDirectory(config.paths))) return config;
  const { settleTrials } = await import("../repositories/settle-trials.ts");
  const context = createContext(options);
  try {
    return await settleTrials(context);
  } finally {
    await context.close();
  }
}

/** Longer ones are cut in the history. */
const MAX_COMMAND_CHARACTERS = 2_000;
const PLAIN_WORD = /^[\w@%+=:,./~^*-]+$/;

/** What was typed, quoted as a shell wants it. */
function typedCommand(words: readonly string[], secrets: Secrets): string {
  const quoted = words.map((word) => (PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  const text = secrets.redact(["pkg", ...quoted].join(" "));
  return text.length > MAX_COMMAND_CHARACTERS ? `${text.slice(0, MAX_COMMAND_CHARACTERS)}…` : text;
}

function noDryRun({ noDryRun = "this command cannot tell beforehand what it would do" }: ParsedCommand["command"]) {
  return new PkgError("USAGE", `Cannot use --dry-run: ${noDryRun}`, {
    hint: "Leave --dry-run out; `pkg COMMAND --help` shows what the command does",
  });
}
