#!/usr/bin/env node
import { widenThreadPool } from "./base/environment.ts";
import { run } from "./cli/run.ts";
import { EXIT_CODES } from "./errors.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type StopSignal = (typeof SIGNALS)[number];
/** Cleaning up takes moments; what still waits after this long, such as a read that nothing ends, is given up. */
const CLEAN_UP_MS = 10_000;

interface Interruption {
  readonly signal: AbortSignal;
  /** The signal that asked to stop; null: none has. */
  readonly received: () => StopSignal | null;
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
  return { signal: controller.signal, received: () => received };
}

/** Ends the process by the signal itself: an exit code would tell a shell that its loop may go on. */
function endBy(name: StopSignal): void {
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

widenThreadPool(process.env);

const interruption = interruptible();
const exitCode = await run({
  argv: process.argv.slice(2),
  env: process.env,
  platform: process.platform,
  arch: process.arch,
  workingDirectory: currentDirectory(),
  signal: interruption.signal,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});
const received = interruption.received();
if (received !== null && exitCode === EXIT_CODES.interrupted) endBy(received);
process.exitCode = exitCode;
// Exit at once: sockets kept for reuse and the like must not keep a finished process alive.
process.exit(exitCode ?? EXIT_CODES.done);
