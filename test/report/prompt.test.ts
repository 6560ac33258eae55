import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { askWhich } from "../../src/report/choose.ts";
import { ask } from "../../src/report/confirm.ts";
import { createOutput } from "../../src/report/output.ts";
import { prompt } from "../../src/report/prompt.ts";

/** A terminal whose user types `keys`; `shown` is all that is printed. */
function terminal(
  keys: string,
  { hidden = true, end = false, signal }: { hidden?: boolean; end?: boolean; signal?: AbortSignal } = {},
) {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  stdin.write(keys);
  if (end) stdin.end();
  const output = createOutput(stdout, (line) => line);
  const answer = prompt({ text: "Password: ", hidden, output, stdin, signal });
  const printed: Buffer[] = [];
  stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  return {
    answer,
    shown: async () => {
      await output.flush();
      return Buffer.concat(printed).toString();
    },
  };
}

const TYPED: readonly (readonly [string, string, string])[] = [
  ["a line", "s3cret\n", "s3cret"],
  ["a line ended by a carriage return", "s3cret\r", "s3cret"],
  ["a correction", "s3crex\u007ft\n", "s3cret"],
  ["spaces as they are", " s3 cret \n", " s3 cret "],
  ["nothing", "\n", ""],
  ["only the first line", "s3cret\nmore\n", "s3cret"],
];

for (const [name, keys, expected] of TYPED) {
  test(`prompt() reads ${name} and shows none of it`, async () => {
    const { answer, shown } = terminal(keys);
    assert.equal(await answer, expected);
    assert.equal(await shown(), "Password: \n");
  });
}

test("prompt() reads what may be seen", async () => {
  const { answer, shown } = terminal("alice\n", { hidden: false });
  assert.equal(await answer, "alice");
  assert.equal(await shown(), "Password: ");
});

for (const hidden of [true, false]) {
  test(`prompt() gives null at the end of the input, ${hidden ? "hidden" : "shown"}`, async () => {
    const { answer, shown } = terminal("", { hidden, end: true });
    assert.equal(await answer, null);
    assert.equal(await shown(), "Password: \n");
  });

  test(`prompt() ends with INTERRUPTED when it is aborted, ${hidden ? "hidden" : "shown"}`, async () => {
    const controller = new AbortController();
    const { answer } = terminal("s3cr", { hidden, signal: controller.signal });
    controller.abort();
    await assert.rejects(answer, { code: "INTERRUPTED" });
    await assert.rejects(terminal("", { hidden, signal: controller.signal }).answer, { code: "INTERRUPTED" });
  });
}

test("prompt() ends with INTERRUPTED at Ctrl+C, which a hidden terminal hands over as a key", async () => {
  await assert.rejects(terminal("s3c\u0003").answer, { code: "INTERRUPTED" });
});

test("prompt() gives null at Ctrl+D on an empty line", async () => {
  assert.equal(await terminal("\u0004").answer, null);
});

test("prompt(), ask() and askWhich() do not wait for an input that has ended, as after Ctrl-D", async () => {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const output = createOutput(stdout, (line) => line);
  const question = { text: "Name: ", hidden: false, output, stdin, signal: undefined };
  stdin.end();
  assert.equal(await prompt(question), null);
  assert.equal(await prompt(question), null);
  assert.equal(await ask({ ...question, fallback: true }), false);
  assert.equal(await askWhich({ ...question, count: 2 }), null);
});
