import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { environmentFor } from "../../src/cli/become.ts";
import { run } from "../../src/cli/run.ts";
import type { Program } from "../../src/commands/program.ts";
import { assertTypable } from "./assert-typable.ts";
import { collectText } from "./collect-text.ts";

/** The working directory of this process during a run: a path resolved from here instead of `cwd` is detected. */
const ELSEWHERE = mkdtempSync(join(tmpdir(), "pkg-elsewhere-"));
process.chdir(ELSEWHERE);
process.once("exit", () => rmSync(ELSEWHERE, { recursive: true, force: true }));

const PATH = "/usr/local/bin:/usr/bin:/bin";
/** A run that hangs is ended, with a message, instead of blocking the suite for ever. */
const HANG_MS = 120_000;

export interface RunOptions {
  /** PKG_HOME and HOME of the run. */
  readonly home: string;
  /** Default: `home`. */
  readonly cwd?: string;
  readonly stdin?: string;
  /** Added to the clean environment; CI is unset unless given here. */
  readonly env?: Readonly<Record<string, string>>;
  /** Interrupts it, as Ctrl-C does. */
  readonly signal?: AbortSignal;
  /** Whether all three streams are terminals, whose person types `stdin`. */
  readonly terminal?: boolean;
  /** Called with what it writes to stdout, as it arrives. */
  readonly onOutput?: (text: string) => void;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the program in this process: everything but `main.ts`, with streams, environment and directory of its own, and fails if
 * an error tells to type what cannot be typed. What
 * needs a process is for `runPkgProcess`; so are relative paths of layouts, keys, blobs and manifests, which mean the
 * process's own directory.
 */
export async function runPkg(args: readonly string[], options: RunOptions): Promise<RunResult> {
  const before = processState();
  const hang = AbortSignal.timeout(HANG_MS);
  const [stdout, stderr] = [collectText(options.onOutput), collectText()];
  const stdin = Object.assign(new PassThrough(), { isTTY: options.terminal === true });
  for (const { stream } of [stdout, stderr]) Object.assign(stream, { isTTY: options.terminal === true });
  stdin.end(options.stdin ?? "");
  const code = await run({
    argv: args,
    env: cleanEnvironment(options),
    platform: process.platform,
    arch: process.arch,
    workingDirectory: options.cwd ?? options.home,
    signal: options.signal === undefined ? hang : AbortSignal.any([options.signal, hang]),
    stdin: () => stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    become: (program) => runBeside(program, { options, stdout: stdout.stream, stderr: stderr.stream }),
  });
  stdin.destroy();
  assert.ok(!hang.aborted, `pkg ${args.join(" ")} did not end within ${HANG_MS} ms`);
  assert.deepEqual(processState(), before, `pkg ${args.join(" ")} changed the process it runs in`);
  await assertTypable(args, stderr.text());
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

interface Beside {
  readonly options: RunOptions;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Another program of which this process sees what it writes; main.ts has it take the place of its own process. */
async function runBeside(program: Program, { options, stdout, stderr }: Beside): Promise<number> {
  const [argv0, ...args] = program.words;
  const env = environmentFor(program, cleanEnvironment(options));
  const child = spawn(program.file, args, { argv0, env, cwd: options.cwd ?? options.home });
  child.stdout.pipe(stdout, { end: false });
  child.stderr.pipe(stderr, { end: false });
  child.stdin.on("error", () => {}).end(options.stdin ?? "");
  try {
    const [code, signal]: readonly unknown[] = await once(child, "close");
    return typeof code === "number" ? code : 128 + constants.signals[signalNamed(signal)];
  } finally {
    await program.afterwards?.();
  }
}

function signalNamed(signal: unknown): NodeJS.Signals {
  return Object.keys(constants.signals).find((name): name is NodeJS.Signals => name === signal) ?? "SIGKILL";
}

/** The one document that `--json` prints; anything else on stdout throws. */
export function jsonOf(result: { readonly stdout: string }): unknown {
  return JSON.parse(result.stdout);
}

/** Long enough for a busy machine; tests that wait until it is over set less. */
const RETRY_FOR = { PKG_RETRY_FOR: "30s" };

/** The environment of a run, independent of that of the tests. */
export function cleanEnvironment({ home, env }: Pick<RunOptions, "home" | "env">): Record<string, string> {
  return { HOME: home, PKG_HOME: home, PATH, NO_COLOR: "1", TERM: "dumb", LANG: "C.UTF-8", ...RETRY_FOR, ...env };
}

/** What no run may change, since `main.ts` alone has a process of its own. */
function processState() {
  return {
    env: { ...process.env },
    directory: process.cwd(),
    files: readdirSync(ELSEWHERE),
    umask: process.umask(),
    exitCode: process.exitCode,
    signals: ["SIGINT", "SIGTERM", "SIGHUP"].map((name) => process.listenerCount(name)),
  };
}
