import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request as ask, createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { startRegistry } from "../../src/registry/server.ts";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

interface CountingProxy {
  /** e.g. `127.0.0.1:40123` */
  readonly host: string;
  /** The most requests that were in progress at one time since the last call. */
  takeMost(): number;
}

/** A proxy that counts the requests in progress, and delays each blob for a moment, so that they overlap. */
async function countingProxy(t: TestContext, target: URL): Promise<CountingProxy> {
  let current = 0;
  let most = 0;
  const server: Server = createServer((incoming, outgoing) => {
    current += 1;
    most = Math.max(most, current);
    outgoing.once("close", () => {
      current -= 1;
    });
    const forwarded = ask(
      {
        host: target.hostname,
        port: target.port,
        path: incoming.url,
        method: incoming.method,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        setImmediate(() => answer.pipe(outgoing));
      },
    );
    incoming.pipe(forwarded);
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeMost: () => {
      const taken = most;
      most = 0;
      return taken;
    },
  };
}

test("pkg oci push and pull move 200 small files, no more at a time than --concurrency says", async (t) => {
  const home = tempHome(t);
  const registry = await startRegistry({ root: join(home, "served"), port: 0 });
  t.after(() => registry.close());
  const proxy = await countingProxy(t, new URL(registry.url));
  mkdirSync(join(home, "in"));
  const names = Array.from({ length: 200 }, (_, index) => `file-${index}`);
  for (const name of names) writeFileSync(join(home, "in", name), `content of ${name}`);
  const pushed = await runPkg(["oci", "push", `${proxy.host}/a/many:v1`, ...names, "--concurrency", "5"], {
    home,
    cwd: join(home, "in"),
  });
  assert.equal(pushed.code, 0, pushed.stderr);
  const pushing = proxy.takeMost();
  assert.ok(pushing > 1 && pushing <= 5, `${pushing} requests at once, expected 2 to 5`);
  const pulled = await runPkg(["oci", "pull", `${proxy.host}/a/many:v1`, "-o", "out", "--concurrency", "7"], { home });
  assert.equal(pulled.code, 0, pulled.stderr);
  const pulling = proxy.takeMost();
  assert.ok(pulling > 1 && pulling <= 7, `${pulling} requests at once, expected 2 to 7`);
  assert.equal(readdirSync(join(home, "out")).length, 200);
  for (const name of names) assert.equal(readFileSync(join(home, "out", name), "utf8"), `content of ${name}`);
});

test("pkg oci tags lists 1,000 tags, which are given in one command", async (t) => {
  const home = tempHome(t);
  const registry = await startRegistry({ root: join(home, "served"), port: 0 });
  t.after(() => registry.close());
  const reference = `${new URL(registry.url).host}/a/tags`;
  writeFileSync(join(home, "file"), "x");
  assert.equal((await runPkg(["oci", "push", `${reference}:v0`, "file"], { home })).code, 0);
  const tags = Array.from({ length: 999 }, (_, index) => `v${index + 1}`);
  const given = await runPkg(["oci", "tag", `${reference}:v0`, ...tags], { home });
  assert.equal(given.code, 0, given.stderr);
  const listed = jsonOf(await runPkg(["oci", "tags", reference, "--json"], { home }));
  assert.deepEqual(listed, { reference, total: 1000, tags: ["v0", ...tags].toSorted() });
});

test("pkg oci keeps a manifest byte for byte, in registries, and of an unknown type in layouts", async (t) => {
  const home = tempHome(t);
  const registry = await startRegistry({ root: join(home, "served"), port: 0, host: "::1" });
  t.after(() => registry.close());
  const host = new URL(registry.url).host;
  assert.match(host, /^\[::1\]:\d+$/);
  const document = '{ "manifests": [],\n  "kind" : [1, 2.50] }';
  writeFileSync(join(home, "document.json"), document);
  const layout = `oci:${join(home, "layout")}`;
  const unknown = "application/vnd.example.unheard+json";
  for (const [place, type] of [
    [`${host}/a/index`, "application/vnd.oci.image.index.v1+json"],
    [layout, unknown],
  ]) {
    const words = ["oci", "manifest", "push", `${place}:v1`, join(home, "document.json"), "--media-type", `${type}`];
    const pushed = await runPkg(words, { home });
    assert.equal(pushed.code, 0, pushed.stderr);
    assert.equal((await runPkg(["oci", "tag", `${place}:v1`, "v2"], { home })).code, 0);
    const fetched = await runPkg(["oci", "manifest", "fetch", `${place}:v2`], { home });
    assert.equal(fetched.stdout, document, fetched.stderr);
    const resolved = jsonOf(await runPkg(["oci", "resolve", `${place}:v2`, "--json"], { home }));
    assert.deepEqual(resolved, {
      reference: `${place}:v2`,
      mediaType: type,
      digest: pushed.stdout.trim(),
      sizeBytes: document.length,
    });
  }
  const copied = await runPkg(["oci", "copy", `${layout}:v1`, `${host}/b/unknown:v1`], { home });
  assert.equal(copied.code, 1);
  assert.match(copied.stderr, /its type is "application\/vnd\.example\.unheard\+json", expected one of/);
});

test("pkg oci uses SHA-512 if a digest says so", async (t) => {
  const home = tempHome(t);
  const registry = await startRegistry({ root: join(home, "served"), port: 0 });
  t.after(() => registry.close());
  writeFileSync(join(home, "file"), "sixty-four bytes of hash");
  const digest = `sha512:${createHash("sha512").update("sixty-four bytes of hash").digest("hex")}`;
  const repository = `${new URL(registry.url).host}/a/sha512`;
  const pushed = await runPkg(["oci", "blob", "push", `${repository}@${digest}`, join(home, "file")], { home });
  assert.equal(pushed.stdout, `${digest}\n`, pushed.stderr);
  const fetched = await runPkg(["oci", "blob", "fetch", `${repository}@${digest}`], { home });
  assert.equal(fetched.stdout, "sixty-four bytes of hash", fetched.stderr);
  const zeros = `${repository}@sha512:${"0".repeat(128)}`;
  const wrong = await runPkg(["oci", "blob", "push", zeros, join(home, "file")], { home });
  assert.match(wrong.stderr, /expected digest "sha512:0+", found "sha512:/);
  assert.equal(wrong.code, 1);
});
