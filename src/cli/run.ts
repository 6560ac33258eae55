import manifest from "../../package.json" with { type: "json" };
import { isOn } from "../base/environment.ts";
import { foreignError } from "../base/foreign-error.ts";
import { createSecrets, type Secrets } from "../base/secrets.ts";
import type { CommandEnd } from "../commands/command.ts";
import { EXIT_CODES, type ExitCode, PkgError, RESUME_HINT, withKept } from "../errors.ts";
import { createReporter, type Reporter } from "../report/reporter.ts";
import { mayDraw } from "./foreground.ts";
import { isColored, isRedrawable, isUtf8, switchesOf } from "./output-options.ts";
import type { World } from "./world.ts";

/** Parses the command line, runs one command and gives its exit code, or that of the program that it runs. Never throws. */
export async function run(world: World): Promise<number> {
  const secrets = createSecrets();
  const report = await reporterFor(world, secrets);
  const end = await tell(report, () => dispatch(world, { report, secrets }), world.signal);
  // A result that could not be written is a failure too, whatever was done.
  const written = await tell(report, () => report.finish().then(() => EXIT_CODES.done), world.signal);
  if (typeof end === "number") return end === EXIT_CODES.done ? written : end;
  if (written !== EXIT_CODES.done) return written;
  const become = async () => {
    end.beforehand?.();
    return await world.become(end);
  };
  const code = await tell(report, become, world.signal);
  await report.finish().catch(() => undefined);
  return code;
}

async function tell<T>(report: Reporter, work: () => Promise<T>, signal: AbortSignal): Promise<T | ExitCode> {
  try {
    return await work();
  } catch (error) {
    const told = signal.aborted
      ? interrupted(error, report.leftBehind())
      : withKept(foreignError(error) ?? error, report.kept());
    report.error(told);
    return told instanceof PkgError ? told.exitCode : EXIT_CODES.failed;
  }
}

/** Says what was done before the interruption, and what the next run need not do again. */
function interrupted(cause: unknown, leftBehind: string | null): PkgError {
  if (leftBehind === null) return new PkgError("INTERRUPTED", "Interrupted", { cause });
  return new PkgError("INTERRUPTED", `Interrupted: ${leftBehind}`, { cause, hint: RESUME_HINT });
}

/** Needed before anything is parsed, for errors in the command line itself. */
async function reporterFor({ argv, env, stdin, stdout, stderr, signal }: World, secrets: Secrets): Promise<Reporter> {
  const switches = switchesOf(argv);
  return createReporter({
    mode: switches.has("json") ? "json" : "text",
    quiet: switches.has("quiet"),
    verbose: switches.has("verbose"),
    color: isColored(argv, env, stdout.isTTY === true),
    interactive: stderr.isTTY === true && !isOn(env, "CI"),
    redraws: isRedrawable(env),
    ascii: isUtf8(env) ? null : (await import("../report/ascii.ts")).ASCII,
    mayDraw,
    stdin,
    stdout,
    stderr,
    secrets,
    signal,
  });
}

interface Speech {
  readonly report: Reporter;
  readonly secrets: Secrets;
}

async function dispatch(world: World, { report, secrets }: Speech): Promise<CommandEnd> {
  const { version } = manifest;
  // Asked by scripts and prompts, and too often to load a parser for it.
  if (world.argv.length === 1 && world.argv[0] === "--version") {
    report.print([version]);
    return EXIT_CODES.done;
  }
  // For every press of the Tab key, so it loads as little as the line needs.
  if (world.argv[0] === "__complete") {
    const { completedLine } = await import("./complete-line.ts");
    report.print(await completedLine(world, world.argv.slice(1)));
    return EXIT_CODES.done;
  }
  const { workingDirectory } = world;
  if (workingDirectory === null) throw removedDirectory();
  const [{ COMMANDS, COMMAND_SECTIONS }, { parseCommandLine }] = await Promise.all([
    import("./command-table.ts"),
    import("./parse.ts"),
  ]);
  const columns = Math.min(MAX_HELP_COLUMNS, report.width ?? world.stdout.columns ?? 80);
  const parsed = await parseCommandLine({
    entries: COMMANDS,
    sections: COMMAND_SECTIONS,
    words: world.argv,
    version,
    columns,
  });
  if (parsed.kind === "text") {
    report.ownText(parsed.json, () => parsed.text.split("\n"));
    return EXIT_CODES.done;
  }
  const { runCommand } = await import("./run-command.ts");
  return runCommand({ ...world, workingDirectory, version }, { report, secrets }, parsed);
}

const MAX_HELP_COLUMNS = 100;

function removedDirectory(): PkgError {
  return new PkgError("FILE_SYSTEM", "Cannot use the current directory: it has been removed", {
    hint: "Change to another directory and run the command again",
  });
}
