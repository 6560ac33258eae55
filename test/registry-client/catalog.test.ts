import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorCode, hasCode, PkgError } from "../../src/errors.ts";
import { calm, connect, NOT_FOUND, type Reply, serve } from "./local-registry.ts";

const page = (repositories: unknown, link?: string): Reply => ({
  headers: { "content-type": "application/json", ...(link === undefined ? {} : { link }) },
  body: JSON.stringify({ repositories }),
});

test("listCatalog() follows its pages", async (t) => {
  const server = await serve(t, ({ path }) =>
    path.includes("last=a") ? page(["b/c"]) : page(["a"], '</v2/_catalog?last=a>; rel="next"'),
  );
  const { client } = connect(t, { trust: [server] });
  assert.deepEqual(await client.listCatalog(server.host, calm), ["a", "b/c"]);
  assert.equal(server.seen[0]?.path, "/v2/_catalog?n=1000");
});

test("listCatalog() gives as many as are wanted from where they are wanted", async (t) => {
  const server = await serve(t, () => page(["b", "c", "d"], '<?last=d>; rel="next"'));
  const { client } = connect(t, { trust: [server] });
  assert.deepEqual(await client.listCatalog(server.host, calm, { last: "a", limit: 2 }), ["b", "c"]);
  assert.deepEqual(
    server.seen.map(({ path }) => path),
    ["/v2/_catalog?n=2&last=a"],
  );
});

test("listCatalog() gets the token that the registry's challenge names", async (t) => {
  const server = await serve(t, ({ path, headers }) => {
    if (path.startsWith("/token")) return { body: '{"token":"t"}' };
    if (headers.authorization === "Bearer t") return page(["a"]);
    const challenge = `Bearer realm="${server.origin}/token",service="s",scope="registry:catalog:*"`;
    return { status: 401, headers: { "www-authenticate": challenge } };
  });
  const { client } = connect(t, { trust: [server] });
  assert.deepEqual(await client.listCatalog(server.host, calm), ["a"]);
  const scopes = new URL(server.seen[1]?.path ?? "", server.origin).searchParams.getAll("scope");
  assert.deepEqual(scopes, ["registry:catalog:*"]);
});

const REFUSALS: readonly (readonly [string, ErrorCode, Reply])[] = [
  ["404", "HTTP_NOT_FOUND", NOT_FOUND],
  ["405", "HTTP_UNEXPECTED", { status: 405 }],
  ["403", "HTTP_FORBIDDEN", { status: 403 }],
  ["a list of tags", "HTTP_UNEXPECTED", { body: '{"tags":["1"]}' }],
];

for (const [name, code, reply] of REFUSALS) {
  test(`listCatalog() reports ${name} as ${code}, and that not every registry has a list`, async (t) => {
    const server = await serve(t, () => reply);
    const { client } = connect(t, { trust: [server] });
    await assert.rejects(client.listCatalog(server.host, calm), (error) => {
      assert.ok(error instanceof PkgError && hasCode(error, code));
      assert.match(error.hint ?? "", /Not every registry/);
      return true;
    });
  });
}
