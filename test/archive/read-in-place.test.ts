import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { EntryTree } from "../../src/archive/entry-tree.ts";
import { PACKAGE_LIMITS } from "../../src/archive/extract-limits.ts";
import { readMembers } from "../../src/archive/read-members.ts";
import { HOSTILE_TARS } from "./hostile-tars.ts";
import { entryBytes, tarOf } from "./tar-builder.ts";

const { signal } = new AbortController();
const large = Buffer.alloc(3_000_000, "large ");
const sound = tarOf(
  { path: "empty" },
  { path: "small", body: "small" },
  { path: "large", body: large },
  { path: "block", body: "b".repeat(512) },
);
const CUT_OFF = { bytes: entryBytes({ path: "a", body: large }).subarray(0, -1000) };

test("readMembers() gives bodies whole, as they are read in parts, from any source", async () => {
  const expected = await contentOf(sound, 100_000, false);
  assert.deepEqual(expected, { empty: "", small: "small", large: large.toString(), block: "b".repeat(512) });
  for (const bytes of [sound, gzipSync(sound)])
    for (const size of [700, 256 * 1024, bytes.length]) assert.deepEqual(await contentOf(bytes, size, true), expected);
});

test("readMembers() refuses a body that is cut off when it is asked for whole", async () => {
  assert.match(await problemOf(CUT_OFF.bytes, true), /it is cut off$/);
});

test("readMembers() tells a compressed file from a compressed tar in place as it does otherwise", async () => {
  for (const bytes of [
    gzipSync(sound),
    gzipSync(large),
    gzipSync(""),
    gzipSync("few"),
    gzipSync(large).subarray(0, -10),
  ]) {
    const read = (isTransient: boolean) => textsOf(bytes, { isTransient, single: "single" }).catch(String);
    assert.deepEqual(await read(true), await read(false));
  }
});

for (const [what, { bytes }] of Object.entries({ ...HOSTILE_TARS, "cut-in-large": CUT_OFF })) {
  test(`readMembers() says of a hostile tar in place what it says otherwise: ${what}`, async () => {
    const expected = await problemOf(bytes, false);
    assert.equal(await problemOf(bytes, true), expected);
    assert.equal(await problemOf(gzipSync(bytes), true), expected);
  });
}

async function problemOf(bytes: Buffer, isWhole: boolean): Promise<string> {
  return await contentOf(bytes, 10_000, isWhole).then(() => "", String);
}

async function contentOf(bytes: Buffer, size: number, isWhole: boolean): Promise<Record<string, string>> {
  const request = {
    root: null,
    sha256: null,
    tree: new EntryTree(),
    limits: PACKAGE_LIMITS,
    signal,
    isTransient: isWhole,
  };
  const found: Record<string, string> = {};
  for await (const member of readMembers({ ...request, source: chunksOf(bytes, size) })) {
    if (member.kind !== "file") continue;
    const content = isWhole ? await member.body.whole?.() : Buffer.concat(await Array.fromAsync(member.body));
    found[member.path] = content?.toString() ?? "not whole";
  }
  return found;
}

async function textsOf(bytes: Buffer, options: { readonly isTransient: boolean; readonly single: string }) {
  const request = { root: null, sha256: null, tree: new EntryTree(), limits: PACKAGE_LIMITS, signal, ...options };
  const found: Record<string, string> = {};
  for await (const member of readMembers({ ...request, source: chunksOf(bytes, 10_000) })) {
    const parts = member.kind === "file" ? Array.fromAsync(member.body, (part) => Buffer.from(part)) : [];
    found[member.path] = Buffer.concat(await parts).toString();
  }
  return found;
}

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
