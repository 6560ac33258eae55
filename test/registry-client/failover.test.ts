import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { fetchBytes } from "../../src/oci/blob-bytes.ts";
import { askingAgain } from "../../src/oci/blob-senders.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { verifiedBlob } from "../../src/oci/verified-blob.ts";
import { registryRepository } from "../../src/registry-client/registry-repository.ts";
import {
  type Answer,
  calm,
  connect,
  digestOf,
  type LocalServer,
  manifestBytes,
  manifestReply,
  NOT_FOUND,
  serve,
} from "./local-registry.ts";

const BYTES = manifestBytes();
const GHCR = parseReference("ghcr.io/a/b:1");
const PATH = "/v2/a/b/manifests/1";

/** A client for ghcr.io, which is served at `registry`, with mirrors. */
function behind(mirrors: readonly LocalServer[], registry: LocalServer | null, mirrorOnly = false) {
  return {
    trust: registry === null ? mirrors : [...mirrors, registry],
    registries: { "ghcr.io": { mirrors: mirrors.map(({ origin }) => origin), mirrorOnly } },
    ...(registry === null ? {} : { addressOf: () => new URL(registry.origin) }),
  };
}

const paths = (server: LocalServer) => server.seen.map(({ path }) => path);

test("a mirror is asked before the registry, and without the registry's token", async (t) => {
  const mirror = await serve(t, () => manifestReply(BYTES));
  const registry = await serve(t, () => manifestReply(BYTES));
  const { client, http } = connect(t, behind([mirror], registry));
  await client.fetchManifest(GHCR, calm);
  assert.deepEqual([paths(mirror), paths(registry), http.requestCount], [[PATH], [], 1]);
  assert.equal(mirror.seen[0]?.headers.authorization, undefined);
});

test("mirrors are asked in order, then the registry, each with its own token alone", async (t) => {
  const first = await serve(t, ({ path, headers }) => {
    if (path.startsWith("/token")) return { body: '{"token":"first"}' };
    return headers.authorization === "Bearer first"
      ? NOT_FOUND
      : { status: 401, headers: { "www-authenticate": `Bearer realm="${first.origin}/token"` } };
  });
  const second = await serve(t, () => NOT_FOUND);
  const registry = await serve(t, () => manifestReply(BYTES));
  const { client } = connect(t, behind([first, second], registry));
  await client.fetchManifest(GHCR, calm);
  const sent = [first, second, registry].map(({ seen }) => seen.map(({ headers }) => headers.authorization));
  assert.deepEqual(sent, [[undefined, undefined, "Bearer first"], [undefined], ["Bearer QQ=="]]);
});

const PASSED_OVER: readonly (readonly [string, Answer])[] = [
  ["404", NOT_FOUND],
  ["500", { status: 500 }],
  ["503", { status: 503 }],
  ["429", { status: 429 }],
  ["401", { status: 401 }],
  ["403", { status: 403 }],
  ["a dropped connection", { send: (response) => response.destroy() }],
  [
    "a body that breaks off",
    { send: (response) => response.writeHead(200, { "content-length": "10" }).write("{", () => response.destroy()) },
  ],
];

for (const [name, answer] of PASSED_OVER) {
  test(`a mirror that answers ${name} is passed over without a wait`, async (t) => {
    const mirror = await serve(t, () => answer);
    const registry = await serve(t, () => manifestReply(BYTES));
    const { client, waits } = connect(t, behind([mirror], registry));
    assert.equal((await client.fetchManifest(GHCR, calm)).kind, "manifest");
    assert.deepEqual([mirror.seen.length, registry.seen.length, waits], [1, 1, []]);
  });
}

const LIES: readonly (readonly [string, Answer])[] = [
  ["a web page", { body: "<html>", headers: { "content-type": "text/html" } }],
  ["what is no manifest", { body: "{}" }],
  ["bytes that belie their digest", { body: BYTES, headers: { "docker-content-digest": digestOf("x") } }],
  ["a redirect to itself", { status: 302, headers: { location: PATH } }],
  ["a redirect to where nothing may be read", { status: 302, headers: { location: "http://169.254.1.1/" } }],
  ["a status that means nothing here", { status: 418 }],
];

for (const [name, answer] of LIES) {
  test(`a mirror that answers ${name} is passed over, and told once`, async (t) => {
    const mirror = await serve(t, () => answer);
    const registry = await serve(t, () => manifestReply(BYTES));
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const { client, waits } = connect(t, { ...behind([mirror], registry), onWarning });
    for (let times = 0; times < 2; times++) assert.equal((await client.fetchManifest(GHCR, calm)).kind, "manifest");
    assert.deepEqual([registry.seen.length, waits, warnings.length], [2, [], 1]);
    assert.ok(warnings[0]?.startsWith(`The mirror "${mirror.host}" is passed over: `));
  });
}

test("a blob is asked for elsewhere as long as what was sent is not it, and the last error names all", async (t) => {
  const blob = Buffer.from("0123456789");
  const wrong = Buffer.from("987654321");
  const [first, second] = [await serve(t, () => ({ body: "9876543210" })), await serve(t, () => ({ body: wrong }))];
  const cut = await serve(t, () => ({
    send: (response) => response.writeHead(200).write("0123", () => response.end()),
  }));
  let served: Buffer = blob;
  const registry = await serve(t, () => ({ body: served }));
  const warnings: string[] = [];
  const onWarning = (message: string) => warnings.push(message);
  const { client } = connect(t, { ...behind([first, second, cut], registry), onWarning });
  const place = registryRepository(client, GHCR);
  const ask = { digest: digestOf(blob), size: null };
  assert.deepEqual(await fetchBytes(place, ask), blob);
  const hosts = warnings.map((warning) => /mirror "([^"]*)"/.exec(warning)?.[1] ?? "");
  assert.deepEqual(hosts, [first.host, second.host, cut.host]);
  served = wrong;
  const other = { digest: digestOf("other"), size: null };
  await assert.rejects(fetchBytes(place, other), (error) => {
    assert.ok(hasCode(error, "DIGEST_MISMATCH"));
    for (const { origin } of [first, second, cut, registry]) assert.ok(error.message.includes(`by "${origin}`), origin);
    return true;
  });
  const before = registry.seen.length;
  await assert.rejects(fetchBytes(place, other), (error) => hasCode(error, "DIGEST_MISMATCH"));
  assert.equal(registry.seen.length, before + 1, "whoever tries again starts anew");
});

test("whoever has seen a part of a large blob that was wrong may ask for it again, and gets it elsewhere", async (t) => {
  const blob = Buffer.alloc(17 * 1024 * 1024, "a");
  const mirror = await serve(t, () => ({ body: Buffer.alloc(blob.length, "b") }));
  const registry = await serve(t, () => ({ body: blob }));
  const { client } = connect(t, behind([mirror], registry));
  const place = registryRepository(client, GHCR);
  let runs = 0;
  const read = () => {
    runs += 1;
    return Array.fromAsync(verifiedBlob(place, { digest: digestOf(blob), size: blob.length }));
  };
  const chunks = await askingAgain(read);
  assert.ok(Buffer.concat(chunks).equals(blob));
  assert.equal(runs, 2);
});

test("mirrorOnly never asks the registry", async (t) => {
  const mirror = await serve(t, () => NOT_FOUND);
  const registry = await serve(t, () => manifestReply(BYTES));
  const { client } = connect(t, { ...behind([mirror], registry, true) });
  await assert.rejects(client.fetchManifest(GHCR, calm), (error) => hasCode(error, "HTTP_NOT_FOUND"));
  assert.deepEqual([mirror.seen.length, registry.seen.length], [1, 0]);
});

test("mirrorOnly retries when one of its mirrors failed and the other lacks the content", async (t) => {
  const answers: Answer[] = [{ status: 503 }, manifestReply(BYTES)];
  const failing = await serve(t, () => answers.shift() ?? NOT_FOUND);
  const empty = await serve(t, () => NOT_FOUND);
  const { client } = connect(t, behind([failing, empty], null, true));
  assert.equal((await client.fetchManifest(GHCR, calm)).kind, "manifest");
});

test("the registry's error counts, behind what the mirrors answered", async (t) => {
  for (const status of [500, 401]) {
    const mirror = await serve(t, () => ({ status }));
    const registry = await serve(t, () => NOT_FOUND);
    const { client } = connect(t, behind([mirror], registry));
    await assert.rejects(client.fetchManifest(GHCR, calm), (error) => {
      assert.ok(hasCode(error, "HTTP_NOT_FOUND"));
      const [first, second] = error.message.split("; then ");
      assert.match(first ?? "", new RegExp(`"${mirror.origin}/.*answered ${status} \\(mirror\\)$`));
      assert.match(second ?? "", new RegExp(`"${registry.origin}/.*answered 404.* \\(registry\\)$`));
      assert.ok(error.hint?.includes(`For the mirror "${new URL(mirror.origin).host}": `));
      return true;
    });
    assert.deepEqual([mirror.seen.length, registry.seen.length], [1, 1]);
  }
});

test("a mirror that cannot be reached is asked last for a while", async (t) => {
  let isDown = true;
  const mirror = await serve(t, () => (isDown ? { send: (response) => response.destroy() } : manifestReply(BYTES)));
  const registry = await serve(t, () => manifestReply(BYTES));
  let nowMs = 0;
  const { client } = connect(t, { ...behind([mirror], registry), now: () => nowMs });
  await client.fetchManifest(GHCR, calm);
  await client.fetchManifest(GHCR, calm);
  assert.deepEqual([mirror.seen.length, registry.seen.length], [1, 2]);
  isDown = false;
  nowMs = 30_000;
  await client.fetchManifest(GHCR, calm);
  assert.deepEqual([mirror.seen.length, registry.seen.length], [2, 2]);
});

test("a mirror that is asked last is still used when the registry cannot be reached", async (t) => {
  const answers: Answer[] = [{ send: (response) => response.destroy() }];
  const mirror = await serve(t, () => answers.shift() ?? manifestReply(BYTES));
  const registry = await serve(t, () => ({ send: (response) => response.destroy() }));
  const { client, waits } = connect(t, behind([mirror], registry));
  assert.equal((await client.fetchManifest(GHCR, calm)).kind, "manifest");
  assert.deepEqual([mirror.seen.length, registry.seen.length, waits.length], [2, 2, 1]);
});

test("a blob whose mirror broke off in the middle is resumed from the registry", async (t) => {
  const blob = Buffer.from("0123456789");
  const mirror = await serve(t, () => ({
    send: (response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("0123", () => response.destroy());
    },
  }));
  const registry = await serve(t, () => ({
    status: 206,
    headers: { "content-range": "bytes 4-9/10" },
    body: "456789",
  }));
  const { client } = connect(t, behind([mirror], registry));
  const ask = { reference: GHCR, digest: digestOf(blob), size: 10, validator: null, signal: calm };
  const broken = await client.openBlob({ ...ask, offset: 0 });
  await assert.rejects(Array.fromAsync(broken.body), (error) => hasCode(error, "BODY_TRUNCATED"));
  const rest = await client.openBlob({ ...ask, offset: 4 });
  assert.equal(Buffer.concat(await Array.fromAsync(rest.body)).toString(), "456789");
  assert.deepEqual([mirror.seen.length, registry.seen.length], [1, 1]);
});

test("a mirror with a path is asked below that path", async (t) => {
  const mirror = await serve(t, () => manifestReply(BYTES));
  const registries = { "ghcr.io": { mirrors: [`${mirror.origin}/cache/ghcr`], mirrorOnly: true } };
  const { client } = connect(t, { trust: [mirror], registries });
  await client.fetchManifest(GHCR, calm);
  assert.deepEqual(paths(mirror), [`/cache/ghcr${PATH}`]);
});

test("warm() opens a connection to the endpoint asked first, without a request", async (t) => {
  const mirror = await serve(t, () => manifestReply(BYTES));
  const { client, http } = connect(t, behind([mirror], null, true));
  client.warm("ghcr.io");
  client.warm("ghcr.io");
  assert.equal(http.requestCount, 0);
  await client.fetchManifest(GHCR, calm);
  assert.deepEqual(paths(mirror), [PATH]);
});
