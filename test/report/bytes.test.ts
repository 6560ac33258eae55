import assert from "node:assert/strict";
import { Readable, Writable } from "node:stream";
import { suite, test } from "node:test";
import { writeBytes } from "../../src/report/bytes.ts";

const BINARY = Buffer.from([0xff, 0x00, 0x1b, 0x5b, 0x32, 0x4a]);

function pipe(highWaterMark: number) {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    highWaterMark,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      setImmediate(done);
    },
  });
  return { stream, written: () => Buffer.concat(chunks) };
}

function terminal() {
  const stream = Object.assign(new Writable({ write: () => assert.fail("a terminal was written to") }), {
    isTTY: true,
  });
  const lines: string[] = [];
  return { stream, lines, print: (more: readonly string[]) => void lines.push(...more) };
}

suite("writeBytes()", () => {
  test("writeBytes() writes bytes as they are to a pipe", async () => {
    const { stream, written } = pipe(1024);
    await writeBytes(Readable.from([BINARY, BINARY]), { stream, print: () => assert.fail("printed") });
    await new Promise<void>((resolve) => stream.end(resolve));
    assert.deepEqual(written(), Buffer.concat([BINARY, BINARY]));
  });

  test("writeBytes() waits for a slow reader", async () => {
    const { stream } = pipe(1);
    let most = 0;
    const source = async function* () {
      for (let count = 0; count < 50; count += 1) {
        most = Math.max(most, stream.writableLength);
        yield BINARY;
      }
    };
    await writeBytes(source(), { stream, print: () => {} });
    assert.ok(most <= BINARY.length, `${most} bytes were waiting`);
  });

  test("writeBytes() stops when its reader has gone", { timeout: 120_000 }, async () => {
    const stream = new Writable({ highWaterMark: 1, write: () => {} });
    stream.on("error", () => {});
    let taken = 0;
    const source = async function* () {
      for (; taken < 1000; taken += 1) {
        if (taken === 0) setImmediate(() => stream.destroy());
        yield BINARY;
      }
    };
    await writeBytes(source(), { stream, print: () => {} });
    assert.ok(taken < 10, `${taken} chunks were taken`);
  });

  test("writeBytes() prints text to a terminal as lines, to be escaped like all others", async () => {
    const { stream, lines, print } = terminal();
    await writeBytes([Buffer.from("a\u001b[2J\nb"), Buffer.from("ä\n")], { stream, print });
    assert.deepEqual(lines, ["a\u001b[2J", "bä"]);
  });

  test("writeBytes() refuses to print binary data to a terminal", async () => {
    for (const bytes of [BINARY, Buffer.from("a\0b"), Buffer.alloc(9 * 1024 * 1024, "a")]) {
      const { stream, print, lines } = terminal();
      await assert.rejects(writeBytes([bytes], { stream, print }), { code: "USAGE" });
      assert.deepEqual(lines, []);
    }
  });
});
