import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { suite, test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { PkgError } from "../../src/errors.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { errorCode, openRegistry, sha256 } from "./registry-client.ts";

const BYTES = Buffer.from("0123456789");
const DIGEST = sha256(BYTES);
const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

function manifestOf(...digests: readonly string[]): Buffer {
  const [config, ...layers] = digests.map((digest) => ({ mediaType: "application/x", digest, size: 10 }));
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config, layers }));
}

function body(bytes: Buffer, contentType = MANIFEST_TYPE): RequestInit {
  return { body: new Uint8Array(bytes), headers: { "content-type": contentType } };
}

suite("startRegistry() blobs", () => {
  test("startRegistry() answers /v2/ and unknown paths", async (t) => {
    const { ask } = await openRegistry(t);
    assert.equal((await ask("GET", "/v2/")).status, 200);
    for (const path of ["/v2/a/b", "/etc/passwd", "/blobs/sha256/x"]) {
      const response = await ask("GET", path);
      assert.deepEqual([response.status, await errorCode(response)], [404, "NAME_UNKNOWN"]);
    }
    assert.equal((await ask("POST", "/v2/")).status, 405);
  });

  test("startRegistry() gives a pushed blob, its head, and a range of it", async (t) => {
    const { ask, push } = await openRegistry(t);
    const path = `/v2/a/b/blobs/${await push("a/b", BYTES)}`;
    const whole = await ask("GET", path);
    assert.equal(await whole.text(), "0123456789");
    assert.equal(whole.headers.get("docker-content-digest"), DIGEST);
    const head = await ask("HEAD", path);
    assert.deepEqual([head.status, head.headers.get("content-length"), await head.text()], [200, "10", ""]);
    const ranges = [
      ["bytes=2-4", 206, "234", "bytes 2-4/10"],
      ["bytes=8-", 206, "89", "bytes 8-9/10"],
      ["bytes=5-99", 206, "56789", "bytes 5-9/10"],
      ["bytes=-3", 206, "789", "bytes 7-9/10"],
      ["bytes=0-1,3-4", 200, "0123456789", null],
      ["lines=0-1", 200, "0123456789", null],
    ] as const;
    for (const [range, status, text, contentRange] of ranges) {
      const response = await ask("GET", path, { headers: { range } });
      assert.deepEqual([response.status, await response.text()], [status, text], range);
      assert.equal(response.headers.get("content-range"), contentRange);
    }
    for (const range of ["bytes=10-", "bytes=4-2"]) {
      const refused = await ask("GET", path, { headers: { range } });
      assert.deepEqual([refused.status, refused.headers.get("content-range")], [416, "bytes */10"]);
    }
    const changed = await ask("GET", path, { headers: { range: "bytes=2-4", "if-range": '"other"' } });
    assert.deepEqual([changed.status, await changed.text()], [200, "0123456789"]);
    const same = await ask("GET", path, {
      headers: { range: "bytes=2-4", "if-range": whole.headers.get("etag") ?? "" },
    });
    assert.equal(same.status, 206);
  });

  test("startRegistry() keeps repositories apart, and mounts across them", async (t) => {
    const { ask, push } = await openRegistry(t);
    await push("one", BYTES);
    assert.equal((await ask("GET", `/v2/two/blobs/${DIGEST}`)).status, 404);
    const mounted = await ask("POST", `/v2/two/blobs/uploads/?mount=${DIGEST}&from=one`);
    assert.deepEqual([mounted.status, mounted.headers.get("location")], [201, `/v2/two/blobs/${DIGEST}`]);
    assert.equal(await (await ask("GET", `/v2/two/blobs/${DIGEST}`)).text(), "0123456789");
    const refused = await ask("POST", `/v2/three/blobs/uploads/?mount=${DIGEST}&from=empty`);
    assert.equal(refused.status, 202);
    assert.match(refused.headers.get("location") ?? "", /^\/v2\/three\/blobs\/uploads\/[0-9a-f-]{36}$/);
  });

  test("startRegistry() deletes a blob from one repository only", async (t) => {
    const { ask, push } = await openRegistry(t);
    await push("one", BYTES);
    await push("two", BYTES);
    assert.equal((await ask("DELETE", `/v2/one/blobs/${DIGEST}`)).status, 202);
    assert.equal((await ask("GET", `/v2/one/blobs/${DIGEST}`)).status, 404);
    assert.equal((await ask("GET", `/v2/two/blobs/${DIGEST}`)).status, 200);
    assert.equal((await ask("DELETE", `/v2/one/blobs/${DIGEST}`)).status, 404);
  });
});

suite("startRegistry() uploads", () => {
  test("startRegistry() takes a blob in chunks, each in its place", async (t) => {
    const { ask, root } = await openRegistry(t);
    const start = await ask("POST", "/v2/a/blobs/uploads/");
    assert.equal(start.status, 202);
    const location = start.headers.get("location") ?? "";
    const first = await ask("PATCH", location, { body: "01234", headers: { "content-range": "0-4" } });
    assert.deepEqual([first.status, first.headers.get("range")], [202, "0-4"]);
    const again = await ask("PATCH", location, { body: "01234", headers: { "content-range": "0-4" } });
    assert.deepEqual([again.status, again.headers.get("range")], [416, "0-4"]);
    const lying = await ask("PATCH", location, { body: "567", headers: { "content-range": "5-9" } });
    assert.deepEqual([lying.status, await errorCode(lying)], [400, "SIZE_INVALID"]);
    const progress = await ask("GET", location);
    assert.deepEqual([progress.status, progress.headers.get("range")], [204, "0-4"]);
    const end = await ask("PUT", `${location}?digest=${DIGEST}`, { body: "56789" });
    assert.deepEqual([end.status, end.headers.get("docker-content-digest")], [201, DIGEST]);
    assert.equal(await (await ask("GET", `/v2/a/blobs/${DIGEST}`)).text(), "0123456789");
    assert.deepEqual(readdirSync(join(root, "uploads")), []);
    assert.equal((await ask("GET", location)).status, 404);
  });

  test("startRegistry() takes POST and one PUT, sha512, and an empty closing PUT", async (t) => {
    const { ask } = await openRegistry(t);
    const sha512 = `sha512:${hashHex("sha512", BYTES)}`;
    const one = (await ask("POST", "/v2/a/blobs/uploads/")).headers.get("location") ?? "";
    assert.equal((await ask("PUT", `${one}?digest=${sha512}`, { body: "0123456789" })).status, 201);
    assert.equal(await (await ask("GET", `/v2/a/blobs/${sha512}`)).text(), "0123456789");
    const two = (await ask("POST", "/v2/a/blobs/uploads/")).headers.get("location") ?? "";
    await ask("PATCH", two, { body: "0123456789" });
    assert.equal((await ask("PUT", `${two}?digest=${DIGEST}`)).status, 201);
  });

  test("startRegistry() keeps nothing when the digest is wrong or missing", async (t) => {
    const { ask, root } = await openRegistry(t);
    const wrong = await ask("POST", `/v2/a/blobs/uploads/?digest=${DIGEST}`, { body: "other" });
    assert.deepEqual([wrong.status, await errorCode(wrong)], [400, "DIGEST_INVALID"]);
    for (const digest of ["md5:abc", "sha256:../../../etc/passwd", "sha256:ABC"]) {
      const response = await ask("POST", `/v2/a/blobs/uploads/?digest=${encodeURIComponent(digest)}`, { body: "x" });
      assert.deepEqual([response.status, await errorCode(response)], [400, "DIGEST_INVALID"]);
    }
    const location = (await ask("POST", "/v2/a/blobs/uploads/")).headers.get("location") ?? "";
    assert.equal((await ask("PUT", location, { body: "x" })).status, 400);
    assert.equal((await ask("DELETE", location)).status, 204);
    assert.deepEqual(readdirSync(join(root, "uploads")), []);
    assert.deepEqual(readdirSync(join(root, "blobs", "sha256")), []);
  });

  test("startRegistry() refuses a second chunk while one is on its way", async (t) => {
    const { ask, server } = await openRegistry(t);
    const location = (await ask("POST", "/v2/a/blobs/uploads/")).headers.get("location") ?? "";
    const options = { port: server.port, host: "127.0.0.1", method: "PATCH", path: location };
    const first = request({ ...options, headers: { expect: "100-continue", "content-length": 5 } });
    first.flushHeaders();
    await new Promise((resolve) => first.once("continue", resolve));
    const second = await ask("PATCH", location, { body: "xxxxx" });
    assert.deepEqual([second.status, await errorCode(second)], [429, "TOOMANYREQUESTS"]);
    first.end("01234");
    await new Promise((resolve) => first.once("response", (response) => resolve(response.resume())));
    assert.equal((await ask("PUT", `${location}?digest=${DIGEST}`, { body: "56789" })).status, 201);
  });
});

suite("startRegistry() manifests", () => {
  test("startRegistry() gives a manifest by tag and digest as it was pushed", async (t) => {
    const { ask, push } = await openRegistry(t);
    const manifest = manifestOf(await push("a", BYTES));
    const put = await ask("PUT", "/v2/a/manifests/v1", body(manifest));
    assert.deepEqual([put.status, put.headers.get("docker-content-digest")], [201, sha256(manifest)]);
    for (const reference of ["v1", sha256(manifest)]) {
      const response = await ask("GET", `/v2/a/manifests/${reference}`);
      assert.equal(response.headers.get("content-type"), MANIFEST_TYPE);
      assert.equal(response.headers.get("docker-content-digest"), sha256(manifest));
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), manifest);
      const head = await ask("HEAD", `/v2/a/manifests/${reference}`);
      assert.equal(head.headers.get("content-length"), String(manifest.byteLength));
    }
    const etag = put.headers.get("docker-content-digest") ?? "";
    const unchanged = await ask("GET", "/v2/a/manifests/v1", { headers: { "if-none-match": `"${etag}"` } });
    assert.equal(unchanged.status, 304);
  });

  test("startRegistry() refuses manifests that are wrong or name missing blobs", async (t) => {
    const { ask, push } = await openRegistry(t);
    const manifest = manifestOf(await push("a", BYTES));
    const json = (value: unknown) => Buffer.from(JSON.stringify(value));
    const refused = [
      ["v1", body(manifestOf(sha256(Buffer.from("absent")))), 404, "MANIFEST_BLOB_UNKNOWN"],
      ["v1", body(manifest, INDEX_TYPE), 400, "MANIFEST_INVALID"],
      ["v1", body(Buffer.from("<html>")), 400, "MANIFEST_INVALID"],
      ["v1", body(json([])), 400, "MANIFEST_INVALID"],
      ["v1", body(json({ layers: [], manifests: [] })), 400, "MANIFEST_INVALID"],
      ["v1", body(json({ layers: [{ digest: "sha256:../x" }] })), 400, "MANIFEST_INVALID"],
      ["v1", body(json({ manifests: [{ digest: DIGEST }] }), INDEX_TYPE), 404, "MANIFEST_BLOB_UNKNOWN"],
      ["v1", body(Buffer.alloc(4 * 1024 * 1024 + 1, 0x20)), 413, "SIZE_INVALID"],
      [DIGEST, body(manifest), 400, "DIGEST_INVALID"],
      ["-bad", body(manifest), 400, "MANIFEST_INVALID"],
    ] as const;
    for (const [reference, init, status, code] of refused) {
      const response = await ask("PUT", `/v2/a/manifests/${reference}`, init);
      assert.deepEqual([response.status, await errorCode(response)], [status, code]);
    }
    assert.equal((await ask("GET", "/v2/a/manifests/v1")).status, 404);
  });

  test("startRegistry() takes an image index of manifests it has", async (t) => {
    const { ask, push } = await openRegistry(t);
    const manifest = manifestOf(await push("a", BYTES));
    await ask("PUT", `/v2/a/manifests/${sha256(manifest)}`, body(manifest));
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [{ digest: sha256(manifest) }] }));
    assert.equal((await ask("PUT", "/v2/a/manifests/all", body(index, INDEX_TYPE))).status, 201);
    assert.equal((await ask("GET", "/v2/a/manifests/all")).headers.get("content-type"), INDEX_TYPE);
  });

  test("startRegistry() deletes a manifest with its tags, or one tag", async (t) => {
    const { ask, push } = await openRegistry(t);
    const manifest = manifestOf(await push("a", BYTES));
    for (const tag of ["v1", "v2"]) await ask("PUT", `/v2/a/manifests/${tag}`, body(manifest));
    assert.equal((await ask("DELETE", "/v2/a/manifests/v1")).status, 202);
    assert.equal((await ask("GET", `/v2/a/manifests/${sha256(manifest)}`)).status, 200);
    assert.equal((await ask("DELETE", `/v2/a/manifests/${sha256(manifest)}`)).status, 202);
    assert.equal((await ask("GET", "/v2/a/manifests/v2")).status, 404);
    assert.deepEqual(await (await ask("GET", "/v2/a/tags/list")).json(), { name: "a", tags: [] });
    assert.equal((await ask("DELETE", "/v2/a/manifests/v2")).status, 404);
  });

  test("startRegistry() lists tags in pages", async (t) => {
    const { ask, push } = await openRegistry(t);
    assert.equal(await errorCode(await ask("GET", "/v2/a/tags/list")), "NAME_UNKNOWN");
    const manifest = manifestOf(await push("a", BYTES));
    for (const tag of ["c", "B", "a"]) await ask("PUT", `/v2/a/manifests/${tag}`, body(manifest));
    const pages: unknown[] = [];
    for (let next: string | undefined = "/v2/a/tags/list?n=2"; next !== undefined && pages.length < 5; ) {
      const response: Response = await ask("GET", next);
      pages.push(await response.json());
      next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get("link") ?? "")?.[1];
    }
    assert.deepEqual(pages, [
      { name: "a", tags: ["B", "a"] },
      { name: "a", tags: ["c"] },
    ]);
    assert.equal((await ask("GET", "/v2/a/tags/list?n=-1")).status, 400);
    for (const all of ["9999999999", "9".repeat(400)])
      assert.equal((await ask("GET", `/v2/a/tags/list?n=${all}`)).status, 200);
  });
});

suite("startRegistry() paths", () => {
  const names = ["..", "a/../b", "A", "a//b", "_tags", "a/_blobs", "a%2f..%2fb", "a%00", ".a", "a".repeat(256)];
  for (const name of names) {
    test(`startRegistry() refuses the name "${name.slice(0, 20)}"`, async (t) => {
      const { root, server } = await openRegistry(t);
      // fetch() would tidy the path before sending it.
      const status = await new Promise((resolve, reject) => {
        const options = { port: server.port, host: "127.0.0.1", method: "POST", path: `/v2/${name}/blobs/uploads/` };
        request(options, (response) => resolve(response.resume().statusCode))
          .on("error", reject)
          .end();
      });
      assert.equal(status, 400);
      assert.deepEqual(readdirSync(root).toSorted(), ["blobs", "registry.json", "uploads"]);
    });
  }

  test("startRegistry() serves index files by ETag, and nothing else", async (t) => {
    const { ask, root } = await openRegistry(t);
    mkdirSync(join(root, "index", "folder"), { recursive: true });
    writeFileSync(join(root, "index", "demo.json"), "[]");
    for (const file of ["secret", "index/.hidden"]) writeFileSync(join(root, file), "secret");
    const response = await ask("GET", "/index/demo.json");
    assert.deepEqual([response.status, await response.text()], [200, "[]"]);
    const etag = response.headers.get("etag") ?? "";
    assert.equal((await ask("GET", "/index/demo.json", { headers: { "if-none-match": etag } })).status, 304);
    writeFileSync(join(root, "index", "demo.json"), "[1]");
    const changed = await ask("GET", "/index/demo.json", { headers: { "if-none-match": etag } });
    assert.deepEqual([changed.status, await changed.text()], [200, "[1]"]);
    for (const path of ["/index/", "/index/folder", "/index/none", "/index/..%2fsecret", "/secret", "/index/.hidden"]) {
      assert.equal((await ask("GET", path)).status, 404, path);
    }
    assert.equal((await ask("PUT", "/index/demo.json", { body: "x" })).status, 405);
  });
});

suite("startRegistry() life", () => {
  test("startRegistry() reports each request", async (t) => {
    const { ask, lineOf, push } = await openRegistry(t);
    await push("a", BYTES);
    const path = `/v2/a/blobs/${DIGEST}`;
    const line = lineOf(path);
    await (await ask("GET", path)).text();
    assert.deepEqual(await line, { method: "GET", path, status: 200, bytes: 10 });
  });

  test("startRegistry() keeps what was pushed when it is started again", async (t) => {
    const { ask, push, root, server } = await openRegistry(t);
    await ask("PUT", "/v2/a/manifests/v1", body(manifestOf(await push("a", BYTES))));
    await server.close();
    writeFileSync(join(root, "uploads", "left-by-a-crash"), "x");
    const again = await startRegistry({ root, port: 0 });
    t.after(() => again.close());
    assert.equal((await fetch(`${again.url}/v2/a/manifests/v1`)).status, 200);
    assert.deepEqual(readdirSync(join(root, "uploads")), []);
  });

  test("startRegistry() closes when the signal is aborted", async (t) => {
    const { root } = await openRegistry(t);
    const abort = new AbortController();
    const server = await startRegistry({ root, port: 0, signal: abort.signal });
    abort.abort();
    await server.close();
    await assert.rejects(fetch(server.url));
    assert.ok(existsSync(root));
  });

  test("startRegistry() throws USAGE when the port is taken", async (t) => {
    const { root, server } = await openRegistry(t);
    await assert.rejects(startRegistry({ root, port: server.port }), (error) => {
      assert.ok(error instanceof PkgError);
      assert.equal(error.code, "USAGE");
      return true;
    });
  });
});
