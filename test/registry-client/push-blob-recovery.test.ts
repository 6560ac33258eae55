import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { Credentials } from "../../src/credentials/credentials.ts";
import { PkgError } from "../../src/errors.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { startGuardedRegistry } from "../support/token-server.ts";
import { startUploadFaults, type UploadFaultRule } from "../support/upload-faults.ts";
import { generated } from "./generated-blob.ts";
import { pushDesk } from "./push-desk.ts";
import { startUploadServer } from "./upload-server.ts";

const MEBIBYTE = 1024 * 1024;
const CHUNK_BYTES = 4 * MEBIBYTE;

async function embedded(t: TestContext): Promise<string> {
  const registry = await startRegistry({ root: join(tempDirectory(t), "root"), port: 0 });
  t.after(() => registry.close());
  return registry.url;
}

async function faulty(t: TestContext, ...rules: readonly UploadFaultRule[]) {
  const faults = await startUploadFaults(t, await embedded(t), rules);
  return { faults, ...pushDesk(t, faults) };
}

/** Has a registry take pieces, and nothing else. */
const PIECES: UploadFaultRule = {
  when: ({ method, path, headers }) =>
    method === "PUT" && path.includes("/uploads/") && headers["content-range"] === undefined && bodyOf(headers) > 0,
  fault: { kind: "answer", status: 413 },
};

function bodyOf(headers: Readonly<Record<string, string | undefined>>): number {
  return Number(headers["content-length"] ?? 0);
}

function isPatch({ method }: { readonly method: string }): boolean {
  return method === "PATCH";
}

function isPut({ method }: { readonly method: string }): boolean {
  return method === "PUT";
}

suite("pushBlob() after a fault", { timeout: 120_000 }, () => {
  test("pushBlob() resumes from all that arrived if its one request is cut", async (t) => {
    const size = 100 * MEBIBYTE;
    const { faults, push, has, retries } = await faulty(t, {
      when: isPut,
      times: 1,
      fault: { kind: "cut", afterBytes: size / 2 },
    });
    const { bytesSent } = await push({ size });
    // The bytes that the proxy had not passed on yet are those that arrive again.
    assert.ok(faults.bytes() <= size * 1.01, `${faults.bytes() - size} bytes arrived again`);
    assert.ok(bytesSent >= faults.bytes(), "what was sent and had yet to arrive counts as sent");
    assert.equal(faults.of("POST").length, 1);
    assert.deepEqual(retries, ["NETWORK_FAILED"]);
    assert.ok(await has(size));
  });

  test("pushBlob() sends at most one piece again if a piece is cut", async (t) => {
    const size = 10 * CHUNK_BYTES + 3;
    const { faults, push, has } = await faulty(t, PIECES, {
      when: isPatch,
      after: 5,
      times: 1,
      fault: { kind: "cut", afterBytes: 3 * MEBIBYTE },
    });
    await push({ size });
    const first = bodyOf(faults.of("PUT")[0]?.headers ?? {});
    assert.equal(first, size, "one request was tried first");
    const pieces = [...faults.of("PATCH"), ...faults.of("PUT").slice(1)].reduce((sum, { bytes }) => sum + bytes, 0);
    assert.ok(pieces >= size && pieces <= size + CHUNK_BYTES, `${pieces - size} bytes arrived again`);
    assert.equal(faults.of("POST").length, 2, "the upload that was cut is gone on with");
    assert.ok(await has(size));
  });

  test("pushBlob() resumes after any number of cuts as long as there is progress", async (t) => {
    const size = 12 * CHUNK_BYTES;
    const { push, has, retries } = await faulty(t, PIECES, {
      when: isPatch,
      times: 8,
      fault: { kind: "cut", afterBytes: 2 * MEBIBYTE },
    });
    await push({ size });
    assert.equal(retries.length, 8);
    assert.ok(await has(size));
  });

  for (const told of ["0-0", `0-${12 * MEBIBYTE - 1}`]) {
    test(`pushBlob() asks again if more arrives after a cut than the ${told} that was reported`, async (t) => {
      const size = 40 * MEBIBYTE;
      const { faults, push, has, retries } = await faulty(
        t,
        { when: isPut, times: 1, fault: { kind: "cut", afterBytes: 20 * MEBIBYTE } },
        {
          when: ({ method }) => method === "GET",
          times: 1,
          fault: { kind: "headers", change: () => ({ range: told }) },
        },
      );
      await push({ size });
      assert.ok(await has(size));
      assert.deepEqual(retries, ["NETWORK_FAILED", "SERVER_BUSY"]);
      assert.equal(faults.of("POST").length, 1, "the upload is gone on with");
      assert.ok(faults.bytes() <= size + CHUNK_BYTES + MEBIBYTE, `${faults.bytes() - size} bytes arrived again`);
    });
  }

  test("pushBlob() sends nothing again where only the answer to its last byte is lost", async (t) => {
    const size = 24 * MEBIBYTE;
    const { faults, push, retries } = await faulty(t, { when: isPut, times: 1, fault: { kind: "lost" } });
    assert.deepEqual(await push({ size }), { how: "sent", bytesSent: size });
    assert.deepEqual(retries, ["NETWORK_FAILED"]);
    assert.equal(faults.bytes(), size);
    assert.equal(faults.of("POST").length, 1);
  });

  test("pushBlob() starts over, the same way, if an upload is lost between two pieces", async (t) => {
    const size = 4 * CHUNK_BYTES;
    const { faults, push, has } = await faulty(t, PIECES, {
      when: isPatch,
      after: 2,
      times: 1,
      fault: { kind: "answer", status: 404 },
    });
    await push({ size });
    assert.ok(await has(size));
    assert.equal(faults.of("PUT").filter(({ status }) => status === 413).length, 1, "pieces are not given up for it");
    assert.equal(faults.of("POST").length, 3);
  });

  test("pushBlob() reports a registry that loses every upload", async (t) => {
    const { faults, push } = await faulty(t, PIECES, {
      when: isPatch,
      after: 1,
      fault: { kind: "answer", status: 404 },
    });
    await assert.rejects(
      push({ size: 4 * CHUNK_BYTES }),
      (error) => error instanceof PkgError && /404|413/.test(error.message),
    );
    assert.ok(faults.of("POST").length <= 5, `${faults.of("POST").length} uploads were begun`);
  });

  test("pushBlob() resumes from what a registry holds if it refuses a piece for its offset", async (t) => {
    const size = 6 * CHUNK_BYTES;
    const { faults, push, has } = await faulty(t, PIECES, {
      when: isPatch,
      after: 2,
      times: 1,
      // It claims to have taken the piece, but has not.
      fault: { kind: "answer", status: 202 },
    });
    await push({ size });
    assert.ok(await has(size));
    assert.equal(faults.of("PATCH").filter(({ status }) => status === 416).length, 1);
    const sent = [...faults.of("PATCH"), ...faults.of("PUT").slice(1)].reduce((sum, { bytes }) => sum + bytes, 0);
    assert.ok(sent <= size + 2 * CHUNK_BYTES, `${sent - size} bytes arrived again`);
  });

  test("pushBlob() keeps sending pieces when some get lost, as long as there is progress", async (t) => {
    const size = 20 * CHUNK_BYTES;
    const taken = { kind: "answer", status: 202 } as const;
    const lies = [2, 6, 10, 14].map((after) => ({ when: isPatch, after, times: 1, fault: taken }));
    const { faults, push, has } = await faulty(t, PIECES, ...lies);
    await push({ size });
    assert.ok(await has(size));
    assert.equal(faults.of("PATCH").filter((request) => request.status === 416).length, lies.length);
    assert.equal(faults.of("POST").length, 2, "the upload is gone on with");
  });

  for (const status of [429, 503]) {
    for (const [what, when] of [
      ["POST", ({ method }) => method === "POST"],
      ["PUT", isPut],
      ["GET of the upload", ({ method }) => method === "GET"],
    ] as const satisfies readonly (readonly [string, UploadFaultRule["when"]])[]) {
      test(`pushBlob() waits as long as a ${status} to a ${what} asks, and then continues`, async (t) => {
        const busy = { kind: "answer", status, headers: { "retry-after": "7" } } as const;
        const size = 24 * MEBIBYTE;
        const cut = { when: isPut, times: 1, fault: { kind: "cut", afterBytes: 20 * MEBIBYTE } } as const;
        const { faults, push, has, waits } = await faulty(
          t,
          { when, times: 2, fault: busy },
          ...(what === "PUT" ? [] : [cut]),
        );
        await push({ size });
        assert.ok(await has(size));
        assert.equal(waits.filter((ms) => ms === 7_000).length, 2);
        if (what !== "PUT")
          assert.ok(faults.bytes() <= size + CHUNK_BYTES, `${faults.bytes() - size} bytes arrived again`);
      });
    }
  }

  test("pushBlob() waits as long as a 429 to a mount asks, and then mounts", async (t) => {
    const server = await startUploadServer(t, { mount: 201 });
    const busy = { kind: "answer", status: 429, headers: { "retry-after": "7" } } as const;
    const faults = await startUploadFaults(t, server.origin, [
      { when: ({ method }) => method === "POST", times: 2, fault: busy },
    ]);
    const { push, waits } = pushDesk(t, faults);
    assert.deepEqual(await push({ size: 10, mountFrom: "c/d" }), { how: "mounted", bytesSent: 0 });
    assert.deepEqual(waits, [7_000, 7_000]);
  });

  test("pushBlob() may start over just as often if it had to wait before it could begin", async (t) => {
    const busy = { kind: "answer", status: 429, headers: { "retry-after": "7" } } as const;
    const { push, has, waits } = await faulty(t, PIECES, {
      when: ({ method }) => method === "POST",
      times: 3,
      fault: busy,
    });
    const size = 2 * CHUNK_BYTES;
    await push({ size });
    assert.ok(await has(size));
    assert.deepEqual(waits, [7_000, 7_000, 7_000]);
  });

  test("pushBlob() does not wait longer than a minute for anyone", async (t) => {
    const busy = { kind: "answer", status: 429, headers: { "retry-after": "3600" } } as const;
    const { push, waits } = await faulty(t, { when: ({ method }) => method === "POST", fault: busy });
    await assert.rejects(push({ size: 10 }), { code: "SERVER_BUSY" });
    assert.deepEqual(waits, []);
  });

  test("pushBlob() fetches a new token if the old one expires between two pieces", async (t) => {
    const guarded = await startGuardedRegistry({
      upstream: (await startUploadFaults(t, await embedded(t), [PIECES])).url,
      users: {},
      anonymous: { "*": ["pull", "push"] },
    });
    t.after(() => guarded.close());
    const { push, has, retries } = pushDesk(t, guarded);
    const size = 5 * CHUNK_BYTES;
    let isRevoked = false;
    const onProgress = (bytes: number) => {
      if (bytes < 3 * CHUNK_BYTES || isRevoked) return;
      isRevoked = true;
      guarded.revoke();
    };
    await push({ size, onProgress });
    assert.ok(isRevoked);
    assert.ok(await has(size));
    assert.deepEqual(retries, []);
  });

  test("pushBlob() follows a Location to another origin without sending it a password", async (t) => {
    const upstream = await embedded(t);
    const other = await startUploadFaults(t, upstream);
    const challenge = { "www-authenticate": 'Basic realm="here"' };
    const faults = await startUploadFaults(t, upstream, [
      {
        when: ({ headers }) => headers["authorization"] === undefined,
        fault: { kind: "answer", status: 401, headers: challenge },
      },
      {
        when: ({ method }) => method === "POST",
        fault: { kind: "headers", change: ({ location }) => ({ location: `${other.url}${location}?state=x%2Fy` }) },
      },
    ]);
    const credentials: Credentials = {
      credentialsFor: async () => ({ kind: "basic", username: "u", password: "p" }),
    };
    const { push } = pushDesk(t, { host: faults.host, credentials });
    await push({ size: MEBIBYTE });
    assert.ok(faults.requests.some(({ headers }) => headers["authorization"] !== undefined));
    assert.deepEqual(
      other.requests.map(({ method, headers }) => [method, headers["authorization"]]),
      [["PUT", undefined]],
    );
    assert.match(other.requests[0]?.path ?? "", /\?state=x%2Fy&digest=sha256%3A[0-9a-f]{64}$/);
  });

  test("pushBlob() completes nothing when the source takes its time to say that its bytes are wrong", async (t) => {
    const { faults, push, has } = await faulty(t);
    const failure = new PkgError("DIGEST_MISMATCH", "Cannot read the source");
    const size = MEBIBYTE;
    async function* open(): AsyncGenerator<Buffer> {
      yield* generated(size);
      for (let turns = 0; turns < 50; turns += 1) await turn();
      throw failure;
    }
    await assert.rejects(push({ size, open: async () => open() }), (error) => error === failure);
    assert.equal(faults.of("DELETE").length, 1);
    assert.equal(await has(size), false);
  });

  test("pushBlob() pushes one byte if the first try failed after it arrived", async (t) => {
    const server = await startUploadServer(t, { failures: 1 });
    const { push } = pushDesk(t, server);
    // `Range: 0-0` is what an upload of one byte answers, and what an empty one does.
    assert.equal((await push({ size: 1 })).how, "sent");
    assert.deepEqual([...server.blobs.values()], [{ size: 1 }]);
  });

  test("pushBlob() counts what it sends again", async (t) => {
    const size = 8 * MEBIBYTE;
    const told: number[] = [];
    const { faults, push } = await faulty(t, { when: isPut, times: 1, fault: { kind: "answer", status: 413 } });
    const { bytesSent } = await push({ size, onProgress: (bytes) => told.push(bytes) });
    assert.equal(bytesSent, 2 * size);
    assert.equal(faults.bytes(), 2 * size);
    assert.ok(told.every((bytes) => bytes > 0 && bytes <= size));
    const steps = told.filter((bytes, index) => bytes < (told[index - 1] ?? 0));
    assert.equal(steps.length, 1, "progress goes back only where the blob is begun anew");
  });

  test("pushBlob() closes its source whether or not the upload succeeds", async (t) => {
    const { push } = await faulty(t, PIECES, { when: isPatch, fault: { kind: "answer", status: 403 } });
    let open = 0;
    const counted = async function* (size: number, offset: number): AsyncGenerator<Buffer> {
      open += 1;
      try {
        yield* generated(size, offset);
      } finally {
        open -= 1;
      }
    };
    const size = 3 * CHUNK_BYTES;
    await assert.rejects(push({ size, open: async (offset) => counted(size, offset) }), { code: "HTTP_FORBIDDEN" });
    assert.equal(open, 0);
  });
});
