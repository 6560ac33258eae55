import type { ReadStream, WriteStream } from "node:tty";
import type { Argv } from "yargs";
import manifest from "../package.json" with { type: "json" };
import type { Command } from "./commands/command.ts";
import { EXIT_CODES, type ExitCode, PkgError } from "./errors.ts";
import { createReporter, type Reporter } from "./report/reporter.ts";

/** The world as `main` hands it in. */
export interface World {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Null when it has been removed. */
  readonly workingDirectory: string | null;
  readonly signal: AbortSignal;
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
}

interface Entry {
  /** The command with its positionals, then its aliases. */
  readonly usage: readonly [string, ...string[]];
  readonly description: string;
  // biome-ignore lint/suspicious/noExplicitAny: each command has arguments of its own, known to itself alone
  readonly load: () => Promise<{ readonly command: Command<any> }>;
}

/** Every command. The module of one is loaded when it is typed. */
export const COMMANDS: readonly Entry[] = [
  {
    usage: ["install <packages..>", "add", "i"],
    description: "Install packages",
    load: () => import("./commands/install.ts"),
  },
  {
    usage: ["remove <packages..>", "rm", "uninstall"],
    description: "Remove packages",
    load: () => import("./commands/remove.ts"),
  },
  {
    usage: ["update [packages..]", "upgrade"],
    description: "Sync, then bring packages up to date",
    load: () => import("./commands/update.ts"),
  },
  {
    usage: ["outdated [packages..]"],
    description: "Tell which packages have a newer version",
    load: () => import("./commands/outdated.ts"),
  },
  { usage: ["search <query>"], description: "Find packages", load: () => import("./commands/search.ts") },
  {
    usage: ["info <package>"],
    description: "Show all that is known of a package",
    load: () => import("./commands/info.ts"),
  },
  { usage: ["list", "ls"], description: "List what is installed", load: () => import("./commands/list.ts") },
  { usage: ["files <package>"], description: "List what a package placed", load: () => import("./commands/files.ts") },
  { usage: ["owns <path>"], description: "Tell which package placed a path", load: () => import("./commands/owns.ts") },
  {
    usage: ["verify [packages..]"],
    description: "Hash again what is installed",
    load: () => import("./commands/verify.ts"),
  },
  {
    usage: ["sync [repositories..]"],
    description: "Fetch the package indexes",
    load: () => import("./commands/sync.ts"),
  },
  {
    usage: ["repo [action] [name] [url]"],
    description: "List, add, remove, enable or disable repositories",
    load: () => import("./commands/repo.ts"),
  },
  {
    usage: ["pull <reference>"],
    description: "Fetch the files of a package, or one blob",
    load: () => import("./commands/pull.ts"),
  },
  { usage: ["registry <action>"], description: "Serve an OCI registry", load: () => import("./commands/registry.ts") },
  {
    usage: ["config"],
    description: "Show where things live and what is set",
    load: () => import("./commands/config.ts"),
  },
];

/** Parses the command line, runs one command and gives its exit code. Never throws. */
export async function run(world: World): Promise<ExitCode> {
  const report = reporterFor(world);
  const exitCode = await tell(report, () => dispatch(world, report), world.signal);
  // A result that could not be written is a failure too, whatever was done.
  const written = await tell(report, () => report.finish().then(() => EXIT_CODES.done), world.signal);
  return exitCode === EXIT_CODES.done ? written : exitCode;
}

async function tell(report: Reporter, work: () => Promise<ExitCode>, signal: AbortSignal): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    const told = signal.aborted ? new PkgError("INTERRUPTED", "Interrupted", { cause: error }) : error;
    report.error(told);
    return told instanceof PkgError ? told.exitCode : EXIT_CODES.failed;
  }
}

/** Needed before anything is parsed, for errors in the command line itself. */
function reporterFor({ argv, env, stdin, stdout, stderr, signal }: World): Reporter {
  const end = argv.indexOf("--");
  const has = (...names: readonly string[]) =>
    argv.slice(0, end === -1 ? undefined : end).some((word) => names.includes(word));
  const color = !has("--no-color") && !env["NO_COLOR"] && env["TERM"] !== "dumb" && stdout.isTTY === true;
  return createReporter({
    mode: has("--json") ? "json" : "text",
    quiet: has("--quiet", "-q"),
    verbose: has("--verbose", "-v"),
    color,
    interactive: stderr.isTTY === true && !env["CI"],
    stdin,
    stdout,
    stderr,
    signal,
  });
}

async function dispatch(world: World, report: Reporter): Promise<ExitCode> {
  // Asked by scripts and prompts, and too often to load a parser for it.
  if (world.argv.length === 1 && world.argv[0] === "--version") {
    report.print([manifest.version]);
    return EXIT_CODES.done;
  }
  if (world.workingDirectory === null) throw removedDirectory();
  const { default: yargs } = await import("yargs");
  let exitCode: ExitCode = EXIT_CODES.done;
  const parser = globalOptions(yargs([]))
    .scriptName("pkg")
    .usage("$0 <command>\n\nInstalls programs from OCI registries, verified.")
    .version(manifest.version)
    .locale("en")
    .wrap(Math.min(100, world.stdout.columns ?? 80))
    .strict()
    .recommendCommands()
    .demandCommand(1, "Name a command")
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error instanceof Error ? error : usageError(message);
    })
    .epilogue("Exit codes: 0 done, 1 failed, 2 usage, 75 worth retrying, 130 interrupted");
  for (const entry of entriesFor(world.argv)) {
    parser.command(
      [...entry.usage],
      entry.description,
      async (inner: Argv) => (await entry.load()).command.options(inner),
      async (args) => {
        exitCode = await runCommand(world, report, (await entry.load()).command, args);
      },
    );
  }
  await parser.parseAsync([...world.argv]);
  return exitCode;
}

function removedDirectory(): PkgError {
  return new PkgError("FILE_SYSTEM", "Cannot use the current directory: it has been removed", {
    hint: "Change to another directory and run the command again",
  });
}

/** The command that is named first, alone: yargs prepares help for every command it knows. All when none is. */
function entriesFor(argv: readonly string[]): readonly Entry[] {
  const typed = argv[0];
  const named = COMMANDS.filter(({ usage }) => usage.some((form) => form.split(" ")[0] === typed));
  return named.length === 0 ? COMMANDS : named;
}

function globalOptions(parser: Argv) {
  return parser.options({
    json: { type: "boolean", description: "Print one JSON document", global: true },
    quiet: { alias: "q", type: "boolean", description: "Only results and errors", global: true },
    verbose: { alias: "v", type: "boolean", description: "More detail", global: true },
    color: { type: "boolean", default: true, description: "--no-color: plain text", global: true },
    yes: { alias: "y", type: "boolean", default: false, description: "Answer every question with yes", global: true },
    "dry-run": { type: "boolean", default: false, description: "Tell what would be done", global: true },
    offline: { type: "boolean", description: "Send no request", global: true },
    config: { type: "string", requiresArg: true, description: "The config file", global: true },
    home: { type: "string", requiresArg: true, description: "Keep everything under this directory", global: true },
    concurrency: { type: "number", requiresArg: true, description: "Packages fetched at a time", global: true },
  });
}

/** yargs has its messages ready for people; only the form is ours. */
function usageError(message: string): PkgError {
  return new PkgError("USAGE", message.trim().replaceAll("\n", ". "), {
    hint: "Run `pkg --help`, or `pkg COMMAND --help`",
  });
}

interface GlobalArguments {
  readonly home?: string;
  readonly config?: string;
  readonly offline?: boolean;
  readonly concurrency?: number;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

async function runCommand<T extends GlobalArguments>(
  world: World,
  report: Reporter,
  command: Command<T>,
  args: T,
): Promise<ExitCode> {
  const [{ loadConfig }, { createContext }] = await Promise.all([import("./config/config.ts"), import("./context.ts")]);
  const { home, config, offline, concurrency, dryRun, yes } = args;
  const context = createContext({
    config: loadConfig({ ...world, flags: { home, config, offline, concurrency } }),
    report,
    signal: world.signal,
    dryRun,
    yes,
    workingDirectory: world.workingDirectory ?? "/",
    version: manifest.version,
    commandLine: `pkg ${world.argv.slice(0, 3).join(" ")}`,
  });
  try {
    return await command.run(context, args);
  } finally {
    await context.close();
  }
}
