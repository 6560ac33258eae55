import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { zstdCompressSync } from "node:zlib";
import { createSigner } from "../support/minisign-signer.ts";
import { indexDocument } from "../support/package-builder.ts";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";

/** A home with one good index, which every test below tries to spoil. */
async function makeIndexedHome(t: Parameters<typeof makeSampleHome>[0]) {
  const home = await makeSampleHome(t);
  const good = home.build({ name: "good", version: "1.0.0" });
  home.publishIndex(good);
  assert.equal((await home.pkg(["sync"])).code, 0);
  const served = join(home.path, "served", "index", "tools.json");
  return { home, good, write: (bytes: Buffer | string) => writeFileSync(served, bytes) };
}

async function assertStillServes(home: SampleHome): Promise<void> {
  assert.match((await home.pkg(["search", "good"])).stdout, /good +1\.0\.0/);
  assert.deepEqual(readdirSync(join(home.path, "index")), ["tools.db"]);
}

const GOOD = JSON.stringify([{ pkg_name: "good", pkg: "good", version: "2.0.0", ghcr_pkg: "ghcr.io/a/good:2.0.0" }]);

const SPOILED: Readonly<Record<string, readonly [bytes: Buffer | string, code: string]>> = {
  "cut in two": [GOOD.slice(0, -10), "INDEX_INVALID"],
  empty: ["", "INDEX_INVALID"],
  "a web page": ["<!doctype html><title>Not found</title>", "INDEX_INVALID"],
  "an object without packages": ["{}", "INDEX_INVALID"],
  "half-compressed": [zstdCompressSync(GOOD.repeat(50)).subarray(0, -8), "INDEX_INVALID"],
  "followed by more": [`${GOOD} trailing`, "INDEX_INVALID"],
  xz: [Buffer.from("fd377a585a000004", "hex"), "INDEX_INVALID"],
  "without one entry that can be used": [JSON.stringify([{ pkg_name: "x" }, 7, null]), "INDEX_INVALID"],
};

test("pkg sync refuses every damaged index, and the old one stays in use", async (t) => {
  const { home, write } = await makeIndexedHome(t);
  for (const [name, [bytes, code]] of Object.entries(SPOILED)) {
    write(bytes);
    const synced = await home.json("sync");
    assert.partialDeepStrictEqual(
      synced,
      { code: 1, document: { repositories: [{ state: "failed", error: { code } }] } },
      name,
    );
  }
  await assertStillServes(home);
});

test("pkg sync refuses an index that is too large once it is unpacked, without reading it all", async (t) => {
  const { home, write } = await makeIndexedHome(t);
  // An entry of 1.1 GiB, in some ten kilobytes.
  const letters = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024, "x"));
  const bomb = Buffer.concat([zstdCompressSync(Buffer.from('["')), ...Array<Buffer>(18).fill(letters)]);
  write(bomb);
  assert.partialDeepStrictEqual(await home.json("sync"), {
    code: 1,
    document: { repositories: [{ error: { code: "INDEX_TOO_LARGE" } }] },
  });
  await assertStillServes(home);
});

test("pkg sync skips bad entries, says how many and why, and keeps their neighbours", async (t) => {
  const { home, good, write } = await makeIndexedHome(t);
  const entry = (facts: object) => JSON.stringify({ ...good.entry, ...facts });
  const entries = [
    entry({ pkg_name: "first", pkg_id: "first" }),
    '{"__proto__": {"pkg_name": "polluted"}, "version": "1"}',
    entry({ pkg_name: "huge", pkg_id: "huge", description: "x".repeat(10_000_000) }),
    entry({ pkg_name: 7 }),
    entry({ pkg_name: "../escape", pkg_id: "escape" }),
    entry({ pkg_name: "short-sum", pkg_id: "short-sum", shasum: "abc" }),
    "[]",
    entry({ pkg_name: "twice", pkg_id: "twice" }),
    entry({ pkg_name: "twice", pkg_id: "twice" }),
    entry({ pkg_name: "last", pkg_id: "last", homepage: ["https:/not-a-url"] }),
  ];
  write(`[${entries.join(",")}]`);
  const result = await home.pkg(["sync", "--verbose"]);
  assert.equal(result.code, 0);
  assert.match(result.stdout, /3 packages.*7 skipped/);
  assert.match(result.stderr, /warning: tools: 7 entries skipped/);
  assert.equal(result.stderr.match(/detail: tools: skipped/g)?.length, 7);
  const { document } = await home.json("search", "first");
  assert.partialDeepStrictEqual(document, { packages: [{ name: "first" }] });
  assert.match((await home.pkg(["search", "last"])).stdout, /last/);
});

test("pkg sync sends one request when nothing has changed, and none that is conditional with --force", async (t) => {
  const { home } = await makeIndexedHome(t);
  home.takeRequests();
  assert.match((await home.pkg(["sync"])).stdout, /tools +unchanged/);
  assert.deepEqual(home.takeRequests(), ["GET /index/tools.json"]);
  assert.match((await home.pkg(["sync", "--force"])).stdout, /tools +updated/);
  assert.deepEqual(home.takeRequests(), ["GET /index/tools.json"]);
});

test("pkg sync checks the signature of an index that must be signed", async (t) => {
  const { home, good } = await makeIndexedHome(t);
  const served = join(home.path, "served", "index");
  const bytes = indexDocument([good]);
  const config = join(home.path, "config.toml");
  writeFileSync(config, readFileSync(config, "utf8").replace("signed_index = false", "signed_index = true"));
  const syncWith = async (signature: Buffer | null) => {
    writeFileSync(join(served, "tools.json"), bytes);
    if (signature !== null) writeFileSync(join(served, "tools.json.sig"), signature);
    return home.json("sync", "--force");
  };
  const failed = (code: string) => ({ code: 1, document: { repositories: [{ state: "failed", error: { code } }] } });
  assert.partialDeepStrictEqual(await syncWith(null), failed("SIGNATURE_MISSING"));
  assert.partialDeepStrictEqual(
    await syncWith(createSigner().sign(bytes, "tools.json")),
    failed("SIGNATURE_UNTRUSTED"),
  );
  assert.partialDeepStrictEqual(
    await syncWith(home.signer.sign(Buffer.from("other"), "tools.json")),
    failed("SIGNATURE_INVALID"),
  );
  assert.partialDeepStrictEqual(await syncWith(home.signer.sign(bytes, "tools.json")), {
    code: 0,
    document: { repositories: [{ state: "updated", signedBy: home.signer.keyId }] },
  });
});

test("pkg search serves a stale index with a note when the server does not answer", async (t) => {
  const { home } = await makeIndexedHome(t);
  let isSilent = false;
  const silent = createServer(async ({ url = "" }, response) => {
    if (isSilent) return;
    response.end(Buffer.from(await (await fetch(`${home.registryUrl}${url}`)).arrayBuffer()));
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;
  const config = join(home.path, "config.toml");
  const text = readFileSync(config, "utf8").replace(`url = "${home.registryUrl}`, `url = "http://127.0.0.1:${port}`);
  writeFileSync(config, `sync_interval = "0s"\n${text}`);
  assert.equal((await home.pkg(["sync"])).code, 0);
  isSilent = true;
  const startedAt = performance.now();
  const found = await home.pkg(["search", "good"]);
  assert.equal(found.code, 0);
  assert.match(found.stdout, /good/);
  assert.match(found.stderr, /note: The index of tools is .* old and could not be refreshed/);
  // Without a deadline of its own, the search would wait 30 s for an answer, and then try again.
  assert.ok(performance.now() - startedAt < 25_000);
});

test("pkg never prints text from outside raw", async (t) => {
  const { home, good, write } = await makeIndexedHome(t);
  const evil = "red \u001b[31m bell \u0007 rtl \u202e zero \u200b";
  write(JSON.stringify([{ ...good.entry, description: evil, note: [evil], pkg_id: "x" }]));
  assert.equal((await home.pkg(["sync"])).code, 0);
  for (const args of [
    ["search", "good"],
    ["info", "good"],
    ["search", "good", "--json"],
    ["install", evil],
    ["owns", evil],
    ["pull", evil],
  ]) {
    const { stdout, stderr } = await home.pkg(args);
    for (const character of "\u001b\u0007\u202e\u200b")
      assert.ok(!(stdout + stderr).includes(character), args.join(" "));
  }
});

test("pkg ends with exit code 1 when its result cannot be written", async (t) => {
  const { home } = await makeIndexedHome(t);
  const main = new URL("../../src/main.ts", import.meta.url).pathname;
  const full = openSync("/dev/full", "w");
  const { status, stderr } = spawnSync(process.execPath, [main, "repo"], {
    env: { PKG_HOME: home.path },
    stdio: ["ignore", full, "pipe"],
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, /^error: Cannot write/m);
});
