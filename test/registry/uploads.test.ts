import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { DiskReserve } from "../../src/registry/disk-reserve.ts";
import { Problem } from "../../src/registry/problem.ts";
import { RootFiles } from "../../src/registry/root-files.ts";
import { rootPath } from "../../src/registry/root-path.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { Upload } from "../../src/registry/upload.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { errorCode, openRegistry, sha256, type TestRegistry } from "./registry-client.ts";

const BYTES = Buffer.alloc(200_000, "abcdefg");
const HALF = 100_000;

async function start(registry: TestRegistry, name = "a", query = ""): Promise<string> {
  const response = await registry.ask("POST", `/v2/${name}/blobs/uploads/${query}`);
  assert.equal(response.status, 202);
  return response.headers.get("location") ?? "";
}

async function rangeOf(registry: TestRegistry, location: string): Promise<string | null> {
  const response = await registry.ask("GET", location);
  assert.equal(response.status, 204);
  return response.headers.get("range");
}

/** Sends the beginning of a body of all the bytes; resolves once the server holds half of it. */
async function sendHalf(registry: TestRegistry, method: string, location: string): Promise<Socket> {
  const path = method === "PUT" ? `${location}?digest=${sha256(BYTES)}` : location;
  const socket = connect(registry.server.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${BYTES.length}\r\n\r\n`);
  socket.write(BYTES.subarray(0, HALF));
  for (let turns = 0; (await rangeOf(registry, location)) !== `0-${HALF - 1}`; turns++) assert.ok(turns < 1000);
  return socket;
}

/** The server may not have noticed yet that the connection is closed; it then says when to retry. */
async function sendRest(registry: TestRegistry, location: string): Promise<Response> {
  const headers = { "content-range": `${HALF}-${BYTES.length - 1}` };
  for (let turns = 0; turns < 1000; turns++) {
    const body = new Uint8Array(BYTES.subarray(HALF));
    const response = await registry.ask("PATCH", location, { body, headers });
    if (response.status !== 429) return response;
    assert.equal(response.headers.get("retry-after"), "1");
  }
  throw new Error("the upload stayed busy");
}

suite("handleUpload() resumption", () => {
  for (const method of ["PATCH", "PUT"]) {
    test(`handleUpload() keeps what arrived of a ${method} that was cut, and resumes from there`, async (t) => {
      const registry = await openRegistry(t);
      const location = await start(registry);
      (await sendHalf(registry, method, location)).destroy();
      assert.equal((await sendRest(registry, location)).status, 202);
      assert.equal((await registry.ask("PUT", `${location}?digest=${sha256(BYTES)}`)).status, 201);
      const blob = await registry.ask("GET", `/v2/a/blobs/${sha256(BYTES)}`);
      assert.ok(Buffer.from(await blob.arrayBuffer()).equals(BYTES));
    });
  }

  for (const algorithm of ["sha256", "sha512"] as const) {
    test(`openUploads() resumes an upload from before a restart, by ${algorithm}`, async (t) => {
      const registry = await openRegistry(t);
      const location = await start(registry, "a/b");
      await registry.ask("PATCH", location, { body: new Uint8Array(BYTES.subarray(0, HALF)) });
      await registry.server.close();
      const server = await startRegistry({ root: registry.root, port: 0 });
      t.after(() => server.close());
      const status = await fetch(server.url + location);
      assert.deepEqual([status.status, status.headers.get("range")], [204, `0-${HALF - 1}`]);
      const digest = `${algorithm}:${hashHex(algorithm, BYTES)}`;
      const body = new Uint8Array(BYTES.subarray(HALF));
      const end = await fetch(`${server.url}${location}?digest=${digest}`, { method: "PUT", body });
      assert.equal(end.status, 201);
      assert.equal((await fetch(`${server.url}/v2/a/b/blobs/${digest}`)).status, 200);
      assert.deepEqual(readdirSync(join(registry.root, "uploads")), []);
    });
  }

  test("openUploads() refuses other bytes than the digest's after a restart", async (t) => {
    const registry = await openRegistry(t);
    const location = await start(registry);
    await registry.ask("PATCH", location, { body: "01234" });
    await registry.server.close();
    writeFileSync(join(registry.root, location.replace("/v2/a/blobs/", ""), "data"), "x1234");
    const server = await startRegistry({ root: registry.root, port: 0 });
    t.after(() => server.close());
    const digest = sha256(Buffer.from("0123456789"));
    const end = await fetch(`${server.url}${location}?digest=${digest}`, { method: "PUT", body: "56789" });
    assert.deepEqual([end.status, await errorCode(end)], [400, "DIGEST_INVALID"]);
    assert.equal((await fetch(`${server.url}/v2/a/blobs/${digest}`)).status, 404);
    assert.deepEqual(readdirSync(join(registry.root, "blobs", "sha256")), []);
  });

  test("openUploads() sweeps what nobody went on with for a week", async (t) => {
    const registry = await openRegistry(t);
    const [old, young] = [await start(registry), await start(registry)];
    await registry.server.close();
    const directoryOf = (location: string) => join(registry.root, location.replace("/v2/a/blobs/", ""));
    const longAgo = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000);
    utimesSync(join(directoryOf(old), "data"), longAgo, longAgo);
    const server = await startRegistry({ root: registry.root, port: 0 });
    t.after(() => server.close());
    assert.deepEqual([existsSync(directoryOf(old)), existsSync(directoryOf(young))], [false, true]);
    assert.equal((await fetch(server.url + old)).status, 404);
    assert.equal((await fetch(server.url + young)).status, 204);
  });
});

suite("handleUpload() chunks", () => {
  const refused = [
    ["one that leaves a gap", "12-14", "xxx", 416, "BLOB_UPLOAD_INVALID"],
    ["one that overlaps", "0-2", "xxx", 416, "BLOB_UPLOAD_INVALID"],
    ["a range that is none", "five", "xxx", 416, "BLOB_UPLOAD_INVALID"],
    ["one shorter than it says", "10-14", "xxx", 400, "SIZE_INVALID"],
    ["one longer than it says", "10-11", "xxx", 400, "SIZE_INVALID"],
    ["one that ends before it begins", "10-8", "xxx", 400, "SIZE_INVALID"],
  ] as const;
  for (const [what, range, body, status, code] of refused) {
    test(`handleUpload() refuses ${what}, and the upload stays as it was`, async (t) => {
      const registry = await openRegistry(t);
      const location = await start(registry);
      await registry.ask("PATCH", location, { body: "0123456789" });
      const response = await registry.ask("PATCH", location, { body, headers: { "content-range": range } });
      assert.deepEqual([response.status, await errorCode(response)], [status, code]);
      if (status === 416) {
        assert.deepEqual([response.headers.get("range"), response.headers.get("location")], ["0-9", location]);
      }
      assert.equal(await rangeOf(registry, location), "0-9");
    });
  }

  for (const [range, sent] of [
    ["5-9", "56789x"],
    ["5-9", "567"],
    ["5-29", "567890123456789"],
  ] as const) {
    test(`handleUpload() discards a stream of ${sent.length} bytes that claimed ${range}`, async (t) => {
      const registry = await openRegistry(t);
      const location = await start(registry);
      await registry.ask("PATCH", location, { body: "01234" });
      const stream = new Blob([sent]).stream();
      const init = { body: stream, duplex: "half" as const, headers: { "content-range": range } };
      const response = await registry.ask("PATCH", location, init);
      assert.deepEqual([response.status, await errorCode(response)], [400, "SIZE_INVALID"]);
      assert.equal(await rangeOf(registry, location), "0-4");
      const end = `${location}?digest=${sha256(Buffer.from("0123456789"))}`;
      const put = await registry.ask("PUT", end, { body: "56789", headers: { "content-range": "5-9" } });
      assert.equal(put.status, 201);
      const blob = await registry.ask("GET", put.headers.get("location") ?? "");
      assert.equal(await blob.text(), "0123456789");
    });
  }

  test("handleUpload() is of the repository it was started in alone", async (t) => {
    const registry = await openRegistry(t);
    const location = await start(registry, "a");
    const other = await registry.ask("GET", location.replace("/v2/a/", "/v2/b/"));
    assert.deepEqual([other.status, await errorCode(other)], [404, "BLOB_UPLOAD_UNKNOWN"]);
  });

  test("handleUpload() ends an upload once, whichever request comes first", async (t) => {
    const registry = await openRegistry(t);
    const location = await start(registry);
    await registry.ask("PATCH", location, { body: new Uint8Array(BYTES) });
    const ends = await Promise.all(
      Array.from({ length: 8 }, () => registry.ask("PUT", `${location}?digest=${sha256(BYTES)}`)),
    );
    assert.equal(ends.filter((response) => response.status === 201).length, 1);
    for (const response of ends) assert.ok([201, 404, 429].includes(response.status), String(response.status));
  });

  test("handleUpload() lets nothing into a blob while it is ended", async (t) => {
    const registry = await openRegistry(t);
    const location = await start(registry);
    await registry.ask("PATCH", location, { body: new Uint8Array(BYTES) });
    const [end] = await Promise.all([
      registry.ask("PUT", `${location}?digest=${sha256(BYTES)}`),
      ...Array.from({ length: 8 }, () => registry.ask("PATCH", location, { body: "intruder" })),
    ]);
    const path = join(registry.root, "blobs", "sha256", sha256(BYTES).slice("sha256:".length));
    if (end?.status === 201) assert.ok(readFileSync(path).equals(BYTES));
    else assert.ok(!existsSync(path));
  });
});

suite("Upload", () => {
  const emptyUpload = (t: TestContext) => {
    const files = RootFiles.open(tempDirectory(t));
    const path = join(files.root, "data");
    writeFileSync(path, "");
    const upload = new Upload({
      id: "id",
      name: "a",
      files,
      reserve: new DiskReserve(files, 0),
      path: rootPath("data"),
      size: 0,
      algorithm: "sha256",
      touchedAt: 0,
    });
    return { upload, path };
  };
  const body = (text: string) => ({ chunks: chunksOf(text), expectedBytes: null, isGone: () => false });

  test("append() waits for the writes of a client that has left, and refuses while another is writing", async (t) => {
    const { upload, path } = emptyUpload(t);
    const hold = Promise.withResolvers<void>();
    let isGone = false;
    const first = upload.append({ chunks: chunksOf("01234", hold.promise), expectedBytes: null, isGone: () => isGone });
    await assert.rejects(upload.append(body("56789")), (error) => error instanceof Problem && error.status === 429);
    isGone = true;
    const second = upload.append(body("56789"));
    hold.resolve();
    await Promise.all([first, second]);
    assert.deepEqual([upload.size, readFileSync(path, "utf8")], [10, "0123456789"]);
  });

  test("append() stops at what the upload may grow to, and takes that body back", async (t) => {
    const { upload, path } = emptyUpload(t);
    await upload.append({ ...body("01234"), maxSize: 8 });
    const refused = upload.append({ ...body("56789"), maxSize: 8 });
    await assert.rejects(refused, (error) => error instanceof Problem && error.status === 413);
    assert.deepEqual([upload.size, readFileSync(path, "utf8")], [5, "01234"]);
  });
});

async function* chunksOf(text: string, after?: Promise<void>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
  await after;
}

suite("handleUploads()", () => {
  test("handleUploads() forgets a whole blob whose connection broke off", async (t) => {
    const registry = await openRegistry(t);
    const path = `/v2/a/blobs/uploads/?digest=${sha256(BYTES)}`;
    const line = registry.lineOf("/v2/a/blobs/uploads/");
    const socket = connect(registry.server.port, "127.0.0.1");
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${BYTES.length}\r\n\r\n${"x".repeat(HALF)}`,
    );
    for (let turns = 0; readdirSync(join(registry.root, "uploads")).length === 0; turns++) {
      assert.ok(turns < 1000);
      await registry.ask("GET", "/v2/");
    }
    socket.destroy();
    await line;
    for (let turns = 0; readdirSync(join(registry.root, "uploads")).length > 0; turns++) {
      assert.ok(turns < 1000);
      await registry.ask("GET", "/v2/");
    }
  });

  test("handleUploads() mounts from any repository when none is named", async (t) => {
    const registry = await openRegistry(t);
    const digest = await registry.push("one", BYTES);
    const mounted = await registry.ask("POST", `/v2/two/blobs/uploads/?mount=${digest}`);
    assert.deepEqual([mounted.status, mounted.headers.get("docker-content-digest")], [201, digest]);
    assert.equal((await registry.ask("HEAD", `/v2/two/blobs/${digest}`)).status, 200);
    const absent = await registry.ask("POST", `/v2/two/blobs/uploads/?mount=${sha256(Buffer.from("absent"))}`);
    assert.equal(absent.status, 202);
  });

  test("handleUploads() takes a blob of no bytes", async (t) => {
    const registry = await openRegistry(t);
    const digest = await registry.push("a", Buffer.alloc(0));
    const location = await start(registry);
    assert.equal((await registry.ask("PUT", `${location}?digest=${digest}`)).status, 201);
    const response = await registry.ask("GET", `/v2/a/blobs/${digest}`);
    assert.deepEqual([response.status, response.headers.get("content-length")], [200, "0"]);
  });

  test("handleUploads() knows the digest algorithms it can compute", async (t) => {
    const registry = await openRegistry(t);
    const location = await start(registry, "a", "?digest-algorithm=sha512");
    await registry.ask("PATCH", location, { body: new Uint8Array(BYTES) });
    const end = await registry.ask("PUT", `${location}?digest=sha512:${hashHex("sha512", BYTES)}`);
    assert.equal(end.status, 201);
    const unknown = await registry.ask("POST", "/v2/a/blobs/uploads/?digest-algorithm=md5");
    assert.deepEqual([unknown.status, await errorCode(unknown)], [400, "DIGEST_INVALID"]);
  });
});
