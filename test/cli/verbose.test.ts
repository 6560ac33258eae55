import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { startRegistry } from "../../src/registry/server.ts";
import { runPkg } from "../support/run-pkg.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

test("--verbose tells each request: method, address, status, bytes, and which mirror was asked", async (t) => {
  const home = tempHome(t);
  const registry = await startRegistry({ root: tempDirectory(t), port: 0 });
  t.after(() => registry.close());
  const mirror = createServer((_, response) => response.writeHead(404).end("{}"));
  await new Promise<void>((resolve) => mirror.listen(0, "127.0.0.1", resolve));
  t.after(() => mirror.close());
  const address = mirror.address();
  assert.ok(typeof address === "object" && address !== null);
  const { host } = new URL(registry.url);
  writeFileSync(join(home, "config.toml"), NO_DEFAULT_REPOSITORIES);
  writeFileSync(join(home, "a.txt"), "hello");
  const pushed = await runPkg(["oci", "push", `${host}/a/b:1`, "a.txt", "--verbose"], { home });
  assert.equal(pushed.code, 0, pushed.stderr);
  assert.match(pushed.stderr, /^detail: PUT http:\/\/[^\s?]+: 201, 5 B sent, 0 B$/m);
  assert.doesNotMatch(pushed.stderr, /[?]digest=/);
  assert.doesNotMatch((await runPkg(["oci", "resolve", `${host}/a/b:1`], { home })).stderr, /detail:/);

  const mirrored = `${NO_DEFAULT_REPOSITORIES}\n[registries."${host}"]\nplain_http = true\nmirrors = ["http://127.0.0.1:${address.port}"]\n`;
  writeFileSync(join(home, "config.toml"), mirrored);
  const { code, stdout, stderr } = await runPkg(["oci", "pull", `${host}/a/b:1`, "-o", "out", "-v", "--json"], {
    home,
  });
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    new RegExp(`^detail: GET http://127.0.0.1:${address.port}/v2/\\S+ \\(mirror of ${host}\\): 404, 2 B$`, "m"),
  );
  assert.match(stderr, new RegExp(`^detail: GET http://${host}/v2/\\S+: 200, \\d+ B$`, "m"));
  assert.doesNotThrow(() => JSON.parse(stdout));
});

test("--verbose tells a request that had no answer, and each retry", async (t) => {
  const home = tempHome(t);
  const server = createServer((request) => request.socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const reference = `127.0.0.1:${address.port}/a/b:1`;
  const { code, stderr } = await runPkg(["oci", "resolve", reference, "-v"], { home, env: { PKG_RETRY_FOR: "1s" } });
  assert.equal(code, 75, stderr);
  const told = [...stderr.matchAll(/^detail: (?:HEAD|GET) http:\S+: Cannot reach .+$/gm)];
  assert.ok(told.length > 1, stderr);
  assert.match(stderr, /^note: Trying the registry again in /m);
});
