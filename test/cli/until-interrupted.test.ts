import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { withDefaultSignals } from "../../src/base/default-signals.ts";
import { untilInterrupted } from "../../src/cli/until-interrupted.ts";
import { MAIN } from "../support/pkg-process.ts";
import { tempHome } from "../support/temp-home.ts";

test("untilInterrupted() gives what arrives, and ends at once when interrupted", async () => {
  const controller = new AbortController();
  const stream = new PassThrough();
  const reader = untilInterrupted(() => stream, controller.signal);
  stream.write("some");
  assert.equal(String((await reader.next()).value), "some");
  const next = reader.next();
  controller.abort();
  await assert.rejects(next, { code: "INTERRUPTED" });
});

test("withDefaultSignals() leaves signals to the system until they are given back", () => {
  const listener = () => {};
  process.on("SIGHUP", listener);
  const restore = withDefaultSignals();
  assert.equal(process.listenerCount("SIGHUP"), 0);
  restore();
  assert.deepEqual(process.listeners("SIGHUP"), [listener]);
  process.off("SIGHUP", listener);
});

test("pkg that waits for a pipe which nobody writes to is ended by Ctrl-C, and by the signal itself", async (t) => {
  const home = tempHome(t);
  const fifo = join(home, "fifo");
  execFileSync("mkfifo", [fifo]);
  // Open for both, so that opening waits for nobody.
  const pipe = openSync(fifo, "r+");
  t.after(() => closeSync(pipe));
  const child = spawn(process.execPath, [MAIN, "key", "import", "/dev/stdin"], {
    env: { HOME: home, PATH: "/usr/bin:/bin" },
    stdio: [pipe, "ignore", "ignore"],
  });
  const ended = once(child, "exit");
  // Before it reads, and while it does: each signal must end it, or leave it to the next one.
  const timer = setInterval(() => child.kill("SIGINT"), 200);
  t.after(() => clearInterval(timer));
  assert.deepEqual(await ended, [null, "SIGINT"]);
});
