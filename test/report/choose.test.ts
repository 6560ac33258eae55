import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { askWhich } from "../../src/report/choose.ts";
import { createOutput } from "../../src/report/output.ts";

const ANSWERS: readonly (readonly [input: string, answer: number | null])[] = [
  ["2\n", 1],
  [" 1 \n", 0],
  ["\n", null],
  ["n\n", null],
  ["0\n4\nthree\n2\n", null],
  ["4\n3\n", 2],
  ["", null],
];

for (const [input, answer] of ANSWERS) {
  test(`askWhich() takes ${JSON.stringify(input)} for ${answer === null ? "none" : `number ${answer + 1}`} of 3`, async () => {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    stdin.end(input);
    const output = createOutput(stdout, (line) => line);
    assert.equal(await askWhich({ count: 3, output, stdin, signal: undefined }), answer);
    assert.match(String(stdout.read()), /^Which one\? 1 to 3, or Enter for none: /);
  });
}
