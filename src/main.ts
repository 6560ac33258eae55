#!/usr/bin/env node
import { constants } from "node:os";
import { run } from "./cli/run.ts";
import { EXIT_CODES } from "./errors.ts";

/** The first signal asks everything to stop; the second one ends the process at once. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(128 + constants.signals[name]);
      controller.abort();
    });
  }
  return controller.signal;
}

/** Null when the directory this was started in has been removed. */
function currentDirectory(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

const exitCode = await run({
  argv: process.argv.slice(2),
  env: process.env,
  platform: process.platform,
  arch: process.arch,
  workingDirectory: currentDirectory(),
  signal: interruptible(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});
process.exitCode = exitCode;
// Exit at once: sockets kept for reuse and the like must not keep a finished process alive.
process.exit(exitCode ?? EXIT_CODES.done);
