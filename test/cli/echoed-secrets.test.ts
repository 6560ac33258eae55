import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type LocalServer, serve } from "../http/local-server.ts";
import { type RunResult, runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

const USER = "jane";
const PASSWORD = "S3cret/Pass+word";
const TOKEN = "eyJhbGciOiJub25l.e30.c2lnbmF0dXJl";
const SECRETS = [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(`${USER}:${PASSWORD}`).toString("base64"), TOKEN];

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A registry that answers like this, and a home with a password for it. */
async function world(t: TestContext, answer: Answer): Promise<{ readonly home: string; readonly server: LocalServer }> {
  const [home, server] = [tempHome(t), await serve(t, answer)];
  mkdirSync(join(home, ".docker"));
  const auth = Buffer.from(`${USER}:${PASSWORD}`).toString("base64");
  writeFileSync(
    join(home, ".docker", "config.json"),
    JSON.stringify({ auths: { [`127.0.0.1:${server.port}`]: { auth } } }),
  );
  return { home, server };
}

async function ask(t: TestContext, answer: Answer, ...words: readonly string[]): Promise<RunResult> {
  const { home, server } = await world(t, answer);
  const result = await runPkg(["oci", "tags", `127.0.0.1:${server.port}/me/app`, ...words], {
    home,
    env: { PKG_RETRY_FOR: "0s" },
  });
  for (const secret of SECRETS.map((text) => text.slice(0, 8))) {
    assert.ok(!result.stderr.includes(secret), result.stderr);
    assert.ok(!result.stdout.includes(secret), result.stdout);
  }
  return result;
}

function challenge(response: ServerResponse, value: string): void {
  response.writeHead(401, { "www-authenticate": value }).end();
}

/** Everything that the request said about who asks, in several forms. */
function echo({ headers }: IncomingMessage): string {
  const sent = headers.authorization ?? "";
  const decoded = Buffer.from(sent.split(" ")[1] ?? "", "base64").toString();
  return `you sent ${sent}, ${decoded}, ${encodeURIComponent(decoded)}, ${decoded.split(":")[1]}`;
}

/** As errors, once the password has been asked for. */
const REFUSALS: Readonly<Record<string, (response: ServerResponse, text: string) => void>> = {
  "an error of the specification": (response, text) =>
    void response.writeHead(403).end(JSON.stringify({ errors: [{ code: "DENIED", message: text }] })),
  "a problem document": (response, text) =>
    void response
      .writeHead(500, { "content-type": "application/problem+json" })
      .end(JSON.stringify({ title: "x", error: text })),
  "bare text": (response, text) => void response.writeHead(429).end(text),
  "text that is cut within a secret": (response) => void response.writeHead(500).end(`${"x".repeat(289)} ${PASSWORD}`),
  "a code": (response, text) => void response.writeHead(400).end(JSON.stringify({ errors: [{ code: text }] })),
  "a redirect that is no URL": (response, text) => void response.writeHead(307, { location: `http://[${text}` }).end(),
  "a redirect with user info": (response) =>
    void response.writeHead(307, { location: `ftp://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1/` }).end(),
  "an entry of the list": (response, text) => void response.end(JSON.stringify({ tags: [text] })),
  "a list that leads back to a page": (response) =>
    void response
      .writeHead(200, { link: `</v2/me/app/tags/list?from=${encodeURIComponent(PASSWORD)}>; rel="next"` })
      .end('{"tags":[]}'),
  "a length": (response, text) => void response.writeHead(200, { "content-type": text.slice(0, 99) }).end("[]"),
};

test("no error shows what was sent to a registry that repeats it", async (t) => {
  for (const [name, refuse] of Object.entries(REFUSALS)) {
    for (const words of [["--verbose"], ["--json"]]) {
      await t.test(`${name}, ${words.join(" ")}`, async (t) => {
        const answer: Answer = (request, response) =>
          request.headers.authorization === undefined
            ? challenge(response, 'Basic realm="x"')
            : refuse(response, echo(request));
        const { code } = await ask(t, answer, ...words);
        // A tag with an impossible name is left out, and said to be.
        assert.equal(code === 0, name === "an entry of the list");
      });
    }
  }
});

test("no error shows a token, whether its service or the registry repeats it", async (t) => {
  for (const refuser of ["service", "registry"]) {
    await t.test(refuser, async (t) => {
      const { stderr } = await ask(t, (request, response) => {
        const realm = `http://${request.headers.host}/token`;
        if (request.url?.startsWith("/token") === true) {
          if (refuser === "service")
            response.writeHead(403).end(JSON.stringify({ details: TOKEN, error: echo(request) }));
          else response.end(JSON.stringify({ token: TOKEN }));
        } else if (request.headers.authorization === undefined) challenge(response, `Bearer realm="${realm}"`);
        else response.writeHead(403).end(`no: ${request.headers.authorization.slice("Bearer ".length)}`);
      });
      assert.match(stderr, /answered 403, ".*\*\*\*/);
    });
  }
});

test("an identity token that its service repeats is not shown", async (t) => {
  const token = "refresh-0123456789abcdef";
  const home = tempHome(t);
  const server = await serve(t, async (request, response) => {
    if (request.method === "POST") {
      const form = Buffer.concat(await request.toArray()).toString();
      response.writeHead(400).end(JSON.stringify({ error: "invalid_grant", message: form }));
    } else challenge(response, `Bearer realm="http://${request.headers.host}/token"`);
  });
  mkdirSync(join(home, ".docker"));
  const auths = { [`127.0.0.1:${server.port}`]: { identitytoken: token } };
  writeFileSync(join(home, ".docker", "config.json"), JSON.stringify({ auths }));
  const { code, stderr } = await runPkg(["oci", "tags", `127.0.0.1:${server.port}/me/app`], { home });
  assert.equal(code, 1);
  assert.match(stderr, /refresh_token=\*\*\*/);
  assert.ok(!stderr.includes(token));
});
