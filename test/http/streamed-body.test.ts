import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { suite, type TestContext, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { PkgError } from "../../src/errors.ts";
import type { HttpMethod } from "../../src/http/request.ts";
import type { StreamedBody } from "../../src/http/request-body.ts";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { calm, client, type LocalServer, listen, serve, serveRaw } from "./local-server.ts";

const PART_BYTES = 64 * 1024;
const MEBIBYTE = 1024 * 1024;

/** A source that counts what is read from it, and how often it was opened and closed. */
class CountedSource {
  read = 0;
  opened = 0;
  closed = 0;
  readonly #bytes: number;
  readonly #failure: Error | null;

  /** Gives `bytes`, then fails or ends. */
  constructor(bytes: number, failure: Error | null = null) {
    this.#bytes = bytes;
    this.#failure = failure;
  }

  body(size = this.#bytes): StreamedBody {
    return { size, open: () => this.#open() };
  }

  async *#open(): AsyncGenerator<Buffer> {
    this.opened += 1;
    try {
      for (let left = this.#bytes; left > 0; left -= PART_BYTES) {
        // Like a file, it yields nothing in the same turn.
        await turn();
        const part = Buffer.alloc(Math.min(PART_BYTES, left), 7);
        this.read += part.length;
        yield part;
      }
      await turn();
      if (this.#failure !== null) throw this.#failure;
    } finally {
      this.closed += 1;
    }
  }
}

/** 64 parts, each of which it writes over as soon as it may. */
class ForgetfulSource {
  given = 0;
  readonly hash = createHash("sha256");
  readonly #partBytes: number;

  constructor(partBytes: number) {
    this.#partBytes = partBytes;
  }

  body(): StreamedBody {
    return { size: 64 * this.#partBytes, open: () => this.#open() };
  }

  async *#open(): AsyncGenerator<Buffer> {
    const parts: Buffer[] = [];
    for (; this.given < 64; this.given++) {
      await turn();
      parts[this.given - 2]?.fill(0);
      const part = Buffer.alloc(this.#partBytes, this.given + 1);
      parts.push(part);
      this.hash.update(part);
      yield part;
    }
  }
}

/** Waits for what another part of this process is about to do; the test's own time limit ends it. */
async function until(done: () => boolean): Promise<void> {
  while (!done()) await turn();
}

/** The outcome of a request's body. */
interface Arrived {
  readonly length: string | undefined;
  bytes: number;
  /** Null until it is known. */
  isWhole: boolean | null;
}

interface Desk {
  readonly server: LocalServer;
  readonly arrived: Arrived[];
  readonly put: (body: StreamedBody, options?: Put) => Promise<{ readonly status: number; readonly text: string }>;
}

interface Put {
  readonly path?: string;
  readonly signal?: AbortSignal;
  readonly method?: HttpMethod;
}

type Answering = (options: { readonly url: string; readonly end: (status: number) => void }) => boolean;

/** A server that reads what it is sent, unless `early` has answered by itself. */
async function reading(t: TestContext, version: "1.1" | "2", early: Answering = () => false): Promise<Desk> {
  const arrived: Arrived[] = [];
  const answer = (request: Incoming, response: Outgoing) => {
    const seen: Arrived = { length: request.headers["content-length"], bytes: 0, isWhole: null };
    arrived.push(seen);
    const end = (status: number) => {
      response.statusCode = status;
      response.end(`answered ${status}`);
    };
    if (early({ url: request.url ?? "", end })) return;
    request.on("data", (chunk: Buffer) => {
      seen.bytes += chunk.length;
    });
    request.on("end", () => {
      seen.isWhole = true;
      end(201);
    });
    request.on("error", () => undefined);
    request.on("close", () => {
      seen.isWhole ??= false;
    });
  };
  const certificate = version === "2" ? theCertificate() : null;
  const server =
    certificate === null
      ? await serve(t, answer)
      : await listen(t, createSecureServer({ ...certificate, allowHTTP1: true }, answer), "https");
  return { server, arrived, put: putter(t, server, certificate) };
}

interface Incoming {
  readonly url?: string | undefined;
  readonly headers: { readonly "content-length"?: string | undefined };
  on(event: string, listener: (chunk: Buffer) => void): unknown;
}

interface Outgoing {
  statusCode: number;
  end(text: string): unknown;
}

function putter(t: TestContext, server: LocalServer, certificate: Certificate | null): Desk["put"] {
  const http = client(t, { trusted: [server.origin], ca: certificate?.cert ?? null });
  return async (body, { path = "/", signal = calm, method = "PUT" } = {}) => {
    const response = await http.request({ url: new URL(path, server.origin), method, body, signal });
    return { status: response.status, text: (await response.readBytes(100)).toString() };
  };
}

let made: Certificate | null = null;
function theCertificate(): Certificate {
  made ??= makeCertificate();
  return made;
}

for (const version of ["1.1", "2"] as const) {
  suite(`request() with a streamed body, to a server that speaks HTTP/${version}`, { timeout: 120_000 }, () => {
    for (const size of [0, 1, PART_BYTES, 3 * MEBIBYTE + 1]) {
      test(`request() sends ${size} bytes under their length`, async (t) => {
        const { arrived, put } = await reading(t, version);
        const source = new CountedSource(size);
        assert.deepEqual(await put(source.body()), { status: 201, text: "answered 201" });
        assert.deepEqual(arrived, [{ length: `${size}`, bytes: size, isWhole: true }]);
        await until(() => source.closed === source.opened);
      });
    }

    test("request() ends with the source's own error when it fails, and the server sees a cut", async (t) => {
      for (const code of ["NETWORK_FAILED", "DIGEST_MISMATCH"] as const) {
        const { arrived, put } = await reading(t, version);
        const failure = new PkgError(code, "Cannot read the source");
        const source = new CountedSource(MEBIBYTE, failure);
        await assert.rejects(put(source.body(2 * MEBIBYTE)), (error) => error === failure);
        await until(() => arrived[0] !== undefined && arrived[0].isWhole !== null);
        assert.equal(arrived[0]?.isWhole, false);
        assert.equal(source.closed, 1);
      }
    });

    test("request() sends the last bytes only after the source has ended", async (t) => {
      const { server, arrived, put } = await reading(t, version);
      const failure = new PkgError("DIGEST_MISMATCH", "Cannot read the source: it is another");
      await assert.rejects(put(new CountedSource(MEBIBYTE, failure).body()), (error) => error === failure);
      await until(() => server.connections() === 0 || arrived.every(({ isWhole }) => isWhole !== null));
      assert.deepEqual(
        arrived.filter(({ isWhole }) => isWhole === true),
        [],
      );
    });

    for (const found of [0, MEBIBYTE - 1, MEBIBYTE + 1, 2 * MEBIBYTE]) {
      test(`request() refuses a source of ${found} bytes that were to be ${MEBIBYTE}`, async (t) => {
        const { arrived, put } = await reading(t, version);
        const source = new CountedSource(found);
        await assert.rejects(put(source.body(MEBIBYTE)), { code: "SIZE_MISMATCH" });
        await until(() => source.closed === 1 && arrived.every(({ isWhole }) => isWhole !== null));
        assert.ok(arrived.every(({ isWhole }) => isWhole === false));
      });
    }

    for (const status of [401, 413]) {
      test(`request() gives an early ${status} while the body is being sent, and closes the source`, async (t) => {
        const { put } = await reading(t, version, ({ end }) => {
          end(status);
          return true;
        });
        const source = new CountedSource(64 * MEBIBYTE);
        assert.deepEqual(await put(source.body()), { status, text: `answered ${status}` });
        await until(() => source.closed === source.opened);
        assert.ok(source.read < 64 * MEBIBYTE, `${source.read} bytes were read of the source`);
      });
    }

    test("request() stops when it is interrupted, and closes the source", async (t) => {
      const { arrived, put } = await reading(t, version);
      const source = new CountedSource(1024 * MEBIBYTE);
      const controller = new AbortController();
      const sent = put(source.body(), { signal: controller.signal });
      const outcome = assert.rejects(sent, { code: "INTERRUPTED" });
      await until(() => source.read > 4 * MEBIBYTE);
      controller.abort();
      await outcome;
      await until(() => source.closed === 1 && arrived[0]?.isWhole !== null);
      assert.equal(arrived[0]?.isWhole, false);
    });

    for (const status of [307, 308]) {
      test(`request() opens the source again if a ${status} redirects it`, async (t) => {
        const { arrived, put } = await redirecting(t, version, status);
        const source = new CountedSource(MEBIBYTE);
        assert.equal((await put(source.body(), { path: "/from" })).status, 201);
        assert.equal(arrived.at(-1)?.bytes, MEBIBYTE);
        await until(() => source.closed === source.opened);
      });
    }
  });
}

/** Redirects from `/from` to `/to`, early, with the body half sent. */
async function redirecting(t: TestContext, version: "1.1" | "2", status: number): Promise<Desk> {
  const arrived: Arrived[] = [];
  const answer = (request: Incoming, response: Outgoing & { setHeader(name: string, value: string): unknown }) => {
    const seen: Arrived = { length: request.headers["content-length"], bytes: 0, isWhole: null };
    arrived.push(seen);
    request.on("error", () => undefined);
    request.on("data", (chunk: Buffer) => {
      seen.bytes += chunk.length;
    });
    const end = (code: number) => {
      response.statusCode = code;
      response.end("");
    };
    if (request.url === "/from") {
      response.setHeader("location", "/to");
      end(status);
    } else request.on("end", () => end(201));
  };
  const certificate = version === "2" ? theCertificate() : null;
  const server =
    certificate === null
      ? await serve(t, answer)
      : await listen(t, createSecureServer({ ...certificate, allowHTTP1: true }, answer), "https");
  return { server, arrived, put: putter(t, server, certificate) };
}

suite("request() with a streamed body", { timeout: 120_000 }, () => {
  for (const [status, method, sent] of [
    [301, "PUT", true],
    [302, "PATCH", true],
    [301, "POST", false],
    [302, "POST", false],
    [303, "PUT", false],
    [303, "PATCH", false],
    [303, "POST", false],
  ] as const) {
    test(`request() ${sent ? "sends" : "drops"} the body of a ${method} after ${status}`, async (t) => {
      const seen: { method: string; bytes: number; type: string | undefined }[] = [];
      const server = await serve(t, async (request, response) => {
        const parts = await Array.fromAsync<Buffer>(request);
        const bytes = Buffer.concat(parts).length;
        seen.push({ method: request.method ?? "", bytes, type: request.headers["content-length"] });
        const isFirst = request.url === "/from";
        response.writeHead(isFirst ? status : 201, isFirst ? { location: "/to" } : {}).end();
      });
      const http = client(t, { trusted: [server.origin] });
      const source = new CountedSource(PART_BYTES);
      const url = new URL("/from", server.origin);
      await (await http.request({ url, method, body: source.body(), signal: calm })).discard();
      const [, last] = seen;
      assert.deepEqual(last, {
        method: sent ? method : "GET",
        bytes: sent ? PART_BYTES : 0,
        type: sent ? `${PART_BYTES}` : undefined,
      });
      assert.equal(source.opened, sent ? 2 : 1);
      await until(() => source.closed === source.opened);
    });
  }

  test("request() reads no further ahead than the server takes", async (t) => {
    const sockets: Socket[] = [];
    const server = await serveRaw(t, (socket) => {
      socket.pause();
      sockets.push(socket);
    });
    const controller = new AbortController();
    const size = 512 * MEBIBYTE;
    const source = new CountedSource(size);
    const http = client(t, { trusted: [server.origin] });
    const sent = http.request({
      url: new URL(server.origin),
      method: "PUT",
      body: source.body(),
      signal: controller.signal,
    });
    const outcome = assert.rejects(sent, { code: "INTERRUPTED" });
    await until(() => sockets.length === 1);
    await standstill(() => source.read);
    // What the kernel keeps for both ends on the loopback device is most of it.
    assert.ok(source.read < 24 * MEBIBYTE, `${source.read} bytes were read ahead`);
    controller.abort();
    await outcome;
    await until(() => source.closed === 1);
  });

  test("request() leaves no source open if there is no connection", async (t) => {
    const gone = await serve(t, () => undefined);
    const http = client(t, { trusted: ["http://127.0.0.1:1", gone.origin] });
    const source = new CountedSource(MEBIBYTE);
    const url = new URL("http://127.0.0.1:1/");
    await assert.rejects(http.request({ url, method: "PUT", body: source.body(), signal: calm }), {
      code: "NETWORK_FAILED",
    });
    await until(() => source.closed === source.opened);
  });

  test("request() throws NETWORK_FAILED, and closes the source, if the connection is cut", async (t) => {
    const server = await serveRaw(t, (socket) => socket.destroy());
    const http = client(t, { trusted: [server.origin] });
    const source = new CountedSource(64 * MEBIBYTE);
    const url = new URL(server.origin);
    await assert.rejects(http.request({ url, method: "PUT", body: source.body(), signal: calm }), {
      code: "NETWORK_FAILED",
    });
    await until(() => source.closed === source.opened);
  });

  test("request() never throws into the source what the network failed with", async (t) => {
    const server = await serveRaw(t, (socket) => socket.resetAndDestroy());
    const http = client(t, { trusted: [server.origin] });
    const thrown: unknown[] = [];
    let closed = false;
    async function* open(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield Buffer.alloc(PART_BYTES);
      } catch (error) {
        thrown.push(error);
        throw error;
      } finally {
        closed = true;
      }
    }
    const body = { size: 1024 * MEBIBYTE, open };
    const url = new URL(server.origin);
    await assert.rejects(http.request({ url, method: "PUT", body, signal: calm }), { code: "NETWORK_FAILED" });
    await until(() => closed);
    assert.deepEqual(thrown, []);
  });

  test("request() sends the next request after a body that failed", async (t) => {
    const { put } = await reading(t, "1.1");
    await assert.rejects(put(new CountedSource(PART_BYTES, new Error("x")).body(MEBIBYTE)), /x/);
    assert.equal((await put(new CountedSource(MEBIBYTE).body())).status, 201);
  });
});

for (const scheme of ["http", "https"] as const) {
  for (const partBytes of [PART_BYTES - 1, 4 * PART_BYTES]) {
    test(`request() over ${scheme} needs the memory of a part of ${partBytes} bytes until the second one after it`, async (t) => {
      const held = Promise.withResolvers<void>();
      const arrived = createHash("sha256");
      const answer = async (request: AsyncIterable<Buffer>, response: Outgoing) => {
        await held.promise;
        for await (const chunk of request) arrived.update(chunk);
        response.end("");
      };
      const certificate = scheme === "https" ? theCertificate() : null;
      const server = await listen(
        t,
        certificate === null ? createServer(answer) : createTlsServer(certificate, answer),
        scheme,
      );
      const source = new ForgetfulSource(partBytes);
      const sent = putter(t, server, certificate)(source.body());
      // The server reads nothing before as much as can be is under way.
      await standstill(() => source.given);
      held.resolve();
      assert.equal((await sent).status, 200);
      assert.equal(arrived.digest("hex"), source.hash.digest("hex"));
    });
  }
}

/** Waits until a count has not changed for far more turns than a loopback device needs. */
async function standstill(count: () => number): Promise<void> {
  for (let last = -1, still = 0; still < 2_000; ) {
    await turn();
    still = count() === last ? still + 1 : 0;
    last = count();
  }
}
