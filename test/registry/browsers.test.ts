import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { suite, test } from "node:test";
import { createAccess } from "../../src/registry/access.ts";
import { makeCertificate } from "../http/certificate.ts";
import type { Cleanup } from "../support/temp-home.ts";
import { pushImage } from "./documents.ts";
import { basic, htpasswdFile } from "./htpasswd-file.ts";
import { openRegistry, sha256, type TestRegistry } from "./registry-client.ts";

const BYTES = Buffer.from("some bytes");

/** Sends bytes as they are, and gives all that comes back until the connection is closed. */
async function answerTo(t: Cleanup, port: number, sent: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  t.after(() => void socket.destroy());
  await once(socket, "connect");
  socket.write(sent);
  return Buffer.concat(await socket.toArray()).toString("latin1");
}

/** Sends a request's head as it is, and gives the status. */
async function statusOf(t: Cleanup, port: number, lines: readonly string[]): Promise<string> {
  const answer = await answerTo(t, port, [...lines, "connection: close", "", ""].join("\r\n"));
  return /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? answer;
}

function headOf(target: string, host: string, headers: Readonly<Record<string, string>>): readonly string[] {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${target} HTTP/1.1`, `host: ${host}`, ...fields];
}

const get = (host: string) => ["GET /v2/ HTTP/1.1", `host: ${host}`];

suite("guardFromBrowser() hosts", () => {
  const hosts = [
    ["localhost", "200"],
    ["localhost:5000", "200"],
    ["LOCALHOST.", "200"],
    ["registry.localhost:1", "200"],
    ["127.0.0.1", "200"],
    ["127.8.9.1:80", "200"],
    ["[::1]:5000", "200"],
    ["[::ffff:127.0.0.1]", "200"],
    ["named.example:5000", "200"],
    ["Named.Example", "200"],
    ["evil.example", "403"],
    ["evil.example:5000", "403"],
    ["localhost.evil.example", "403"],
    ["127.0.0.1.evil.example", "403"],
    ["notlocalhost", "403"],
    ["sub.named.example", "403"],
    ["0.0.0.0", "403"],
    ["192.168.1.5:5000", "403"],
    ["localhost@evil.example", "400"],
    ["localhost/evil.example", "400"],
    ["", "400"],
  ] as const;
  for (const [host, status] of hosts) {
    test(`guardFromBrowser() answers ${status} on a loopback address when the host is "${host}"`, async (t) => {
      const { server } = await openRegistry(t, { allowHosts: ["named.example"] });
      assert.equal(await statusOf(t, server.port, get(host)), status);
    });
  }

  const heads = [
    ["no host, in HTTP/1.0", ["GET /v2/ HTTP/1.0"], "400"],
    ["no host", ["GET /v2/ HTTP/1.1"], "400"],
    ["two hosts", [...get("localhost"), "host: evil.example"], "400"],
    ["two hosts, the other first", [...get("evil.example"), "host: localhost"], "400"],
    ["a URL as its target", ["GET http://evil.example/v2/ HTTP/1.1", "host: localhost"], "400"],
    ["a URL of its own as its target", ["GET http://localhost/v2/ HTTP/1.1", "host: evil.example"], "400"],
    ["a forwarded host", [...get("evil.example"), "x-forwarded-host: localhost"], "403"],
  ] as const;
  for (const [what, lines, status] of heads) {
    test(`guardFromBrowser() answers ${status} to a request with ${what}`, async (t) => {
      const { server } = await openRegistry(t);
      assert.equal(await statusOf(t, server.port, lines), status);
    });
  }

  test("guardFromBrowser() refuses a foreign host for everything: the page, index files, writes", async (t) => {
    const { server } = await openRegistry(t);
    const targets = ["GET /", "GET /index/x.json", "PUT /v2/a/manifests/x", "DELETE /v2/a/manifests/x", "OPTIONS *"];
    for (const target of targets) {
      assert.equal(await statusOf(t, server.port, [`${target} HTTP/1.1`, "host: evil.example"]), "403", target);
    }
  });

  test("guardFromBrowser() knows the names of the certificate", async (t) => {
    const { server } = await openRegistry(t, { tls: makeCertificate() });
    const { request } = await import("node:https");
    const ask = async (host: string) => {
      const sent = request(server.url, { path: "/v2/", headers: { host }, rejectUnauthorized: false }).end();
      const [response] = await once(sent, "response");
      response.resume();
      return response.statusCode;
    };
    assert.deepEqual([await ask("registry.example"), await ask("evil.example")], [200, 403]);
  });

  test("guardFromBrowser() takes any name on other addresses, until names are given", async (t) => {
    const open = await openRegistry(t, { host: "0.0.0.0" });
    assert.equal(await statusOf(t, open.server.port, get("anything.example")), "200");
    const named = await openRegistry(t, { host: "0.0.0.0", allowHosts: ["named.example"] });
    const hosts = ["named.example", "192.168.1.5", "evil.example"];
    const found = await Promise.all(hosts.map((host) => statusOf(t, named.server.port, get(host))));
    assert.deepEqual(found, ["200", "200", "403"]);
  });
});

suite("guardFromBrowser() names that it does not know", () => {
  const cases = [
    ["POST", "evil.example", { origin: "http://evil.example" }, "403"],
    ["POST", "evil.example:5000", { origin: "http://evil.example:5000" }, "403"],
    ["POST", "evil.example", { "sec-fetch-site": "same-origin" }, "403"],
    ["POST", "evil.example", { "sec-fetch-site": "none" }, "403"],
    // What no browser sends: a registry on a network does not know all of its names.
    ["POST", "registry.lan", {}, "202"],
    ["POST", "192.168.1.5:5000", { origin: "http://192.168.1.5:5000" }, "202"],
    ["POST", "localhost", { origin: "http://localhost" }, "202"],
    ["GET", "registry.lan", { "sec-fetch-site": "same-origin" }, "200"],
    ["GET", "registry.lan", { origin: "http://registry.lan" }, "200"],
  ] as const;
  for (const [method, host, headers, status] of cases) {
    const what = `${method} by the name "${host}" with ${JSON.stringify(headers)}`;
    test(`guardFromBrowser() answers ${status} on any address to ${what}`, async (t) => {
      const { server } = await openRegistry(t, { host: "0.0.0.0" });
      const target = method === "GET" ? "GET /" : "POST /v2/a/blobs/uploads/";
      const head = headOf(target, host, { ...headers, "content-length": "0" });
      assert.equal(await statusOf(t, server.port, head), status);
    });
  }
});

/** Headers that a browser adds for a page of another site. */
const FOREIGN: readonly Readonly<Record<string, string>>[] = [
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { "sec-fetch-site": "something-new" },
  { origin: "https://evil.example" },
  { origin: "null" },
  { origin: "http://localhost:1" },
  { origin: "http://127.0.0.1.evil.example" },
  { "sec-fetch-site": "same-origin", origin: "https://evil.example" },
];

suite("guardFromBrowser() other sites", () => {
  for (const headers of FOREIGN) {
    test(`guardFromBrowser() lets ${JSON.stringify(headers)} read what is public, and nothing else`, async (t) => {
      for (const host of ["127.0.0.1", "0.0.0.0"]) {
        const registry = await openRegistry(t, { host });
        await pushImage(registry, "a", "v1");
        const ask = (method: string, path: string) =>
          statusOf(t, registry.server.port, headOf(`${method} ${path}`, `127.0.0.1:${registry.server.port}`, headers));
        for (const path of ["/", "/v2/", "/v2/a/manifests/v1", "/v2/a/tags/list", "/v2/_catalog"]) {
          assert.deepEqual([await ask("GET", path), await ask("HEAD", path)], ["200", "200"], path);
        }
        const writes = [
          ["POST", "/v2/a/blobs/uploads/"],
          ["PUT", "/v2/a/manifests/x"],
          ["PATCH", "/v2/a/blobs/uploads/x"],
          ["DELETE", "/v2/a/manifests/v1"],
          ["POST", "/"],
          ["OPTIONS", "/v2/a/manifests/v1"],
        ] as const;
        for (const [method, path] of writes) assert.equal(await ask(method, path), "403", `${method} ${path}`);
        assert.equal((await registry.ask("GET", "/v2/a/manifests/v1")).status, 200);
      }
    });
  }

  test("guardFromBrowser() lets a page of the registry itself, and a person, do anything", async (t) => {
    const registry = await openRegistry(t);
    const own = [
      {},
      { "sec-fetch-site": "none" },
      { "sec-fetch-site": "same-origin", origin: registry.server.url },
      { origin: registry.server.url.toUpperCase() },
    ];
    for (const headers of own) {
      const response = await registry.ask("POST", "/v2/a/blobs/uploads/", { headers });
      assert.equal(response.status, 202, JSON.stringify(headers));
    }
  });

  test("guardFromBrowser() does not lend a remembered password to another site", async (t) => {
    const options = { htpasswd: htpasswdFile(t, { ann: "right" }).path, onProblem: () => {} };
    const foreign = { ...basic("ann", "right"), "sec-fetch-site": "cross-site" };
    const closed = await openRegistry(t, { access: await createAccess({ ...options, anonymousPull: false }) });
    for (const path of ["/", "/v2/", "/v2/_catalog", "/index/x.json"]) {
      assert.equal((await closed.ask("GET", path, { headers: foreign })).status, 403, path);
    }
    const link = { ...foreign, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    const follow = (path: string) => statusOf(t, closed.server.port, headOf(`GET ${path}`, "127.0.0.1", link));
    assert.deepEqual([await follow("/"), await follow("/v2/")], ["200", "403"]);
    const open = await openRegistry(t, { access: await createAccess({ ...options, anonymousPull: true }) });
    assert.equal((await open.ask("GET", "/v2/", { headers: foreign })).status, 200);
    assert.equal((await open.ask("POST", "/v2/a/blobs/uploads/", { headers: foreign })).status, 403);
  });

  test("guardFromBrowser() gives no permission to a preflight", async (t) => {
    const registry = await openRegistry(t);
    for (const origin of ["https://evil.example", registry.server.url]) {
      const headers = { origin, "access-control-request-method": "PUT" };
      const response = await registry.ask("OPTIONS", "/v2/a/manifests/x", { headers });
      assert.ok(response.status >= 400);
      const granted = [...response.headers.keys()].filter((name) => name.startsWith("access-control-"));
      assert.deepEqual(granted, []);
    }
  });
});

suite("setAnswerHeaders()", () => {
  const SAFE = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
  };
  const headersOf = (response: Response, names: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, response.headers.get(name)]));

  test("setAnswerHeaders() marks whatever is answered as something that is no page", async (t) => {
    const registry = await openRegistry(t);
    const digest = sha256(await pushImage(registry, "a", "v1"));
    const blob = await registry.push("a", BYTES);
    const asked: readonly (readonly [string, string, number, RequestInit?])[] = [
      ["GET", "/v2/", 200],
      ["GET", "/v2/_catalog", 200],
      ["GET", "/v2/a/tags/list", 200],
      ["GET", "/v2/a/manifests/v1", 200],
      ["HEAD", `/v2/a/manifests/${digest}`, 200],
      ["GET", `/v2/a/manifests/${digest}`, 304, { headers: { "if-none-match": `"${digest}"` } }],
      ["GET", `/v2/a/referrers/${digest}`, 200],
      ["GET", `/v2/a/blobs/${blob}`, 200],
      ["HEAD", `/v2/a/blobs/${blob}`, 200],
      ["GET", `/v2/a/blobs/${blob}`, 206, { headers: { range: "bytes=1-2" } }],
      ["GET", `/v2/a/blobs/${blob}`, 416, { headers: { range: "bytes=100-200" } }],
      ["POST", "/v2/a/blobs/uploads/", 202],
      ["GET", "/v2/a/blobs/uploads/x", 404],
      ["GET", "/v2/a/manifests/none", 404],
      ["PUT", "/v2/a/manifests/x", 400, { body: "<html>" }],
      ["PUT", "/v2/", 405],
      ["GET", "/index/none.json", 404],
      ["GET", "/%3Cscript%3E", 404],
      ["GET", "/v2/%", 400],
    ];
    for (const [method, path, status, init] of asked) {
      const response = await registry.ask(method, path, init);
      assert.equal(response.status, status, `${method} ${path}`);
      const expected = { ...SAFE, "content-disposition": "attachment" };
      assert.deepEqual(headersOf(response, expected), expected, `${method} ${path}`);
      assert.doesNotMatch(response.headers.get("content-type") ?? "", /html|xml|script/);
      assert.doesNotMatch(await response.text(), /[<>]/);
    }
  });

  const broken = [
    ["no request", "NONSENSE\r\n\r\n", 400],
    ["a head that is too large", `GET /v2/ HTTP/1.1\r\nhost: localhost\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, 431],
    ["no host", "GET /v2/ HTTP/1.1\r\nconnection: close\r\n\r\n", 400],
    [
      "an expectation that nobody knows",
      "GET /v2/ HTTP/1.1\r\nhost: evil.example\r\nexpect: x\r\nconnection: close\r\n\r\n",
      403,
    ],
    [
      "a body that is no chunk",
      "POST /v2/a/blobs/uploads/?digest=x HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: gzip\r\n\r\n",
      400,
    ],
  ] as const;
  for (const [what, sent, status] of broken) {
    test(`answerBrokenHeads() answers ${status} to ${what}, with the headers of every answer`, async (t) => {
      const { server } = await openRegistry(t);
      const answer = await answerTo(t, server.port, sent);
      assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer);
      const expected = { ...SAFE, "content-disposition": "attachment" };
      for (const [name, value] of Object.entries(expected))
        assert.ok(answer.includes(`\r\n${name}: ${value}\r\n`), name);
    });
  }

  test("setAnswerHeaders() lets the page be shown, under its own policy", async (t) => {
    const { ask } = await openRegistry(t);
    const response = await ask("GET", "/");
    const { "content-security-policy": _, ...rest } = SAFE;
    assert.deepEqual(headersOf(response, rest), rest);
    assert.equal(response.headers.get("content-disposition"), null);
    assert.match(response.headers.get("content-security-policy") ?? "", /^default-src 'none'; style-src 'sha256-/);
  });

  test("setAnswerHeaders() marks answers to strangers as well", async (t) => {
    const access = await createAccess({
      htpasswd: htpasswdFile(t, {}).path,
      anonymousPull: false,
      onProblem: () => {},
    });
    const { ask }: TestRegistry = await openRegistry(t, { access });
    const response = await ask("GET", "/v2/");
    assert.equal(response.status, 401);
    assert.deepEqual(headersOf(response, SAFE), SAFE);
  });
});
