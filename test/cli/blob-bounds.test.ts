import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import { digestOf } from "../../src/oci/digest.ts";
import { serve } from "../http/local-server.ts";
import { runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

const CHUNK = Buffer.alloc(64 * 1024);
const DIGEST = digestOf(Buffer.from("what was asked for"));

/** Bytes without end, until the client has gone. */
function flood(response: ServerResponse): void {
  const write = (): void => {
    if (!response.destroyed) response.write(CHUNK, () => setImmediate(write));
  };
  response.on("error", () => undefined);
  write();
}

type Answer = (response: ServerResponse) => void;

async function fetch(t: TestContext, answer: Answer, ...words: readonly string[]) {
  const home = tempHome(t);
  const server = await serve(t, (_request, response) => answer(response));
  const reference = `127.0.0.1:${server.port}/me/app@${DIGEST}`;
  const result = await runPkg(["oci", "blob", "fetch", reference, ...words], { home, env: { PKG_RETRY_FOR: "0s" } });
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return { ...result, files: files.map(({ name }) => name) };
}

for (const output of ["-", "blob"]) {
  test(`oci blob fetch -o ${output} ends a blob that is longer than --max-size, announced or not`, async (t) => {
    const words = ["-o", output, "--max-size", "1MiB"];
    const endless = await fetch(t, (response) => flood(response.writeHead(200)), ...words);
    const announced = await fetch(
      t,
      (response) => flood(response.writeHead(200, { "content-length": 2 ** 40 })),
      ...words,
    );
    for (const { code, stderr, files } of [endless, announced]) {
      assert.equal(code, 1, stderr);
      assert.match(stderr, /exceeds the limit of 1048576 bytes/);
      assert.match(stderr, /^hint: .*--max-size/m);
      assert.deepEqual(
        files.filter((name) => /blob|partial/.test(name)),
        [],
      );
    }
  });

  test(`oci blob fetch -o ${output} refuses an announced size over 10 GiB unless --max-size allows it`, async (t) => {
    const answer: Answer = (response) => flood(response.writeHead(200, { "content-length": 11 * 1024 ** 3 }));
    const { code, stderr } = await fetch(t, answer, "-o", output);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /exceeds the limit of 10737418240 bytes/);
  });
}

test("oci blob fetch -o FILE refuses what the disk has no room for before it writes", async (t) => {
  const answer: Answer = (response) => flood(response.writeHead(200, { "content-length": 2 ** 49 }));
  const { code, stderr, files } = await fetch(t, answer, "-o", "blob", "--max-size", "8000TiB");
  assert.equal(code, 1, stderr);
  assert.match(stderr, /has room for \d+ bytes, expected 562949953421312$/m);
  assert.deepEqual(
    files.filter((name) => /blob|partial/.test(name)),
    [],
  );
});

test("oci blob fetch refuses a --max-size that is no size", async (t) => {
  const { code, stderr } = await fetch(t, (response) => void response.end(), "--max-size", "large");
  assert.equal(code, 2);
  assert.match(stderr, /Cannot use --max-size "large"/);
});
