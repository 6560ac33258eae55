import assert from "node:assert/strict";
import { test } from "node:test";
import { openContainer } from "../../src/index/container.ts";

test("openContainer() closes its source when its first bytes are refused", async () => {
  let isClosed = false;
  async function* source() {
    try {
      yield Buffer.from("<html>");
      yield Buffer.from("more");
    } finally {
      isClosed = true;
    }
  }
  await assert.rejects(async () => {
    for await (const chunk of openContainer(source(), { maxBytes: 100 })) assert.fail(String(chunk));
  }, /web page/);
  assert(isClosed);
});
