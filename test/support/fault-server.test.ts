import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { startFaultServer } from "./fault-server.ts";
import type { Fault } from "./faults.ts";
import { buildPackage } from "./package-builder.ts";

const BUILT = buildPackage({ name: "trurl", version: "1.0" });
const BLOB = `/v2/${BUILT.repository}/blobs/${BUILT.programDigest}`;
const MANIFEST = `/v2/${BUILT.repository}/manifests/${BUILT.tag}`;

function serve(t: TestContext, fault?: Fault, times?: number) {
  const rule = fault === undefined ? [] : [{ path: "/blobs/", fault, ...(times === undefined ? {} : { times }) }];
  return startFaultServer(t, { packages: [BUILT], rules: rule });
}

async function text(url: string, init?: RequestInit): Promise<string> {
  return (await fetch(url, init)).text();
}

test("startFaultServer() answers as a registry when no rule matches", async (t) => {
  const server = await serve(t);
  assert.equal(await text(server.url + BLOB), BUILT.program.toString());
  assert.equal(await text(server.url + MANIFEST), BUILT.manifest.toString());
  const part = await fetch(server.url + BLOB, { headers: { range: "bytes=2-5", authorization: "Bearer x" } });
  assert.deepEqual([part.status, await part.text()], [206, BUILT.program.subarray(2, 6).toString()]);
  assert.equal((await fetch(`${server.url}/v2/none/manifests/1`)).status, 404);
  assert.deepEqual(
    server.requests.map(({ method, path, headers }) => [method, path, headers["authorization"]]),
    [
      ["GET", BLOB, undefined],
      ["GET", MANIFEST, undefined],
      ["GET", BLOB, "Bearer x"],
      ["GET", "/v2/none/manifests/1", undefined],
    ],
  );
});

test("startFaultServer() answers a status a number of times and then well", async (t) => {
  const server = await serve(t, { kind: "status", status: 429, headers: { "retry-after": "1" } }, 2);
  const statuses: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) statuses.push((await fetch(server.url + BLOB)).status);
  assert.deepEqual(statuses, [429, 429, 200]);
  assert.equal((await fetch(server.url + MANIFEST)).status, 200);
});

for (const kind of ["truncate", "reset"] as const) {
  test(`startFaultServer() cuts the connection during a body when told to ${kind}`, async (t) => {
    const server = await serve(t, { kind, bytes: 5 });
    const response = await fetch(server.url + BLOB);
    assert.equal(response.headers.get("content-length"), String(BUILT.program.byteLength));
    await assert.rejects(response.text());
  });
}

test("startFaultServer() lies about bytes, length, type and range as told", async (t) => {
  const right = BUILT.program;
  const wrong = await text((await serve(t, { kind: "corrupt" })).url + BLOB);
  assert.deepEqual([wrong.length, wrong === right.toString()], [right.byteLength, false]);
  assert.equal((await text((await serve(t, { kind: "resize", bytes: 3 })).url + BLOB)).length, right.byteLength + 3);
  assert.equal((await text((await serve(t, { kind: "resize", bytes: -3 })).url + BLOB)).length, right.byteLength - 3);
  assert.equal(await text((await serve(t, { kind: "body", body: "other" })).url + BLOB), "other");
  const typed = await fetch(
    (await serve(t, { kind: "headers", headers: { "content-type": "a/b", etag: null } })).url + BLOB,
  );
  assert.deepEqual([typed.headers.get("content-type"), typed.headers.get("etag")], ["a/b", null]);
  const html = await fetch((await serve(t, { kind: "html" })).url + BLOB);
  assert.match(html.headers.get("content-type") ?? "", /^text\/html/);
  const range = { headers: { range: "bytes=2-5" } };
  assert.equal((await fetch((await serve(t, { kind: "ignore-range" })).url + BLOB, range)).status, 200);
  const elsewhere = await fetch((await serve(t, { kind: "wrong-range" })).url + BLOB, range);
  assert.match(elsewhere.headers.get("content-range") ?? "", /^bytes 1-/);
});

test("startFaultServer() redirects as told", async (t) => {
  const other = await serve(t);
  const server = await serve(t, { kind: "redirect", location: other.url + BLOB });
  assert.equal(await text(server.url + BLOB), BUILT.program.toString());
  assert.equal(other.requests.length, 1);
  const loop = await serve(t, { kind: "redirect-loop" });
  await assert.rejects(fetch(loop.url + BLOB));
  assert.ok(loop.requests.length > 5);
});

test("startFaultServer() sends without end, slowly, or not at all", async (t) => {
  const endless = await fetch((await serve(t, { kind: "endless" })).url + BLOB);
  let taken = 0;
  for await (const chunk of endless.body ?? []) {
    taken += chunk.byteLength;
    if (taken > 4 * 1024 * 1024) break;
  }
  assert.ok(taken > 4 * 1024 * 1024);
  assert.equal(
    await text((await serve(t, { kind: "trickle", bytes: 10, everyMs: 1 })).url + BLOB),
    BUILT.program.toString(),
  );
  const silent = AbortSignal.timeout(50);
  await assert.rejects(fetch((await serve(t, { kind: "hang" })).url + BLOB, { signal: silent }));
  const stalled = await fetch((await serve(t, { kind: "stall", bytes: 3 })).url + BLOB, {
    signal: AbortSignal.timeout(100),
  });
  await assert.rejects(stalled.text());
});
