import assert from "node:assert/strict";
import { test } from "node:test";
import { checkRepositoryName } from "../../src/config/repository-rules.ts";
import { looksLike, repositoryName } from "../../src/repositories/repository-name.ts";

const NAMES: Readonly<Record<string, string>> = {
  "ghcr.io/me/index": "me",
  "ghcr.io/me/tools": "me-tools",
  "ghcr.io/me/tools/index": "me-tools",
  "ghcr.io/Acme/Dev.Tools/packages": "acme-dev-tools",
  "ghcr.io/index": "index",
  "me.github.io/tools": "tools",
  "example.org": "example-org",
  ours: "ours",
  "127.0.0.1:5000/me/index": "me",
  "ghcr.io/../../etc": "etc",
  "ghcr.io/-x-/_y": "x-_y",
  "例え/テスト": "repository",
  "///": "repository",
  [`ghcr.io/${"a".repeat(300)}`]: "a".repeat(64),
};

test("repositoryName() makes a valid config name from what an index calls itself", () => {
  for (const [identity, name] of Object.entries(NAMES)) {
    assert.equal(repositoryName(identity), name, identity);
    checkRepositoryName(name, "USAGE");
  }
});

test("looksLike() finds names that are easily taken for one another", () => {
  for (const name of ["bin-cache", "blncache", "b1ncache", "bin_cache"])
    assert.equal(looksLike(name, "bincache"), true, name);
  assert.equal(looksLike("rne", "me"), true);
  for (const name of ["bincache", "bincaches", "pkgcache"]) assert.equal(looksLike(name, "bincache"), false, name);
});
