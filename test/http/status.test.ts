import assert from "node:assert/strict";
import type { OutgoingHttpHeaders } from "node:http";
import { type TestContext, test } from "node:test";
import type { ErrorCode, PkgError } from "../../src/errors.ts";
import { parseRetryAfter, statusError } from "../../src/http/status.ts";
import { calm, client, serve } from "./local-server.ts";

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

const retryAfterCases: readonly (readonly [string, number | null])[] = [
  ["120", 120_000],
  [" 0 ", 0],
  ["1.5", 1_500],
  ["Fri, 02 Jan 2026 03:04:35 GMT", 30_000],
  ["Friday, 02-Jan-26 03:04:35 GMT", 30_000],
  ["Fri Jan  2 03:04:35 2026", 30_000],
  ["Fri, 02 Jan 2026 03:04:00 GMT", 0],
  ["880.092\u00b5s", 0.880092],
  ["880.092\u03bcs", 0.880092],
  ["250us", 0.25],
  ["12ms", 12],
  ["1m30s", 90_000],
  ["2h", 7_200_000],
  ["", null],
  ["-5", null],
  ["soon", null],
  ["5 parsecs", null],
  ["s", null],
  ["12ms!", null],
  ["x12ms", null],
  ["1e3", null],
  ["2026-01-02", null],
  ["99999999999999999999", null],
];

for (const [value, expected] of retryAfterCases) {
  test(`parseRetryAfter() reads ${JSON.stringify(value)} as ${expected}`, () => {
    const found = parseRetryAfter(value, NOW_MS);
    assert.equal(found === null ? null : Number(found.toFixed(6)), expected);
  });
}

interface Case {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

async function errorFor(t: TestContext, { status, headers = {}, body = "" }: Case): Promise<PkgError> {
  const server = await serve(t, (_request, response) => void response.writeHead(status, headers).end(body));
  const http = client(t, { trusted: [server.origin] });
  const response = await http.request({ url: new URL("/v2/x?signature=secret", server.origin), signal: calm });
  return statusError(response, 'fetch "x"');
}

const codeCases: readonly (readonly [number, ErrorCode])[] = [
  [400, "HTTP_UNEXPECTED"],
  [401, "HTTP_UNAUTHORIZED"],
  [403, "HTTP_FORBIDDEN"],
  [404, "HTTP_NOT_FOUND"],
  [408, "NETWORK_TIMEOUT"],
  [410, "HTTP_NOT_FOUND"],
  [416, "HTTP_UNEXPECTED"],
  [429, "SERVER_BUSY"],
  [500, "SERVER_FAILED"],
  [503, "SERVER_FAILED"],
  [599, "SERVER_FAILED"],
  [304, "HTTP_UNEXPECTED"],
];

for (const [status, code] of codeCases) {
  test(`statusError() makes ${code} of ${status}`, async (t) => {
    assert.equal((await errorFor(t, { status })).code, code);
  });
}

const messageCases: readonly (readonly [string, string])[] = [
  [
    '{"errors":[{"code":"NAME_UNKNOWN","message":"no such repository","detail":{}}]}',
    '"NAME_UNKNOWN: no such repository"',
  ],
  ['{"code":"DENIED","message":"bare"}', '"DENIED: bare"'],
  ['{"error":"invalid_request"}', '"invalid_request"'],
  ["plain words\nand a second line", '"plain words"'],
  ['{"__proto__":{"message":"polluted"}}', "404"],
  ['{"errors":"x"}', "404"],
  ["<!doctype html><title>x</title>", "404"],
  ["", "404"],
  ["a".repeat(70_000), "404"],
];

for (const [body, ending] of messageCases) {
  test(`statusError() says what ${JSON.stringify(body.slice(0, 40))} says`, async (t) => {
    const { message } = await errorFor(t, { status: 404, body });
    assert.ok(message.startsWith('Cannot fetch "x": "http://127.0.0.1:'), message);
    assert.ok(message.endsWith(ending), message);
    assert.ok(!message.includes("secret"), message);
  });
}

test("statusError() cuts a long message", async (t) => {
  const { message } = await errorFor(t, { status: 400, body: JSON.stringify({ message: "a".repeat(5_000) }) });
  assert.ok(message.length < 500);
});

test("statusError() takes the wait from Retry-After", async (t) => {
  for (const status of [429, 503]) {
    assert.equal((await errorFor(t, { status, headers: { "retry-after": "7" } })).retryAfterMs, 7_000);
  }
});

test("statusError() counts a Retry-After date from the server's own clock", async (t) => {
  const headers = { date: "Fri, 02 Jan 2026 03:04:05 GMT", "retry-after": "Fri, 02 Jan 2026 03:04:15 GMT" };
  assert.equal((await errorFor(t, { status: 503, headers })).retryAfterMs, 10_000);
});

test("statusError() finds the wait that GHCR hides in its message", async (t) => {
  const message = "retry-after: 880.092\u00b5s, allowed: 44000/minute";
  const body = JSON.stringify({ errors: [{ code: "TOOMANYREQUESTS", message }] });
  const error = await errorFor(t, { status: 429, body });
  assert.equal(error.code, "SERVER_BUSY");
  assert.equal(error.retryAfterMs?.toFixed(6), "0.880092");
});

test("statusError() treats a rate limit reported as 403 as SERVER_BUSY", async (t) => {
  const body = JSON.stringify({ message: "You have exceeded a secondary rate limit" });
  assert.equal((await errorFor(t, { status: 403, body })).code, "SERVER_BUSY");
  assert.equal((await errorFor(t, { status: 403, headers: { "retry-after": "60" } })).code, "SERVER_BUSY");
});

test("statusError() gives INTERRUPTED when the request was aborted", async (t) => {
  const server = await serve(t, (_request, response) => void response.writeHead(500).write("half"));
  const abort = new AbortController();
  const response = await client(t, { trusted: [server.origin] }).request({
    url: new URL(server.origin),
    signal: abort.signal,
  });
  abort.abort();
  assert.equal((await statusError(response, "fetch")).code, "INTERRUPTED");
});

test("statusError() leaves out what was sent, so that whoever the error is passed on to does not see it", async (t) => {
  const server = await serve(t, (request, response) => {
    response.writeHead(403).end(`${request.headers.authorization} of ${request.headers["user-agent"]}`);
  });
  const http = client(t, { trusted: [server.origin] });
  const headers = { authorization: "Bearer abcdefghijklmnop" };
  const error = await statusError(await http.request({ url: new URL(server.origin), headers, signal: calm }), "ask");
  assert.equal(error.message, `Cannot ask: "${server.origin}/" answered 403, "Bearer *** of pkg/test"`);
  assert.deepEqual(error.cause, undefined);
});

test("request() does not repeat a redirect's target that is no URL", async (t) => {
  const server = await serve(t, (request, response) => {
    response.writeHead(307, { location: `http://[${request.headers.authorization}` }).end();
  });
  const http = client(t, { trusted: [server.origin] });
  const headers = { authorization: "Bearer abcdefghijklmnop" };
  await assert.rejects(http.request({ url: new URL(server.origin), headers, signal: calm }), {
    code: "REDIRECT_FORBIDDEN",
    message: `Cannot follow the redirect of "${server.origin}/": its target is not a URL`,
  });
});

test("statusError() tells what may be a port for https", async (t) => {
  const error = await errorFor(t, { status: 400, body: "Client sent an HTTP request to an HTTPS server." });
  assert.match(error.hint ?? "", /^If it speaks https: leave out --plain-http/);
  const headers = { "content-type": "application/json" };
  assert.equal((await errorFor(t, { status: 400, headers, body: "{}" })).hint, undefined);
});
