import assert from "node:assert/strict";
import { test } from "node:test";
import { parseChallenges } from "../../src/registry-client/challenge.ts";
import { endsSoon } from "../support/sync-limit.ts";

type Expected = readonly (readonly [string, Readonly<Record<string, string>>])[];

const HEADERS: readonly (readonly [string, string | null, Expected])[] = [
  ["no header", null, []],
  ["an empty header", "", []],
  [
    "one Bearer challenge",
    'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:a/b:pull"',
    [["bearer", { realm: "https://ghcr.io/token", service: "ghcr.io", scope: "repository:a/b:pull" }]],
  ],
  [
    "several challenges in one header",
    'Basic realm="x", Bearer realm="https://r/token",service="s", Negotiate',
    [
      ["basic", { realm: "x" }],
      ["bearer", { realm: "https://r/token", service: "s" }],
      ["negotiate", {}],
    ],
  ],
  [
    "commas and equals signs within quotes",
    'Bearer realm="https://r/token?a=b,c=d",scope="repository:a:pull,push"',
    [["bearer", { realm: "https://r/token?a=b,c=d", scope: "repository:a:pull,push" }]],
  ],
  ["a scheme's name within quotes", 'Basic realm="Bearer realm=x"', [["basic", { realm: "Bearer realm=x" }]]],
  ["quoted pairs", String.raw`Bearer realm="a\"b\\c"`, [["bearer", { realm: String.raw`a"b\c` }]]],
  ["names and schemes in any case", 'BEARER Realm="x"', [["bearer", { realm: "x" }]]],
  [
    "a URL without quotes",
    "Bearer realm=https://r/token?a=b,service=s",
    [["bearer", { realm: "https://r/token?a=b", service: "s" }]],
  ],
  ["spaces around equals signs", 'Bearer realm = "x" , service= y', [["bearer", { realm: "x", service: "y" }]]],
  [
    "a token68 before another challenge",
    'Negotiate YWJj==, Bearer realm="x"',
    [
      ["negotiate", {}],
      ["bearer", { realm: "x" }],
    ],
  ],
  ["empty list elements", ', ,Bearer realm="x",,service="y"', [["bearer", { realm: "x", service: "y" }]]],
  ["the first of a doubled parameter", 'Bearer realm="a",realm="b"', [["bearer", { realm: "a" }]]],
  ["nothing after an unclosed quote", 'Bearer service="s",realm="x', [["bearer", { service: "s" }]]],
  ["nothing of a parameter without a scheme", 'realm="x"', []],
  ["a parameter named __proto__", 'Bearer __proto__="x",realm="r"', [["bearer", { realm: "r", ["__proto__"]: "x" }]]],
];

for (const [name, header, expected] of HEADERS) {
  test(`parseChallenges() reads ${name}`, () => {
    const found = parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
    assert.deepEqual(found, expected);
  });
}

test("parseChallenges() takes no time over a hostile header", () => {
  for (const header of [
    `Bearer realm="${"\\".repeat(200_000)}`,
    "a ".repeat(100_000),
    `${'x="",'.repeat(100_000)}`,
    `Bearer ${"=".repeat(100_000)}`,
  ]) {
    endsSoon(() => assert.ok(parseChallenges(header).length < 100_000));
  }
});
