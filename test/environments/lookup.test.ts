import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checksumOf } from "../../src/base/checksum.ts";
import { loadConfig } from "../../src/config/config.ts";
import { foundBefore, lookupDirectory, rememberFound } from "../../src/environments/lookup.ts";
import { tempDirectory } from "../support/temp-home.ts";

test("checksumOf() gives other digits for another text, and for another order", () => {
  const texts = ["", "a", "b", "ab", "ba", "x".repeat(10_000)];
  assert.equal(new Set(texts.map(checksumOf)).size, texts.length);
  for (const text of texts) assert.match(checksumOf(text), /^[0-9a-f]{16}$/);
});

test("foundBefore() gives what was remembered for the same words and config, and for nothing else", (t) => {
  const home = tempDirectory(t);
  const env = { PKG_HOME: home, HOME: home };
  const config = loadConfig({ flags: {}, env, workingDirectory: home, platform: "linux", arch: "x64" });
  mkdirSync(config.paths.environments, { recursive: true });
  const request = { config, version: "1.0.0", typed: ["run", "tool"] };
  const found = { environment: null, program: process.execPath };
  rememberFound(request, found);
  assert.deepEqual(foundBefore(request, 0), found);
  for (const other of [
    { ...request, typed: ["run", "tools"] },
    { ...request, version: "1.0.1" },
    { ...request, config: { ...config, fileText: "# another config" } },
  ])
    assert.equal(foundBefore(other, 0), null);

  const directory = lookupDirectory(config.paths);
  const [name = "", ...others] = readdirSync(directory);
  assert.deepEqual(others, []);
  const path = join(directory, name);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  // The name is short enough for two texts to share it.
  const document: object = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...document, for: "what another text decides" }));
  assert.equal(foundBefore(request, 0), null);
});
