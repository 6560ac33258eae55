import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorCode, hasCode } from "../../src/errors.ts";
import { at, calm, connect, NOT_FOUND, type Reply, serve } from "./local-registry.ts";

const page = (tags: unknown, link?: string): Reply => ({
  headers: { "content-type": "application/json", ...(link === undefined ? {} : { link }) },
  body: JSON.stringify({ name: "a/b", tags }),
});

test("listTags() gives one page with one request", async (t) => {
  const server = await serve(t, () => page(["1.0", "HEAD-abc"]));
  const { client, http } = connect(t, { trust: [server] });
  assert.deepEqual(await client.listTags(at(server, "a/b"), calm), ["1.0", "HEAD-abc"]);
  assert.deepEqual(
    server.seen.map(({ path }) => path),
    ["/v2/a/b/tags/list?n=1000"],
  );
  assert.equal(http.requestCount, 1);
});

test("listTags() gives an empty list for null", async (t) => {
  const server = await serve(t, () => page(null));
  const { client } = connect(t, { trust: [server] });
  assert.deepEqual(await client.listTags(at(server, "a/b"), calm), []);
});

const LINKS: readonly (readonly [string, (origin: string) => string])[] = [
  ["relative to the page", () => '</v2/a/b/tags/list?last=1>; rel="next"'],
  ["absolute", (origin) => `<${origin}/v2/a/b/tags/list?last=1>; rel="next"`],
  ["without quotes", () => "</v2/a/b/tags/list?last=1>;rel=next"],
  ["among others", () => '</x>; rel="prev", </v2/a/b/tags/list?last=1>; title="x"; rel="last next"'],
  [
    "after a quoted comma and bracket",
    () => '</x>; title="a, <b"; rel=prev, </v2/a/b/tags/list?last=1>; title="c, d"; rel=next',
  ],
  ["without brackets", () => '/v2/a/b/tags/list?last=1; rel="next"'],
  ["among spaces", () => '< /v2/a/b/tags/list?last=1 > ; rel = "next"'],
  ["alone and says no relation", () => "</v2/a/b/tags/list?last=1>"],
  ["in capitals", () => '</v2/a/b/tags/list?last=1>; REL="Next"'],
];

for (const [name, link] of LINKS) {
  test(`listTags() follows a link that is ${name}`, async (t) => {
    const server = await serve(t, ({ path }) =>
      path.includes("last=1") ? page(["2"]) : page(["1"], link(server.origin)),
    );
    const { client } = connect(t, { trust: [server] });
    assert.deepEqual(await client.listTags(at(server, "a/b"), calm), ["1", "2"]);
    assert.equal(server.seen.length, 2);
  });
}

test("listTags() leaves out what is no tag, and says so once", async (t) => {
  const odd = [1, "../x", "a\u001b[31m", null, ""];
  const server = await serve(t, ({ path }) => (path.startsWith("/v2/b/c/") ? page(["1"]) : page(["1", ...odd, "2"])));
  const warnings: string[] = [];
  const { client } = connect(t, { trust: [server], onWarning: (message) => void warnings.push(message) });
  for (let round = 0; round < 2; round += 1) {
    assert.deepEqual(await client.listTags(at(server, "a/b"), calm), ["1", "2"]);
  }
  assert.deepEqual(await client.listTags(at(server, "b/c"), calm), ["1"]);
  assert.deepEqual(warnings, [
    `Left out 1, "../x", "a\\u001b[31m" and 2 more of the tags (list tags of "${server.host}/a/b"): no reference can have such a name`,
  ]);
});

test("listTags() gives an empty list where the tags are left out", async (t) => {
  const server = await serve(t, () => ({ body: '\ufeff{"name":"a/b"}' }));
  const { client } = connect(t, { trust: [server] });
  assert.deepEqual(await client.listTags(at(server, "a/b"), calm), []);
});

for (const link of [
  '</x>; rel="prev"',
  '</x>; rel="nextish"',
  "</x>, </y>",
  "<>; rel=next",
  "",
  "next",
  '<http://[>; rel="next"',
]) {
  test(`listTags() ends at a page whose Link is ${JSON.stringify(link)}`, async (t) => {
    const server = await serve(t, () => page(["1"], link));
    const { client } = connect(t, { trust: [server] });
    assert.deepEqual(await client.listTags(at(server, "a/b"), calm), ["1"]);
  });
}

test("listTags() sends its token to every page, and nothing to another host", async (t) => {
  const other = await serve(t, () => page(["stolen"]));
  const server = await serve(t, ({ path, headers }) => {
    if (path.startsWith("/token")) return { body: '{"token":"t"}' };
    if (headers.authorization === undefined)
      return { status: 401, headers: { "www-authenticate": `Bearer realm="${server.origin}/token"` } };
    return path.includes("last=1")
      ? page(["2"], `<${other.origin}/x>; rel="next"`)
      : page(["1"], '<?last=1>; rel="next"');
  });
  const { client } = connect(t, { trust: [server, other] });
  await assert.rejects(client.listTags(at(server, "a/b"), calm), (error) => hasCode(error, "REDIRECT_FORBIDDEN"));
  assert.equal(server.seen.at(-1)?.headers.authorization, "Bearer t");
  assert.equal(other.seen.length, 0);
});

test("listTags() ends a list that goes in a circle", async (t) => {
  const server = await serve(t, ({ path }) => page(["1"], `<?last=${path.includes("last=1") ? 2 : 1}>; rel="next"`));
  const { client } = connect(t, { trust: [server] });
  await assert.rejects(client.listTags(at(server, "a/b"), calm), (error) => hasCode(error, "HTTP_UNEXPECTED"));
  assert.equal(server.seen.length, 3);
});

test("listTags() stops reading a list that never ends", async (t) => {
  let count = 0;
  const server = await serve(t, () => page([], `<?last=${count++}>; rel="next"`));
  const { client } = connect(t, { trust: [server] });
  await assert.rejects(client.listTags(at(server, "a/b"), calm), (error) => hasCode(error, "HTTP_UNEXPECTED"));
  assert.equal(server.seen.length, 1000);
});

const WRONG: readonly (readonly [string, ErrorCode, Reply])[] = [
  ["a web page", "NOT_A_REGISTRY", { body: "<html>", headers: { "content-type": "text/html" } }],
  ["no JSON", "HTTP_UNEXPECTED", { body: "tags" }],
  ["a list alone", "HTTP_UNEXPECTED", { body: '["1"]' }],
  ["no tags", "HTTP_UNEXPECTED", { body: "{}" }],
  ["tags that are an object", "HTTP_UNEXPECTED", page({ length: 1 })],
  ["a page over the limit", "BODY_TOO_LARGE", { body: Buffer.alloc(4 * 1024 * 1024 + 1, " ") }],
  ["a repository that is not there", "HTTP_NOT_FOUND", NOT_FOUND],
];

for (const [name, code, reply] of WRONG) {
  test(`listTags() refuses ${name} without retrying`, async (t) => {
    const server = await serve(t, () => reply);
    const { client } = connect(t, { trust: [server] });
    await assert.rejects(client.listTags(at(server, "a/b"), calm), (error) => hasCode(error, code));
    assert.equal(server.seen.length, 1);
  });
}

test("listTags() starts over after a failing server", async (t) => {
  const answers = [
    page(["1"], '<?last=1>; rel="next"'),
    { status: 500 },
    page(["1"], '<?last=1>; rel="next"'),
    page(["2"]),
  ];
  const server = await serve(t, () => answers.shift() ?? { status: 400 });
  const { client } = connect(t, { trust: [server] });
  assert.deepEqual(await client.listTags(at(server, "a/b"), calm), ["1", "2"]);
});

test("listTags() gives as many as are wanted from where they are wanted", async (t) => {
  const server = await serve(t, ({ path }) =>
    path.includes("last=3") ? page(["4", "5"]) : page(["2", "3"], '<?last=3&n=2>; rel="next"'),
  );
  const { client } = connect(t, { trust: [server] });
  assert.deepEqual(await client.listTags(at(server, "a/b"), calm, { last: "1", limit: 3 }), ["2", "3", "4"]);
  assert.deepEqual(
    server.seen.map(({ path }) => path),
    ["/v2/a/b/tags/list?n=3&last=1", "/v2/a/b/tags/list?last=3&n=2"],
  );
});

test("listTags() stops asking once it has as many as are wanted, however many come per page", async (t) => {
  const server = await serve(t, () => page(["1", "2", "3"], '<?last=3>; rel="next"'));
  const { client } = connect(t, { trust: [server] });
  assert.deepEqual(await client.listTags(at(server, "a/b"), calm, { limit: 2 }), ["1", "2"]);
  assert.equal(server.seen.length, 1);
});

test("listTags() follows links, not counts: a short page need not be the last", async (t) => {
  const server = await serve(t, ({ path }) =>
    path.includes("last=1") ? page(["2"]) : page([], '<?last=1>; rel="next"'),
  );
  const { client } = connect(t, { trust: [server] });
  assert.deepEqual(await client.listTags(at(server, "a/b"), calm), ["2"]);
});

test("listTags() continues after the given tag if the registry returns them all again", async (t) => {
  const server = await serve(t, () => page(["b", "a", "c"]));
  const { client } = connect(t, { trust: [server] });
  assert.deepEqual(await client.listTags(at(server, "a/b"), calm, { limit: 2 }), ["b", "a"]);
  assert.deepEqual(await client.listTags(at(server, "a/b"), calm, { last: "a" }), ["c"]);
});
