#!/usr/bin/env node
import { widenThreadPool } from "./base/environment.ts";
import { run } from "./cli/run.ts";
import { standardOutput } from "./cli/standard-output.ts";
import type { World } from "./cli/world.ts";
import { EXIT_CODES } from "./errors.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type StopSignal = (typeof SIGNALS)[number];
/** Cleaning up takes moments; what still waits after this long, such as a read that nothing ends, is given up. */
const CLEAN_UP_MS = 10_000;

interface Interruption {
  readonly signal: AbortSignal;
  /** The signal that asked to stop; null: none has. */
  readonly received: () => StopSignal | null;
  /** From now on, all signals are for `take` alone. */
  readonly pass: (take: (signal: NodeJS.Signals) => void) => void;
}

/** The first signal asks everything to stop; the second one ends the process at once. */
function interruptible(): Interruption {
  const controller = new AbortController();
  let received: StopSignal | null = null;
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (received !== null) endBy(name);
      received = name;
      controller.abort();
      setTimeout(() => endBy(name), CLEAN_UP_MS).unref();
    });
  }
  const pass = (take: (signal: NodeJS.Signals) => void) => {
    for (const name of SIGNALS) process.removeAllListeners(name).on(name, take);
  };
  return { signal: controller.signal, received: () => received, pass };
}

/** Ends the process by the signal itself: an exit code would tell a shell that its loop may go on. */
function endBy(name: NodeJS.Signals): void {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

/** Null when the directory this was started in has been removed. */
function currentDirectory(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

/** The signals that end a process without a core of it, which would be one of this program. */
const ENDING: readonly NodeJS.Signals[] = [...SIGNALS, "SIGKILL", "SIGPIPE", "SIGALRM", "SIGUSR1", "SIGUSR2"];

/** Runs another program in the place of this one; what kills that one ends this one in the same way. */
async function becomeProgram(program: Parameters<World["become"]>[0]): Promise<number> {
  const { become } = await import("./cli/become.ts");
  const { stdin, stdout, stderr } = process;
  const { code, signal } = await become(program, {
    env: environment,
    arch: process.arch,
    streams: [stdin, stdout, stderr],
    passSignals: interruption.pass,
    isOnTerminal: [stdin, stdout, stderr].some(({ isTTY }) => isTTY),
    ...(process.execve === undefined ? {} : { execve: process.execve }),
  });
  if (signal !== null && ENDING.includes(signal)) endBy(signal);
  return code;
}

/** As this program was started with, for the programs that it runs. */
const environment = { ...process.env };
widenThreadPool(process.env);

const interruption = interruptible();
const exitCode = await run({
  argv: process.argv.slice(2),
  env: process.env,
  platform: process.platform,
  arch: process.arch,
  workingDirectory: currentDirectory(),
  signal: interruption.signal,
  stdin: () => process.stdin,
  stdout: standardOutput(1, () => process.stdout),
  stderr: standardOutput(2, () => process.stderr),
  become: becomeProgram,
});
const received = interruption.received();
if (received !== null && exitCode === EXIT_CODES.interrupted) endBy(received);
process.exitCode = exitCode;
// Exit at once: sockets kept for reuse and the like must not keep a finished process alive.
process.exit(exitCode ?? EXIT_CODES.done);
