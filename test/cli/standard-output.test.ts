import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { standardOutput } from "../../src/cli/standard-output.ts";
import { createOutput } from "../../src/report/output.ts";
import { tempDirectory } from "../support/temp-home.ts";

function never(): never {
  throw new Error("Node's own stream was opened");
}

function written(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve) => void stream.write(text, () => resolve()));
}

/** Both ends of a pipe, of which the reading one is opened first, as a shell does. */
function pipeOf(t: TestContext): { readonly read: number; readonly write: number } {
  const path = join(tempDirectory(t), "pipe");
  assert.equal(spawnSync("mkfifo", [path]).status, 0);
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const write = openSync(path, constants.O_WRONLY);
  t.after(() => closeSync(write));
  return { read, write };
}

test("standardOutput() writes to a file, and to the null device, without Node's own stream", async (t) => {
  const path = join(tempDirectory(t), "output");
  const [file, nothing] = [openSync(path, "w"), openSync("/dev/null", "w")];
  t.after(() => [file, nothing].map(closeSync));
  const stream = standardOutput(file, never);
  await Promise.all([written(stream, "a"), written(stream, ""), written(stream, "ü\n")]);
  await written(standardOutput(nothing, never), "lost");
  assert.equal(readFileSync(path, "utf8"), "aü\n");
});

test("standardOutput() leaves to Node's own stream what a pipe has no room for, and all that follows", async (t) => {
  const { read, write } = pipeOf(t);
  t.after(() => closeSync(read));
  const own = new PassThrough({ highWaterMark: 1 });
  const stream = standardOutput(write, () => own);
  await written(stream, "first\n");
  const most = "x".repeat(4 * 1024 * 1024);
  assert.equal(stream.write(most), false, "the writer is told to wait");
  stream.write("last\n");
  const piece = Buffer.alloc(8 * 1024 * 1024);
  const inPipe = piece.toString("latin1", 0, readSync(read, piece));
  const drained = once(stream, "drain");
  let rest = "";
  own.setEncoding("latin1").on("data", (text: string) => {
    rest += text;
  });
  await drained;
  assert.ok(inPipe.startsWith("first\n"), "what there was room for went into the pipe");
  assert.ok(`${inPipe}${rest}` === `first\n${most}last\n`);
});

test("standardOutput() fails as a stream does when the reader of a pipe goes away", async (t) => {
  const { read, write } = pipeOf(t);
  const stream = standardOutput(write, never);
  const output = createOutput(stream, (line) => line);
  closeSync(read);
  const broken = new Promise((resolve) => void stream.once("close", resolve));
  output.write("lost\n");
  // Like a reader that has seen enough: no failure, and nothing waits for ever.
  await output.flush();
  await broken;
  assert.equal(stream.writable, false);
  await written(stream, "lost, too");
});

test("standardOutput() is Node's own stream for what may be a terminal", (t) => {
  const own = new PassThrough();
  const random = openSync("/dev/urandom", "r");
  t.after(() => closeSync(random));
  assert.equal(
    standardOutput(random, () => own),
    own,
  );
});
