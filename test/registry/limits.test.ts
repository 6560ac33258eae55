import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { suite, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createAccess } from "../../src/registry/access.ts";
import type { AnswerLine } from "../../src/registry/access-log.ts";
import type { Cleanup } from "../support/temp-home.ts";
import { htpasswdFile } from "./htpasswd-file.ts";
import { errorCode, openRegistry, sha256 } from "./registry-client.ts";

const BYTES = Buffer.from("0123456789");
const UPLOAD = `/v2/a/blobs/uploads/?digest=${sha256(BYTES)}`;

/** A connection that sends what it is told to, and records everything that it receives. */
interface Line {
  readonly socket: Socket;
  send(text: string): void;
  /** What came until `part` did, or until the end. */
  until(part: string): Promise<string>;
  readonly closed: Promise<unknown>;
}

async function openLine(t: Cleanup, port: number): Promise<Line> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  t.after(() => void socket.destroy());
  await once(socket, "connect");
  let heard = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    heard += text;
  });
  socket.on("error", () => {});
  const closed = Promise.race([once(socket, "end"), once(socket, "close")]).catch(() => {});
  const until = async (part: string) => {
    let isOver = false;
    void closed.then(() => {
      isOver = true;
    });
    while (!heard.includes(part) && !isOver) await Promise.race([once(socket, "data"), closed]);
    return heard;
  };
  return { socket, send: (text) => void socket.write(text), until, closed };
}

function head(method: string, path: string, ...headers: readonly string[]): string {
  return [`${method} ${path} HTTP/1.1`, "host: localhost", ...headers, "", ""].join("\r\n");
}

suite("startRegistry() bodies", () => {
  test("startRegistry() refuses a body that says it is larger than maxBodyBytes", async (t) => {
    const { ask, push } = await openRegistry(t, { limits: { maxBodyBytes: 10 } });
    await push("a", BYTES);
    const response = await ask("POST", UPLOAD, { body: "01234567890" });
    assert.deepEqual([response.status, await errorCode(response)], [413, "SIZE_INVALID"]);
  });

  test("startRegistry() stops a body that does not say how large it is, and an upload that grows too large", async (t) => {
    const { ask, server } = await openRegistry(t, { limits: { maxBodyBytes: 10 } });
    const line = await openLine(t, server.port);
    line.send(`${head("POST", UPLOAD, "transfer-encoding: chunked")}b\r\n01234567890\r\n`);
    assert.match(await line.until("\r\n\r\n"), /^HTTP\/1\.1 413 /);
    const started = await ask("POST", "/v2/a/blobs/uploads/");
    const location = started.headers.get("location") ?? "";
    assert.equal((await ask("PATCH", location, { body: "012345" })).status, 202);
    const more = await ask("PATCH", location, { body: "6789abc" });
    assert.deepEqual([more.status, await errorCode(more)], [413, "SIZE_INVALID"]);
  });

  test("startRegistry() drops a client that keeps sending after it was refused", { timeout: 120_000 }, async (t) => {
    const { server } = await openRegistry(t, { limits: { maxBodyBytes: 10 } });
    const line = await openLine(t, server.port);
    line.send(head("POST", UPLOAD, "content-length: 1000000"));
    assert.match(await line.until("\r\n\r\n"), /^HTTP\/1\.1 413 /);
    const sending = setInterval(() => line.send("x"), 50);
    t.after(() => clearInterval(sending));
    await line.closed;
  });

  test("startRegistry() keeps nothing of a refused body for as long as its connection lives", async (t) => {
    const { server } = await openRegistry(t);
    const warnings: string[] = [];
    const onWarning = ({ name }: Error) => void warnings.push(name);
    process.on("warning", onWarning);
    t.after(() => process.off("warning", onWarning));
    const line = await openLine(t, server.port);
    for (let count = 1; count <= 20; count += 1) {
      line.send(`${head("PUT", `/v2/a/blobs/uploads/none-${count}?digest=${sha256(BYTES)}`, "content-length: 10")}`);
      // Answered before the body is here.
      await line.until(`none-${count}`);
      line.send("0123456789");
    }
    await server.close();
    assert.deepEqual(warnings, []);
  });

  test("startRegistry() says 100 only to a client whose body it wants", async (t) => {
    const access = await createAccess({
      htpasswd: htpasswdFile(t, { ann: "right" }).path,
      anonymousPull: false,
      onProblem: () => {},
    });
    const { server } = await openRegistry(t, { access });
    const expect = ["expect: 100-continue", "content-length: 10"];
    const refused = await openLine(t, server.port);
    refused.send(head("POST", UPLOAD, ...expect));
    assert.match(await refused.until("\r\n\r\n"), /^HTTP\/1\.1 401 /);
    const wanted = await openLine(t, server.port);
    const authorization = `authorization: Basic ${Buffer.from("ann:right").toString("base64")}`;
    wanted.send(head("POST", UPLOAD, ...expect, authorization));
    assert.match(await wanted.until("\r\n\r\n"), /^HTTP\/1\.1 100 /);
    wanted.send("0123456789");
    assert.match(await wanted.until("201 Created"), /HTTP\/1\.1 201 Created/);
  });
});

suite("startRegistry() many at a time", () => {
  test("startRegistry() answers 429 beyond maxRequests, and takes the next once one has ended", async (t) => {
    const ended = Promise.withResolvers<AnswerLine>();
    const onAnswer = (line: AnswerLine) => void (line.status === 201 && ended.resolve(line));
    const { ask, server } = await openRegistry(t, { limits: { maxRequests: 1 }, onAnswer });
    const slow = await openLine(t, server.port);
    slow.send(`${head("POST", UPLOAD, "content-length: 10", "expect: 100-continue")}`);
    await slow.until("100 Continue");
    const busy = await ask("GET", "/v2/");
    assert.deepEqual([busy.status, await errorCode(busy)], [429, "TOOMANYREQUESTS"]);
    assert.ok(Number(busy.headers.get("retry-after")) > 0);
    slow.send("0123456789");
    await slow.until("201 Created");
    await ended.promise;
    assert.equal((await ask("GET", "/v2/")).status, 200);
  });

  for (const [what, sent] of [
    ["say nothing", ""],
    ["do not end the head of a request", "GET /v2/ HTTP/1.1\r\nhost: localhost\r\n"],
    ["are kept open for another request", head("GET", "/v2/")],
  ] as const) {
    test(`startRegistry() answers others when there are many connections that ${what}`, async (t) => {
      const { ask, server } = await openRegistry(t, { limits: { maxRequests: 4 } });
      const lines: Line[] = [];
      for (let count = 0; count < 30; count += 1) {
        const line = await openLine(t, server.port);
        line.send(sent);
        if (sent.endsWith("\r\n\r\n")) await line.until("{}");
        lines.push(line);
      }
      assert.equal((await ask("GET", "/v2/")).status, 200);
      // The oldest ones made room.
      await lines[0]?.closed;
    });
  }

  test("startRegistry() lets a request end when many connections come that send none", async (t) => {
    const { server } = await openRegistry(t, { limits: { maxRequests: 2 } });
    const busy = await openLine(t, server.port);
    busy.send(head("POST", UPLOAD, "content-length: 10", "expect: 100-continue"));
    await busy.until("100 Continue");
    for (let count = 0; count < 20; count += 1) await openLine(t, server.port);
    busy.send("0123456789");
    assert.match(await busy.until("201 Created"), /201 Created/);
  });

  test("startRegistry() answers others when there are many requests whose bodies never come", async (t) => {
    const { ask, push, server } = await openRegistry(t, { limits: { maxRequests: 4, slowMs: 0 } });
    const slow: Line[] = [];
    for (let count = 0; count < 30; count += 1) {
      const line = await openLine(t, server.port);
      line.send(head("POST", UPLOAD, "content-length: 10", "expect: 100-continue"));
      await line.until("100 Continue");
      slow.push(line);
    }
    assert.equal((await ask("GET", "/v2/")).status, 200);
    await push("a", BYTES);
    await slow[0]?.closed;
  });

  test("startRegistry() drops no request that waits for the registry itself", async (t) => {
    const hold = Promise.withResolvers<null>();
    const access = { check: () => hold.promise, challenge: "Basic", isAnonymousPull: false };
    const { ask } = await openRegistry(t, { access, limits: { maxRequests: 1, slowMs: 0, minBytesPerSecond: 1e9 } });
    const first = ask("GET", "/v2/");
    while ((await ask("GET", "/v2/")).status !== 429);
    hold.resolve(null);
    assert.equal((await first).status, 200);
  });

  test("startRegistry() answers 431 to a head of more than 16 KiB", async (t) => {
    const { ask } = await openRegistry(t);
    assert.equal((await ask("GET", "/v2/", { headers: { x: "y".repeat(17 * 1024) } })).status, 431);
  });
});

suite("startRegistry() slow clients", () => {
  // With less than a second a busy machine would look like a silent client.
  test("startRegistry() drops a request whose head never ends", { timeout: 120_000 }, async (t) => {
    const { server } = await openRegistry(t, { limits: { headersMs: 300 } });
    const line = await openLine(t, server.port);
    line.send("GET /v2/ HTTP/1.1\r\nhost: localhost\r\n");
    const sending = setInterval(() => line.send("x: y\r\n"), 50);
    t.after(() => clearInterval(sending));
    await line.closed;
  });

  test("startRegistry() drops a body that stalls, and keeps what arrived", {
    timeout: 120_000,
  }, async (t) => {
    const { ask, server } = await openRegistry(t, { limits: { idleMs: 1000 } });
    const location = (await ask("POST", "/v2/a/blobs/uploads/")).headers.get("location") ?? "";
    const line = await openLine(t, server.port);
    line.send(`${head("PATCH", location, "content-length: 10")}01234`);
    await line.closed;
    assert.equal((await ask("GET", location)).headers.get("range"), "0-4");
  });

  test("startRegistry() lets a long upload continue as long as bytes arrive", { timeout: 120_000 }, async (t) => {
    const { server } = await openRegistry(t, { limits: { idleMs: 1500 } });
    const line = await openLine(t, server.port);
    line.send(head("POST", UPLOAD, "content-length: 10"));
    for (const digit of "0123456789") {
      // The wait is what is tested: longer in all than the silence that is allowed.
      await delay(250);
      line.send(digit);
    }
    assert.match(await line.until("\r\n\r\n"), /^HTTP\/1\.1 201 /);
  });

  test("startRegistry() drops a client that does not read its answer", { timeout: 120_000 }, async (t) => {
    const told = Promise.withResolvers<AnswerLine>();
    const bytes = Buffer.alloc(64 * 1024 * 1024, 1);
    const path = `/v2/a/blobs/${sha256(bytes)}`;
    const onAnswer = (line: AnswerLine) => void (line.path === path && told.resolve(line));
    const { push, server } = await openRegistry(t, { limits: { idleMs: 1000 }, onAnswer });
    await push("a", bytes);
    const asked = request(`${server.url}${path}`).end();
    asked.on("error", () => {});
    t.after(() => void asked.destroy());
    await once(asked, "response");
    assert.ok((await told.promise).bytes < bytes.byteLength);
  });

  test("startRegistry() waits for itself longer than for a client", { timeout: 120_000 }, async (t) => {
    const check = () => delay(3000, null);
    const { ask } = await openRegistry(t, {
      limits: { idleMs: 1000 },
      access: { check, challenge: "Basic", isAnonymousPull: false },
    });
    assert.equal((await ask("GET", "/v2/")).status, 200);
    const post = await ask("POST", UPLOAD, { body: new Uint8Array(BYTES) });
    assert.equal(post.status, 201);
  });
});

suite("startRegistry() stopping", () => {
  test("startRegistry() lets a request in flight end, and takes no other", { timeout: 120_000 }, async (t) => {
    const { ask, server } = await openRegistry(t, { graceMs: 10_000 });
    await (await ask("GET", "/v2/")).text();
    const line = await openLine(t, server.port);
    line.send(head("POST", UPLOAD, "content-length: 10", "expect: 100-continue"));
    await line.until("100 Continue");
    const closing = server.close();
    await assert.rejects(fetch(`${server.url}/v2/`));
    line.send("0123456789");
    const answer = await line.until("201 Created");
    assert.match(answer, /HTTP\/1\.1 201 Created/);
    await closing;
  });

  test("startRegistry() drops what has not ended in time", { timeout: 120_000 }, async (t) => {
    const { server } = await openRegistry(t, { graceMs: 300 });
    const line = await openLine(t, server.port);
    line.send(head("POST", UPLOAD, "content-length: 10", "expect: 100-continue"));
    await line.until("100 Continue");
    await server.close();
    await line.closed;
  });
});
