import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createHttpClient } from "../../src/http/client.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { createRegistryClient } from "../../src/registry-client/client.ts";
import { serve } from "../http/local-server.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { digestOf, generatedStream } from "./generated-blob.ts";
import { startUploadServer, type UploadServer } from "./upload-server.ts";

const MEBIBYTE = 1024 * 1024;
const SIZE = 24 * MEBIBYTE;
const CREDENTIALS = {
  credentialsFor: async () => ({ kind: "basic", username: "ann", password: "secret" }) as const,
};

/** A client as a process of its own has one; its uploads are remembered in `directory`. */
function openClient(t: TestContext, trusted: readonly string[], uploadDirectory: string) {
  const http = createHttpClient({
    userAgent: "test",
    idleTimeoutMs: 30_000,
    minBytesPerSecond: 0,
    connectTimeoutMs: 30_000,
    connectionsPerOrigin: 4,
    trustedOrigins: new Set(trusted),
    proxy: { http: null, https: null, noProxy: "" },
    ca: null,
  });
  t.after(() => http.close());
  return createRegistryClient({
    http,
    registries: {},
    plainHttp: () => true,
    retry: { attempts: 2, patienceMs: 60_000, baseMs: 1, capMs: 1 },
    random: () => 0,
    now: Date.now,
    sleep: async () => {},
    uploadDirectory,
    credentials: CREDENTIALS,
  });
}

async function push(t: TestContext, server: UploadServer, options: PushOptions) {
  const client = openClient(t, [server.origin, ...(options.trusted ?? [])], options.directory);
  const { size = SIZE, interruptAt = null } = options;
  const interrupt = new AbortController();
  const open = async (offset: number) => interrupted(generatedStream(size, offset), { offset, interruptAt, interrupt });
  const blob = { digest: digestOf(size), size, open, mountFrom: null };
  return client.pushBlob(parseReference(`${server.host}/a/b`), blob, interrupt.signal);
}

interface PushOptions {
  readonly directory: string;
  readonly size?: number;
  /** Ctrl-C once so many bytes have been taken. */
  readonly interruptAt?: number;
  readonly trusted?: readonly string[];
}

async function* interrupted(
  bytes: AsyncIterable<Buffer>,
  stop: { readonly offset: number; readonly interruptAt: number | null; readonly interrupt: AbortController },
): AsyncGenerator<Buffer> {
  let position = stop.offset;
  for await (const chunk of bytes) {
    if (stop.interruptAt !== null && position >= stop.interruptAt) stop.interrupt.abort();
    yield chunk;
    position += chunk.byteLength;
  }
}

const bodyBytes = (server: UploadServer, from: number) =>
  server.requests.slice(from).reduce((sum, { bytes }) => sum + bytes, 0);

/** The server may learn of the end of a request after the client has left. */
async function interruptedPush(t: TestContext, server: UploadServer, directory: string) {
  await assert.rejects(push(t, server, { directory, interruptAt: 20 * MEBIBYTE }), { code: "INTERRUPTED" });
  const [name = ""] = readdirSync(directory);
  return join(directory, name);
}

test("pushBlob() continues the upload that an interrupted process left", async (t) => {
  const server = await startUploadServer(t, {});
  const directory = join(tempDirectory(t), "uploads");
  const file = await interruptedPush(t, server, directory);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(server.of("DELETE"), []);
  const before = server.requests.length;
  const { how, bytesSent } = await push(t, server, { directory });
  assert.equal(how, "sent");
  assert.deepEqual(server.of("POST").length, 1);
  assert.ok(bytesSent < SIZE / 2, `${bytesSent} bytes were sent`);
  assert.ok(bodyBytes(server, before) < SIZE / 2);
  assert.equal(server.blobs.get(digestOf(SIZE))?.size, SIZE);
  assert.deepEqual(readdirSync(directory), []);
});

test("pushBlob() begins a new upload if the registry no longer knows the old one", async (t) => {
  const server = await startUploadServer(t, {});
  const directory = join(tempDirectory(t), "uploads");
  const file = await interruptedPush(t, server, directory);
  const kept = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...kept, location: kept.location.replace(/[0-9a-f]{12}\?/, "000000000000?") }));
  assert.equal((await push(t, server, { directory })).bytesSent, SIZE);
  assert.equal(server.of("POST").length, 2);
});

for (const change of [{ digest: digestOf(5) }, { repository: "a/c" }, { registry: "http://elsewhere/" }]) {
  test(`pushBlob() does not use what was left of an upload of another ${Object.keys(change).join()}`, async (t) => {
    const server = await startUploadServer(t, {});
    const directory = join(tempDirectory(t), "uploads");
    const file = await interruptedPush(t, server, directory);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...change }));
    assert.equal((await push(t, server, { directory })).bytesSent, SIZE);
    assert.deepEqual(server.of("GET"), []);
  });
}

test("pushBlob() takes no credentials along to another origin that a kept upload names", async (t) => {
  const server = await startUploadServer(t, {});
  const seen: (string | undefined)[] = [];
  const other = await serve(t, ({ headers }, response) => {
    seen.push(headers.authorization);
    response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
  });
  const directory = join(tempDirectory(t), "uploads");
  const file = await interruptedPush(t, server, directory);
  const kept = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...kept, location: kept.location.replace(server.origin, other.origin) }));
  assert.equal((await push(t, server, { directory, trusted: [other.origin] })).bytesSent, SIZE);
  assert.deepEqual(seen, [undefined]);
});

test("pushBlob() remembers no upload of a blob that fails permanently", async (t) => {
  const server = await startUploadServer(t, { patch: 403, wholePut: 403 });
  const directory = join(tempDirectory(t), "uploads");
  await assert.rejects(push(t, server, { directory }), { code: "HTTP_FORBIDDEN" });
  assert.deepEqual(readdirSync(directory), []);
});
