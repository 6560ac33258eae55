import type { Readable, Writable } from "node:stream";
import type { ArgumentsCamelCase, Argv } from "yargs";
import manifest from "../../package.json" with { type: "json" };
import type { Command } from "../commands/command.ts";
import { EXIT_CODES, type ExitCode, PkgError } from "../errors.ts";
import { createReporter, type Reporter } from "../report/reporter.ts";
import { COMMANDS, type CommandEntry, type Entry, GLOBAL_OPTIONS, namesOf } from "./command-table.ts";
import { calledCommand, usageError, yargsStrings } from "./usage.ts";

/** The world as `main` hands it in. */
export interface World {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Null when it has been removed. */
  readonly workingDirectory: string | null;
  readonly signal: AbortSignal;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** A terminal, or anything else that can be written to. */
type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

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
  const { workingDirectory } = world;
  if (workingDirectory === null) throw removedDirectory();
  const { default: yargs } = await import("yargs");
  let exitCode: ExitCode = EXIT_CODES.done;
  const called = calledCommand(COMMANDS, world.argv);
  const parser = yargs([])
    .options(GLOBAL_OPTIONS)
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
      throw error instanceof Error ? error : usageError(message, called);
    })
    .epilogue("Exit codes: 0 done, 1 failed, 2 usage, 75 worth retrying, 130 interrupted");
  // Its types know nothing of plurals.
  Reflect.apply(parser.updateStrings, parser, [yargsStrings(called)]);
  addEntries(parser, { entries: COMMANDS, words: world.argv }, async (entry, args) => {
    exitCode = await runCommand({ ...world, workingDirectory }, report, (await entry.load()).command, args);
  });
  try {
    await parser.parseAsync(world.argv.map((word) => (word === STDIN_WORD ? STDIN_MARK : word)));
  } catch (error) {
    // What its parser finds, such as `--home` without a directory, does not come by way of `fail`.
    throw error instanceof Error && error.name === "YError" ? usageError(error.message, called) : error;
  }
  return exitCode;
}

/** Standard input or output, as a word among others: yargs takes it for an option without a name, and loses it. */
const STDIN_WORD = "-";
const STDIN_MARK = "\u0001-";

/** The arguments with that word as it was typed. */
function withStdinWord<T>(value: T): T;
function withStdinWord(value: unknown): unknown {
  if (value === STDIN_MARK) return STDIN_WORD;
  return Array.isArray(value) ? value.map(withStdinWord) : value;
}

type RunEntry = (entry: CommandEntry, args: ArgumentsCamelCase) => Promise<void>;

/**
 * Teaches `parser` the entry that the first word names, alone: yargs prepares help for every command it knows. All of
 * them when it names none.
 */
function addEntries(
  parser: Argv,
  { entries, words }: { readonly entries: readonly Entry[]; readonly words: readonly string[] },
  runEntry: RunEntry,
): Argv {
  const [typed = "", ...rest] = words;
  const named = entries.filter((entry) => namesOf(entry).includes(typed));
  for (const entry of named.length === 0 ? entries : named) {
    if (entry.kind === "group") {
      const inside = (inner: Argv) =>
        addEntries(inner.options(entry.options), { entries: entry.entries, words: rest }, runEntry).demandCommand(
          1,
          `Name a command of "${entry.name}"`,
        );
      parser.command(entry.name, entry.description, inside, () => {});
    } else {
      const options = async (inner: Argv) => {
        const { command } = await entry.load();
        const known = inner.options(entry.options);
        return command.options(command.ownVersion === true ? known.version(false) : known);
      };
      parser.command([...entry.usage], entry.description, options, (args) => runEntry(entry, args));
    }
  }
  return parser;
}

function removedDirectory(): PkgError {
  return new PkgError("FILE_SYSTEM", "Cannot use the current directory: it has been removed", {
    hint: "Change to another directory and run the command again",
  });
}

function noDryRun(): PkgError {
  return new PkgError("USAGE", "Cannot use --dry-run: this command cannot tell beforehand what it would do", {
    hint: "Leave --dry-run out; `pkg COMMAND --help` tells what the command does",
  });
}

interface GlobalArguments {
  readonly home?: string;
  readonly config?: string;
  readonly offline?: boolean;
  readonly concurrency?: number;
  readonly caFile?: string;
  readonly plainHttp?: boolean;
  readonly insecure?: boolean;
  readonly json?: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

async function runCommand<T extends GlobalArguments>(
  world: World & { readonly workingDirectory: string },
  report: Reporter,
  command: Command<T>,
  args: T,
): Promise<ExitCode> {
  const [{ loadConfig }, { createContext }] = await Promise.all([
    import("../config/config.ts"),
    import("./context.ts"),
  ]);
  const { dryRun, yes, json = false } = args;
  if (dryRun && command.dryRun !== true) throw noDryRun();
  const context = createContext({
    config: loadConfig({ ...world, flags: command.artifactConfig === true ? { ...args, config: undefined } : args }),
    report,
    signal: world.signal,
    dryRun,
    yes,
    json,
    stdin: world.stdin,
    workingDirectory: world.workingDirectory,
    version: manifest.version,
    commandLine: `pkg ${world.argv.slice(0, 3).join(" ")}`,
  });
  try {
    const words = Object.entries(args).map(([name, value]) => [name, withStdinWord(value)]);
    return await command.run(context, { ...args, ...Object.fromEntries(words) });
  } finally {
    await context.close();
  }
}
