import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpMethod } from "../../src/http/request.ts";
import {
  coversScopes,
  extendScopes,
  formatScopes,
  mergeScopes,
  neededScopes,
  parseScopes,
} from "../../src/registry-client/token-scopes.ts";
import { endsSoon } from "../support/sync-limit.ts";

const NEEDS: readonly (readonly [HttpMethod, string, string | null, readonly string[]])[] = [
  ["GET", "a/b", null, ["repository:a/b:pull"]],
  ["HEAD", "a/b", null, ["repository:a/b:pull"]],
  ["POST", "a/b", null, ["repository:a/b:pull,push"]],
  ["PUT", "a/b", null, ["repository:a/b:pull,push"]],
  ["PATCH", "a/b", null, ["repository:a/b:pull,push"]],
  ["DELETE", "a/b", null, ["repository:a/b:pull,delete"]],
  ["POST", "a/b", "c/d", ["repository:a/b:pull,push", "repository:c/d:pull"]],
  ["POST", "a/b", "a/b", ["repository:a/b:pull,push"]],
  ["GET", "", null, ["registry:catalog:*"]],
];

for (const [method, repository, mountFrom, expected] of NEEDS) {
  test(`neededScopes() of ${method} to "${repository}"${mountFrom === null ? "" : ` from "${mountFrom}"`}`, () => {
    assert.deepEqual(formatScopes(neededScopes({ method, repository, mountFrom })), expected);
  });
}

const TEXTS: readonly (readonly [string, readonly string[]])[] = [
  ["", []],
  ["  repository:a:pull   repository:b:pull,push ", ["repository:a:pull", "repository:b:pull,push"]],
  ["repository:a:pull repository:a:push,pull", ["repository:a:pull,push"]],
  ["repository:host:5000/a:pull", ["repository:host:5000/a:pull"]],
  ["repository(plugin):a/b:pull", ["repository(plugin):a/b:pull"]],
  ["user", ["user"]],
  ["a:b", ["a:b"]],
  ["repository:a:,pull,", ["repository:a:pull"]],
];

for (const [text, expected] of TEXTS) {
  test(`parseScopes() reads "${text}"`, () => assert.deepEqual(formatScopes(parseScopes(text)), expected));
}

test("coversScopes() requires every action of every resource, and understands *", () => {
  const granted = parseScopes("repository:a:pull,push registry:catalog:*");
  for (const text of ["repository:a:pull", "repository:a:push", "registry:catalog:list", ""]) {
    assert.ok(coversScopes(granted, parseScopes(text)), text);
  }
  for (const text of ["repository:a:delete", "repository:b:pull", "repository:a:pull repository:b:pull"]) {
    assert.ok(!coversScopes(granted, parseScopes(text)), text);
  }
});

test("extendScopes() drops what was granted before a token would have too many scopes", () => {
  const granted = mergeScopes(...Array.from({ length: 12 }, (_, index) => parseScopes(`repository:r${index}:pull`)));
  assert.equal(extendScopes(granted, parseScopes("repository:r1:push")).size, 12);
  assert.deepEqual(formatScopes(extendScopes(granted, parseScopes("repository:new:pull"))), ["repository:new:pull"]);
});

test("parseScopes() takes no time over a hostile challenge", () => {
  endsSoon(() => assert.ok(parseScopes("a:b:c ".repeat(1_000_000)).size < 10));
  const many = Array.from({ length: 100_000 }, (_, index) => `r:${index}:p`).join(" ");
  endsSoon(() => assert.ok(parseScopes(many).size < 1_000));
});
