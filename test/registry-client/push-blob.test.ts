import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { skipWithout, startDockerRegistry } from "../support/docker-registry.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { digestOf, generated, generatedStream } from "./generated-blob.ts";
import { pushDesk } from "./push-desk.ts";
import { startUploadServer, type UploadQuirks } from "./upload-server.ts";

const MEBIBYTE = 1024 * 1024;
const CHUNK_BYTES = 4 * MEBIBYTE;

async function quirky(t: TestContext, quirks: UploadQuirks) {
  const server = await startUploadServer(t, quirks);
  return { server, ...pushDesk(t, server) };
}

function bytesOf(requests: readonly { readonly bytes: number }[]): number {
  return requests.reduce((sum, { bytes }) => sum + bytes, 0);
}

suite("pushBlob()", () => {
  for (const size of [0, 1, 2, 70_000, 9 * MEBIBYTE]) {
    test(`pushBlob() sends ${size} bytes in one request`, async (t) => {
      const { server, push } = await quirky(t, {});
      assert.deepEqual(await push({ size }), { how: "sent", bytesSent: size });
      assert.deepEqual(server.blobs.get(digestOf(size)), { size });
      assert.deepEqual(
        server.requests.map(({ method }) => method),
        ["HEAD", "POST", "PUT"],
      );
      const [put] = server.of("PUT");
      assert.match(put?.path ?? "", /\?_state=a%2Fb&digest=sha256%3A[0-9a-f]{64}$/);
      assert.equal(put?.contentRange, null);
    });
  }

  test("pushBlob() sends nothing that the registry already has", async (t) => {
    const { server, push } = await quirky(t, { head: 200 });
    assert.deepEqual(await push({ size: 10 }), { how: "existed", bytesSent: 0 });
    assert.equal(server.requests.length, 1);
  });

  for (const head of [401, 403, 405]) {
    test(`pushBlob() continues if a registry answers ${head} when asked whether the blob exists`, async (t) => {
      const { push } = await quirky(t, { head });
      assert.equal((await push({ size: 10 })).how, "sent");
    });
  }

  test("pushBlob() asks with its upload whether a blob is there, where a registry mounts and lacks most of them", async (t) => {
    const { server, push } = await quirky(t, { mountsHeld: Number.MAX_SAFE_INTEGER });
    const methodsOf = async (size: number) => {
      const before = server.requests.length;
      const { how } = await push({ size });
      return [how, ...server.requests.slice(before).map(({ method }) => method)];
    };
    for (const size of [1, 2, 3, 4]) assert.deepEqual(await methodsOf(size), ["sent", "HEAD", "POST", "PUT"]);
    assert.deepEqual(await methodsOf(5), ["sent", "POST", "POST", "PUT"]);
    assert.match(server.of("POST").at(-2)?.path ?? "", /\?mount=sha256%3A[0-9a-f]{64}&from=a%2Fb$/);
    assert.deepEqual(await methodsOf(6), ["sent", "POST", "PUT"]);
    assert.deepEqual(await methodsOf(1), ["existed", "POST", "HEAD"]);
    // What follows is likely to be there, too.
    assert.deepEqual(await methodsOf(2), ["existed", "HEAD"]);
    assert.deepEqual(server.blobs.get(digestOf(6)), { size: 6 });
  });

  test("pushBlob() mounts after a push that was given up while the registry was asked whether it mounts", async (t) => {
    const { server, push } = await quirky(t, { mountsHeld: Number.MAX_SAFE_INTEGER });
    for (const size of [1, 2, 3, 4]) await push({ size });
    await assert.rejects(push({ size: 5 }, AbortSignal.abort()), { code: "INTERRUPTED" });
    await push({ size: 5 });
    assert.equal(server.of("HEAD").length, 4);
  });

  test("pushBlob() asks first where a registry mounts nothing from the repository itself, or says that it did", async (t) => {
    for (const quirks of [{}, { mount: 401 }, { mountsHeld: 1 }]) {
      const { server, push } = await quirky(t, quirks);
      for (const size of [1, 2, 3, 4, 5]) assert.equal((await push({ size })).how, "sent");
      assert.deepEqual(server.blobs.get(digestOf(5)), { size: 5 });
      const before = server.requests.length;
      await push({ size: 6 });
      assert.deepEqual(
        server.requests.slice(before).map(({ method }) => method),
        ["HEAD", "POST", "PUT"],
      );
    }
  });

  test("pushBlob() mounts what another repository has", async (t) => {
    const { server, push } = await quirky(t, { mount: 201 });
    assert.deepEqual(await push({ size: 10, mountFrom: "c/d" }), { how: "mounted", bytesSent: 0 });
    assert.match(server.of("POST")[0]?.path ?? "", /\?mount=sha256%3A[0-9a-f]{64}&from=c%2Fd$/);
  });

  test("pushBlob() uploads into the session that a mount was answered with", async (t) => {
    const { server, push } = await quirky(t, { mount: 202 });
    assert.equal((await push({ size: 10, mountFrom: "c/d" })).how, "sent");
    assert.equal(server.of("POST").length, 1);
  });

  for (const mount of [401, 404, 405]) {
    test(`pushBlob() uploads if a mount is refused with ${mount}`, async (t) => {
      const { server, push } = await quirky(t, { mount });
      assert.equal((await push({ size: 10, mountFrom: "c/d" })).how, "sent");
      assert.equal(server.of("POST").length, 2);
    });
  }

  for (const wholePut of [400, 404, 405, 413, 416, 501]) {
    test(`pushBlob() sends pieces if one request is refused with ${wholePut}, and starts with them the next time`, async (t) => {
      const { server, push } = await quirky(t, { wholePut, patchLimit: CHUNK_BYTES });
      const size = 2 * CHUNK_BYTES + 5;
      assert.equal((await push({ size })).how, "sent");
      assert.deepEqual(server.blobs.get(digestOf(size)), { size });
      assert.deepEqual(
        server.of("PATCH").map(({ bytes }) => bytes),
        [CHUNK_BYTES, CHUNK_BYTES],
      );
      const puts = server.of("PUT").length;
      await push({ size: size + 1 });
      assert.equal(server.of("PUT").length, puts + 1, "the other way is not tried again");
    });
  }

  for (const patch of [400, 404, 405, 416, 501]) {
    test(`pushBlob() sends the rest in one request where pieces are refused with ${patch}`, async (t) => {
      const { server, push } = await quirky(t, { patch, cutAfter: MEBIBYTE });
      const size = 20 * MEBIBYTE;
      assert.equal((await push({ size })).how, "sent");
      assert.deepEqual(server.blobs.get(digestOf(size)), { size });
    });
  }

  test("pushBlob() reports a refusal that no other way would change", async (t) => {
    const { server, push } = await quirky(t, { wholePut: 403 });
    await assert.rejects(push({ size: 10 }), { code: "HTTP_FORBIDDEN" });
    assert.equal(server.of("DELETE").length, 1, "the upload is given up");
  });

  test("pushBlob() gives up when both ways are refused", async (t) => {
    const { push } = await quirky(t, { wholePut: 413, patch: 405 });
    await assert.rejects(push({ size: 5 * MEBIBYTE }), (error) => error instanceof PkgError);
  });

  test("pushBlob() keeps pieces as large as the registry wants them, but for the last", async (t) => {
    const minChunk = 6 * MEBIBYTE;
    const { server, push } = await quirky(t, { wholePut: 413, minChunk });
    const size = 2 * minChunk + 7;
    await push({ size });
    assert.deepEqual(
      server.of("PATCH").map(({ bytes }) => bytes),
      [minChunk, minChunk],
    );
    assert.deepEqual(server.blobs.get(digestOf(size)), { size });
  });

  test("pushBlob() counts on its own if a Range never advances", async (t) => {
    const { server, push } = await quirky(t, { wholePut: 413, rangeStuck: true });
    const size = 3 * CHUNK_BYTES + 1;
    await push({ size });
    assert.deepEqual(server.blobs.get(digestOf(size)), { size });
  });

  test("pushBlob() resumes from what a registry says it took", async (t) => {
    const { server, push } = await quirky(t, { wholePut: 413, takesLess: 1000 });
    const size = 3 * CHUNK_BYTES;
    await push({ size });
    assert.deepEqual(server.blobs.get(digestOf(size)), { size });
  });

  test("pushBlob() sends at most one hundredth of 2 GB again after a cut", async (t) => {
    // A smaller blob would show nothing: the kernels buffer some MB, and count as sent whether they arrive or not.
    const size = 2 * 1000 ** 3;
    const digest = digestOf(size);
    const { server, push, retries } = await quirky(t, { cutAfter: size / 2 });
    const { how, bytesSent } = await push({ size, digest });
    assert.equal(how, "sent");
    assert.deepEqual(server.blobs.get(digest), { size });
    assert.ok(bytesSent <= size * 1.01, `${bytesSent - size} bytes were sent again`);
    assert.ok(bytesOf(server.requests) <= size * 1.01);
    assert.deepEqual(retries, ["NETWORK_FAILED"]);
  });

  test("pushBlob() starts over if a cut loses the upload", async (t) => {
    const { server, push } = await quirky(t, { cutAfter: MEBIBYTE, losesSession: true });
    const size = 6 * MEBIBYTE;
    assert.equal((await push({ size })).how, "sent");
    assert.deepEqual(server.blobs.get(digestOf(size)), { size });
    assert.equal(server.of("POST").length, 2);
  });

  test("pushBlob() asks what was taken after a server's failure, and sends none of it twice", async (t) => {
    const { server, push } = await quirky(t, { failures: 1 });
    const size = MEBIBYTE;
    assert.deepEqual(await push({ size }), { how: "sent", bytesSent: size });
    assert.deepEqual(
      server.requests.map(({ method }) => method),
      ["HEAD", "POST", "PUT", "GET", "PUT"],
    );
  });

  test("pushBlob() understands the Range of an empty upload", async (t) => {
    const { server, push } = await quirky(t, { failures: 1 });
    assert.equal((await push({ size: 0 })).how, "sent");
    assert.deepEqual(
      server.requests.map(({ method }) => method),
      ["HEAD", "POST", "PUT", "GET", "PUT"],
    );
  });

  test("pushBlob() starts over if an empty closing request is refused", async (t) => {
    const { server, push } = await quirky(t, { failures: 1, refusesEmptyPut: true });
    const size = MEBIBYTE;
    assert.equal((await push({ size })).how, "sent");
    assert.deepEqual(server.blobs.get(digestOf(size)), { size });
  });

  test("pushBlob() gives up a registry that fails again and again", async (t) => {
    const { push, retries } = await quirky(t, { failures: 100 });
    await assert.rejects(push({ size: 10 }), (error) => error instanceof PkgError && error.exitCode === 75);
    assert.equal(retries.length, 3);
  });

  test("pushBlob() refuses an answer that does not say where to continue", async (t) => {
    const { push } = await quirky(t, { location: () => "" });
    await assert.rejects(push({ size: 10 }), { code: "HTTP_UNEXPECTED", message: /does not say where/ });
  });

  test("pushBlob() reports that the registry stored something else", async (t) => {
    const { push } = await quirky(t, { storedDigest: digestOf(11) });
    await assert.rejects(push({ size: 10 }), { code: "DIGEST_MISMATCH" });
  });

  test("pushBlob() throws the source's own error, whatever its code, and completes nothing", async (t) => {
    for (const code of ["NETWORK_FAILED", "DIGEST_MISMATCH"] as const) {
      const { server, push, retries } = await quirky(t, {});
      const failure = new PkgError(code, "Cannot read the source");
      const open = async () => failing(generated(MEBIBYTE), failure);
      await assert.rejects(push({ size: 2 * MEBIBYTE, open }), (error) => error === failure);
      // The verdict on the last byte comes after it: the registry must not have what it would complete the blob with.
      const late = async () => failing(generated(MEBIBYTE), failure);
      await assert.rejects(push({ size: MEBIBYTE, open: late }), (error) => error === failure);
      assert.equal(server.blobs.size, 0);
      assert.deepEqual(retries, []);
    }
  });

  for (const found of [MEBIBYTE - 1, MEBIBYTE + 1]) {
    test(`pushBlob() refuses a source of ${found} bytes for a blob of ${MEBIBYTE}`, async (t) => {
      const { server, push } = await quirky(t, {});
      const open = async () => generatedStream(found);
      await assert.rejects(push({ size: MEBIBYTE, open }), { code: "SIZE_MISMATCH" });
      assert.equal(server.blobs.size, 0);
    });
  }

  test("pushBlob() gives the upload up when it is interrupted", async (t) => {
    const controller = new AbortController();
    const { server, push } = await quirky(t, {});
    const onProgress = (bytes: number) => {
      if (bytes > MEBIBYTE) controller.abort();
    };
    await assert.rejects(push({ size: 50 * MEBIBYTE, onProgress }, controller.signal), { code: "INTERRUPTED" });
    assert.equal(server.of("DELETE").length, 1);
    assert.equal(server.blobs.size, 0);
  });

  test("pushBlob() reports its progress up to the size and never beyond", async (t) => {
    const size = 10 * MEBIBYTE;
    const told: number[] = [];
    const { push } = await quirky(t, { cutAfter: 5 * MEBIBYTE });
    await push({ size, onProgress: (bytes) => told.push(bytes) });
    assert.equal(told.at(-1), size);
    assert.ok(told.every((bytes) => bytes >= 0 && bytes <= size));
  });

  test("pushBlob() pushes to an embedded registry, and no bytes under a wrong digest", async (t) => {
    const registry = await startRegistry({ root: join(tempDirectory(t), "root"), port: 0 });
    t.after(() => registry.close());
    const { push } = pushDesk(t, new URL(registry.url));
    assert.equal((await push({ size: 30 * MEBIBYTE })).how, "sent");
    assert.equal((await push({ size: 30 * MEBIBYTE })).how, "existed");
    assert.equal((await push({ size: 3, digest: digestOf(3, "sha512") })).how, "sent");
    await assert.rejects(push({ size: 4, digest: digestOf(5) }), (error) => error instanceof PkgError);
  });

  test("pushBlob() pushes to CNCF Distribution", { skip: skipWithout("docker-registry") }, async (t) => {
    const registry = await startDockerRegistry();
    if (registry === null) return t.skip("not installed");
    t.after(() => registry.stop());
    const { push } = pushDesk(t, registry);
    assert.equal((await push({ size: 20 * MEBIBYTE })).how, "sent");
    assert.equal((await push({ size: 20 * MEBIBYTE })).how, "existed");
    assert.equal((await push({ size: 0 })).how, "sent");
  });
});

async function* failing(parts: Iterable<Buffer>, failure: Error): AsyncGenerator<Buffer> {
  yield* parts;
  throw failure;
}
