import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import type { Cleanup } from "../support/temp-home.ts";
import { SKIP_BOTTLES } from "./compile.ts";
import { configText, makeHomebrewWorld } from "./homebrew-world.ts";
import { leftIn } from "./left.ts";

type Spoil = (bytes: Buffer, response: ServerResponse) => void;

/** A mirror that spoils what another one has, as it is told to. */
async function spoiledMirror(test: Cleanup, upstream: string, spoil: () => Spoil): Promise<string> {
  const server = createServer(async ({ url }, response) => {
    const answer = await fetch(`${upstream}${url}`);
    spoil()(Buffer.from(await answer.arrayBuffer()), response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const SPOILS: readonly (readonly [string, Spoil])[] = [
  ["other bytes", (bytes, response) => response.end(bytes.map((byte) => byte ^ 1))],
  ["a part that ends in good order", (bytes, response) => response.writeHead(200).end(bytes.subarray(0, 300))],
  [
    "a part that breaks off",
    (bytes, response) => response.writeHead(200).write(bytes.subarray(0, 300), () => response.destroy()),
  ],
];

test("what a mirror spoils of bottles comes from the next one, told once; nothing is left where there is no other", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  let spoil: Spoil = (bytes, response) => response.end(bytes);
  const bad = await spoiledMirror(t, world.registryUrl, () => spoil);
  const alone = configText({ api: world.api.url, mirror: bad });
  const both = alone.replace(`["${bad}"]`, `["${bad}", "${world.registryUrl}"]`);
  for (const [name, how] of SPOILS) {
    spoil = how;
    writeFileSync(join(world.home, "config.toml"), alone);
    const refused = await world.pkg(["install", "cyc-a"], { env: { PKG_RETRY_FOR: "0s" } });
    assert.ok(refused.code !== 0 && refused.stderr.includes(new URL(bad).host), `${name}: ${refused.stderr}`);
    assert.deepEqual(leftIn(join(world.home, "blobs")), [], name);
    writeFileSync(join(world.home, "config.toml"), both);
    const { code, stderr } = await world.pkg(["install", "cyc-a"]);
    assert.equal(code, 0, `${name}: ${stderr}`);
    assert.equal(stderr.split(`The mirror "${new URL(bad).host}" is passed over: `).length, 2, `${name}: ${stderr}`);
    assert.doesNotMatch(stderr, /Cannot install/);
    assert.equal((await world.pkg(["remove", "cyc-a"])).code, 0);
    assert.equal((await world.pkg(["clean", "--all"])).code, 0);
  }
});
