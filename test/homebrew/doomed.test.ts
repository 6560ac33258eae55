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

/** A registry in front of another that sends a part of two bottles and no more; once it has, it spoils a third one. */
async function stallingRegistry(test: Cleanup, upstream: string): Promise<{ url: string; closed: Set<string> }> {
  const closed = new Set<string>();
  const stalled = new Map([...STALLED].map((name) => [name, Promise.withResolvers<void>()]));
  const server = createServer(async ({ url = "" }, response) => {
    const answer = await fetch(`${upstream}${url}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const [, , , , name = ""] = url.split("/");
    const stall = stalled.get(name);
    if (stall !== undefined) {
      response.once("close", () => closed.add(name));
      response.writeHead(200, { "content-length": bytes.length }).write(bytes.subarray(0, 100), () => stall.resolve());
    } else if (name === "libsalute") {
      await Promise.all([...stalled.values()].map(({ promise }) => promise));
      response.end(Buffer.alloc(bytes.length));
    } else response.writeHead(answer.status).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, closed };
}

const STALLED = new Set(["libhail", "shade"]);

test("what is under way of a closure that cannot be had any more is stopped, and told; the rest is installed", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  const registry = await stallingRegistry(t, world.registryUrl);
  writeFileSync(join(world.home, "config.toml"), configText({ api: world.api.url, mirror: registry.url }));
  const { code, stderr } = await world.pkg(["install", "greet", "allpkg", "--concurrency", "6"]);
  assert.equal(code, 1, stderr);
  assert.match(stderr, /^note: Stopped fetching .*: "libsalute" cannot be had$/m);
  assert.equal(stderr.split("\n").filter((line) => line.startsWith("error: ")).length, 2, stderr);
  assert.deepEqual(registry.closed, STALLED);
  const { stdout } = await world.pkg(["list", "--all"]);
  assert.match(stdout, /allpkg/);
  assert.doesNotMatch(stdout, /libhail|shade|greet/);
  assert.equal((await world.pkg(["remove", "allpkg"])).code, 0);
  assert.equal((await world.pkg(["clean", "--all"])).code, 0);
  assert.deepEqual(leftIn(join(world.home, "blobs")), []);
});

test("of a closure that cannot be had, one reason is told, and nothing more is begun", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  assert.equal((await world.pkg(["sync"])).code, 0);
  const offline = await world.pkg(["install", "greet", "--offline", "--concurrency", "6"]);
  assert.equal(offline.code, 1);
  assert.deepEqual(
    offline.stderr.split("\n").filter((line) => line.startsWith("error: ")),
    [
      'error: Cannot fetch "libsalute": --offline is set',
      'error: Cannot install "greet": "libsalute", which it needs, failed',
    ],
  );
  // What it names is another keg's archive.
  const other = world.formulae.find(({ name }) => name === "shade")?.sha256 ?? "";
  world.serve(
    world.formulae.map((formula) => (formula.name === "libsalute" ? { ...formula, sha256: other } : formula)),
    "3".repeat(40),
  );
  const mount = `${world.registryUrl}/v2/homebrew/core/libsalute/blobs/uploads/?mount=sha256:${other}&from=homebrew/core/shade`;
  assert.equal((await fetch(mount, { method: "POST" })).status, 201);
  assert.equal((await world.pkg(["sync"])).code, 0);
  const before = world.requests.length;
  const wrong = await world.pkg(["install", "greet", "allpkg", "--concurrency", "1"]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /"greet": "libsalute", which it needs, failed/);
  const asked = world.requests.slice(before).map(({ path }) => path.split("/")[4]);
  assert.deepEqual(asked, ["libsalute", "allpkg"], "neither the others that greet needs, nor greet");
});
