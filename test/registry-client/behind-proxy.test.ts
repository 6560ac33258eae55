import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { type TestContext, test } from "node:test";
import { parseReference } from "../../src/oci/reference.ts";
import { makeCertificate } from "../http/certificate.ts";
import { listen } from "../http/local-server.ts";
import { calm, connect, digestOf } from "./local-registry.ts";

const BYTES = Buffer.from("0123456789");
const DIGEST = digestOf(BYTES);
const certificate = makeCertificate();

/** A registry behind a proxy that ends TLS: it takes itself for an http server, and names its addresses that way. */
async function behindProxy(t: TestContext) {
  const seen: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = request.url ?? "";
    const own = `http://${request.headers.host}`;
    seen.push(`${request.method} ${url.split("?", 1)[0]}`);
    const say = (status: number, headers: Readonly<Record<string, string>>, body: string | Buffer = "") =>
      response.writeHead(status, headers).end(body);
    await request.toArray();
    if (url.startsWith("/token")) return say(200, {}, '{"token":"","access_token":"t"}');
    if (request.headers.authorization !== "Bearer t") {
      return say(401, { "www-authenticate": `Bearer realm="${own}/token",service="s"` });
    }
    if (url.startsWith("/v2/a/b/tags/list?last=1")) return say(200, {}, '{"tags":["2"]}');
    if (url.startsWith("/v2/a/b/tags/list")) {
      return say(200, { link: `<${own}/v2/a/b/tags/list?last=1>; rel="next"` }, '{"tags":["1"]}');
    }
    if (url.startsWith("/v2/a/b/blobs/uploads/")) {
      return request.method === "POST" ? say(202, { location: `${own}/v2/a/b/blobs/uploads/1?state=x` }) : say(201, {});
    }
    if (url.startsWith("/stored")) return say(200, {}, BYTES);
    return request.method === "HEAD" ? say(404, {}) : say(307, { location: `${own}/stored` });
  };
  const server = await listen(
    t,
    createServer(certificate, (request, response) => void answer(request, response)),
    "https",
  );
  const options = { trust: [server], ca: certificate.cert, plainHttp: () => false };
  return { seen, reference: parseReference(`127.0.0.1:${server.port}/a/b`), client: connect(t, options).client };
}

test("a registry behind a proxy that ends TLS is read and written, though it names its own addresses with http", async (t) => {
  const { client, reference, seen } = await behindProxy(t);
  assert.deepEqual(await client.listTags(reference, calm), ["1", "2"]);
  const blob = { reference, digest: DIGEST, size: BYTES.length, signal: calm };
  assert.deepEqual(await client.fetchBlob({ ...blob, maxBytes: 100 }), BYTES);
  const open = async () =>
    (async function* () {
      yield BYTES;
    })();
  const written = await client.pushBlob(reference, { digest: DIGEST, size: BYTES.length, open, mountFrom: null }, calm);
  assert.equal(written.how, "sent");
  assert.ok(seen.includes("PUT /v2/a/b/blobs/uploads/1"));
});
