import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import type { Cleanup } from "../support/temp-home.ts";
import { SKIP_BOTTLES } from "./compile.ts";
import { configText, makeHomebrewWorld } from "./homebrew-world.ts";
import { leftIn } from "./left.ts";

/** A registry in front of another, which serves one bottle and never answers for the next. */
async function servesOne(test: Cleanup, upstream: string, onSecond: () => void): Promise<string> {
  let asked = 0;
  const server = createServer(async ({ url }, response) => {
    if (`${url}`.includes("/blobs/") && ++asked > 1) return onSecond();
    const answer = await fetch(`${upstream}${url}`);
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("pkg install keeps nothing of bottles when it is interrupted, and does not say so", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const interrupt = new AbortController();
  const world = await makeHomebrewWorld(t);
  const mirror = await servesOne(t, world.registryUrl, () => interrupt.abort());
  writeFileSync(join(world.home, "config.toml"), configText({ api: world.api.url, mirror }));
  const { code, stderr } = await world.pkg(["install", "greet", "--concurrency", "1"], { signal: interrupt.signal });
  assert.equal(code, 130, stderr);
  assert.match(stderr, /Interrupted: nothing was finished$/m);
  assert.deepEqual(leftIn(join(world.home, "blobs")), []);
});
