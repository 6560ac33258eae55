import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { V1Entry } from "../../src/generated/index-schema.js";
import { lintDocument } from "../../src/index/lint.ts";
import type { IndexHeader } from "../../src/package/index-header.ts";
import { v1Entry, v1Header } from "../support/v1-index.ts";

const NOW = Date.parse("2025-01-10T00:00:00Z");
const DAY_MS = 24 * 60 * 60 * 1000;

function lint(entries: readonly V1Entry[], { header = {}, skipped = [] as readonly string[], now = NOW } = {}) {
  const facts: IndexHeader = {
    repository: "registry.example/me/index",
    serial: 1,
    issuedMs: NOW - DAY_MS,
    expiresMs: NOW + 29 * DAY_MS,
    keySets: v1Header().key_sets,
    ...header,
  };
  return lintDocument({ header: facts, entries, skipped }, now).map(
    ({ level, rule, subject, message }) => `${level} [${rule}] ${subject ?? "index"}: ${message}`,
  );
}

function good(name: string, more: Readonly<Record<string, unknown>> = {}): V1Entry {
  return v1Entry(name, { description: `The ${name} of the tests`, license: ["MIT"], ...more });
}

describe("lintDocument()", () => {
  it("finds nothing when all is well", () => {
    assert.deepEqual(
      lint([good("a"), good("a", { version: "2.0" }), good("b", { license: ["MIT OR Apache-2.0"] })]),
      [],
    );
  });

  const table: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    [
      "no tag",
      { ghcr_pkg: "registry.example/me/a" },
      'error [reference] a 1.0 x86_64-linux: ghcr_pkg is "registry.example/me/a", expected a tag',
    ],
    [
      "a blob elsewhere",
      { ghcr_blob: `registry.example/me/b@sha256:${"a".repeat(64)}` },
      'error [reference] a 1.0 x86_64-linux: ghcr_blob is in "registry.example/me/b", expected "registry.example/me/a"',
    ],
    [
      "no manifest",
      { manifest_digest: undefined },
      "error [reference] a 1.0 x86_64-linux: it has no manifest_digest, and a tag alone can be moved",
    ],
    [
      "a link that is a path",
      { provides: ["a", "../b"] },
      'error [name] a 1.0 x86_64-linux: provides "../b", which cannot be read',
    ],
    [
      "a protected name",
      { provides: ["a=>sudo"] },
      'warning [protected name] a 1.0 x86_64-linux: it provides "sudo", which is given passwords, keys or rights: people are asked before they get it',
    ],
    ["no licence", { license: [] }, "warning [license] a 1.0 x86_64-linux: it has no licence"],
    [
      "a licence in other words",
      { license: ["Apache 2.0"] },
      'warning [license] a 1.0 x86_64-linux: its licence is "Apache 2.0", expected an SPDX expression such as MIT; is it Apache-2.0?',
    ],
    [
      "no description",
      { description: null },
      "warning [description] a 1.0 x86_64-linux: it has no description, and is hard to find",
    ],
    [
      "no program",
      { provides: [], libc: "musl" },
      "warning [provides] a 1.0 x86_64-linux musl: it provides no program",
    ],
    [
      "no files",
      { ghcr_files: undefined },
      "warning [files] a 1.0 x86_64-linux: it does not say which files it has and how large they are",
    ],
  ];
  for (const [name, more, expected] of table) {
    it(`finds one thing when an entry has ${name}`, () => assert.deepEqual(lint([good("a", more)]), [expected]));
  }

  it("tells a name that cannot be a link", () => {
    const name = "tool;ls";
    const findings = lint([good("a", { pkg_name: name, provides: ["a"] })]);
    assert.deepEqual(findings, [`error [name] ${name} 1.0 x86_64-linux: its name "${name}" cannot be installed`]);
  });

  it("tells what readers leave out", () => {
    const reason = 'entry 3 "x": host: must be text';
    assert.deepEqual(lint([], { skipped: [reason] }), [`error [entry] index: ${reason}; nobody can use it`]);
  });

  it("tells names and programs that several packages have, and not those of one package's versions", () => {
    const entries = [
      good("a"),
      good("a", { version: "2.0" }),
      good("a", { pkg_id: "other" }),
      good("b", { provides: ["b", "a=>c"] }),
      good("c"),
    ];
    assert.deepEqual(lint(entries), [
      "warning [name collision] a: it is the name of 2 packages: other, registry.example.me.a",
      "warning [program collision] a: it is provided by 2 packages: other, registry.example.me.a",
      "warning [program collision] c: it is provided by 2 packages: registry.example.me.b, registry.example.me.c",
    ]);
  });

  for (const [name, now, expected] of [
    ["far", NOW + 22 * DAY_MS, []],
    [
      "near",
      NOW + 22 * DAY_MS + 1,
      ["warning [expiry] index: it expires at 2025-02-08T00:00:00Z; renew it before that"],
    ],
    ["past", NOW + 29 * DAY_MS, ["error [expiry] index: it expired at 2025-02-08T00:00:00Z"]],
    [
      "beyond its issue",
      NOW - 2 * DAY_MS,
      ["error [expiry] index: it was issued at 2025-01-09T00:00:00Z, which is in the future"],
    ],
  ] as const) {
    it(`tells what is to be told of the expiry when it is ${name}`, () =>
      assert.deepEqual(lint([], { now }), expected));
  }
});
