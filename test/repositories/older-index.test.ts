import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createSigner } from "../support/minisign-signer.ts";
import { indexText, makeKeySet, packed, signIndex } from "../support/signed-index.ts";
import { makeSyncWorld, NOW, type Served, type SyncWorld } from "./sync-world.ts";

const [a, b, c] = [createSigner(), createSigner(), createSigner()];
const SECONDS = NOW / 1000;

/** A list of the oldest form with one package, of a version. */
function list(version: string): Buffer {
  const entry = { pkg_name: "tool", pkg: "tool", version, ghcr_pkg: `ghcr.io/a/tool:${version}-x86_64-Linux` };
  return Buffer.from(JSON.stringify([{ ...entry, shasum: "a".repeat(64) }]));
}

const unsigned = (version: string): Served => ({ index: list(version), signatures: null });

/** Signed by each of `signers` at a time, in seconds since the epoch; null: its signatures state none. */
function signedList(version: string, signers = [a], seconds: number | null = SECONDS): Served {
  const index = list(version);
  const trustedComment = seconds === null ? "no time" : `timestamp:${seconds}\tfile:index.json.zst\thashed`;
  return { index, signatures: Buffer.concat(signers.map((key) => key.sign(index, "", { trustedComment }))) };
}

function keys(...signers: readonly { readonly publicKey: string }[]): string {
  return `keys = [${signers.map(({ publicKey }) => `"${publicKey}"`).join(", ")}]`;
}

/** A world whose repository has taken what is served. */
async function syncedWorld(t: TestContext, config: string, served: Served): Promise<SyncWorld> {
  const world = await makeSyncWorld(t);
  world.configure(config);
  world.serve(served);
  await world.sync();
  return world;
}

async function refuses(world: SyncWorld, code: string, message: RegExp): Promise<void> {
  const before = await world.state();
  await assert.rejects(world.sync({ force: true }), { code, message });
  assert.equal(await world.state(), before);
}

test("syncRepository() takes no list of an older form that the keys in the config did not sign", async (t) => {
  const table: readonly (readonly [string, Served, string])[] = [
    [keys(a), unsigned("1.0"), "SIGNATURE_MISSING"],
    [keys(a), signedList("1.0", [b]), "SIGNATURE_UNTRUSTED"],
    [`${keys(a, b)}\nthreshold = 2`, signedList("1.0", [a, a]), "SIGNATURE_MISSING"],
    [`${keys(a)}\nrequire = ["digest"]`, unsigned("1.0"), "SIGNATURE_MISSING"],
  ];
  for (const [config, served, code] of table) {
    const world = await makeSyncWorld(t);
    world.configure(config);
    world.serve(served);
    await assert.rejects(world.sync(), { code }, config);
    assert.equal(await world.state(), "no index null");
  }
  const both = await syncedWorld(t, `${keys(a, b)}\nthreshold = 2`, signedList("1.0", [a, b]));
  assert.notEqual(await both.state(), "no index null");
});

test("syncRepository() takes an unsigned list if the config says that the keys sign only its packages", async (t) => {
  const world = await syncedWorld(t, `${keys(a)}\nsigned_index = false`, unsigned("1.0"));
  world.serve(unsigned("2.0"));
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", signedBy: null });
});

test("syncRepository() takes no unsigned list once it was signed, whatever the config says then", async (t) => {
  const configs = ["", "keys = []", `${keys(a)}\nsigned_index = false`, 'url = "file:///nowhere"'];
  for (const config of configs) {
    const world = await syncedWorld(t, keys(a), signedList("1.0"));
    world.configure(config.includes("url") ? `url = "${world.url.replace("/index", "/elsewhere/index")}"` : config);
    world.serve(unsigned("2.0"));
    await refuses(world, "SIGNATURE_MISSING", /it was signed before/);
    world.serve(signedList("2.0", [b]));
    await refuses(world, "SIGNATURE_UNTRUSTED", /the keys that signed it before/);
    world.serve(signedList("2.0"));
    assert.partialDeepStrictEqual(await world.sync(), { state: "updated", signedBy: a.keyId });
  }
});

test("syncRepository() takes no unsigned list in place of a signed index, whose state is lost", async (t) => {
  const keySets = [makeKeySet({ keys: [a] })];
  const index = packed(indexText({ issuedMs: NOW, keySets }));
  for (const served of [{ index, signatures: signIndex(index, [a]) }, signedList("1.0")]) {
    const world = await syncedWorld(t, served.index === index ? "" : keys(a), served);
    const trust = await world.context().trust();
    trust.forget("tools");
    trust.owners.retire("tools", NOW);
    world.configure("");
    world.serve(unsigned("9.0"));
    await refuses(world, "SIGNATURE_MISSING", /it was signed before/);
  }
});

test("syncRepository() takes a list that other keys in the config have signed: a person has decided again", async (t) => {
  const world = await syncedWorld(t, keys(a), signedList("1.0"));
  world.configure(keys(b));
  world.serve(signedList("2.0", [b], SECONDS - 100));
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", signedBy: b.keyId });
  world.configure("");
  world.serve(signedList("3.0", [a]));
  await refuses(world, "SIGNATURE_UNTRUSTED", /the keys that signed it before/);
});

test("syncRepository() takes no signed list whose signatures are older than those seen before", async (t) => {
  const world = await syncedWorld(t, keys(a), signedList("2.0", [a], SECONDS - 10));
  world.serve(signedList("1.0", [a], SECONDS - 11));
  await refuses(world, "INDEX_ROLLED_BACK", /its signature is of .*, and one of .* was seen before/);
  world.serve(signedList("1.0", [a], null));
  await refuses(world, "INDEX_ROLLED_BACK", /its signature states no time/);
  world.serve(signedList("2.1", [a], SECONDS - 10));
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated" });
});

test("syncRepository() lets keys that are too few make no older list look newer", async (t) => {
  const world = await syncedWorld(t, `${keys(a, b, c)}\nthreshold = 2`, signedList("2.0", [a, b], SECONDS - 10));
  const [old, renewed] = [signedList("1.0", [a, b], SECONDS - 20), signedList("1.0", [c], SECONDS)];
  world.serve({
    index: old.index,
    signatures: Buffer.concat([old.signatures ?? "", renewed.signatures ?? ""].map(Buffer.from)),
  });
  await refuses(world, "INDEX_ROLLED_BACK", /was seen before/);
});

test("syncRepository() is not shut out by a signature from the future", async (t) => {
  const world = await syncedWorld(t, keys(a), signedList("1.0", [a], SECONDS + 10 ** 8));
  world.setClock(NOW + 1000);
  world.serve(signedList("2.0", [a], SECONDS + 1));
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated" });
});

test("syncRepository() takes no index with keys of its own in place of a signed list, unless the list's keys signed it", async (t) => {
  const own = (...signers: readonly (typeof a)[]): Served => {
    const index = packed(indexText({ issuedMs: NOW, keySets: [makeKeySet({ keys: [c] })] }));
    return { index, signatures: signIndex(index, signers) };
  };
  const world = await syncedWorld(t, keys(a), signedList("1.0"));
  world.configure("");
  world.serve(own(c));
  await refuses(world, "SIGNATURE_UNTRUSTED", /expected 1 of the keys/);
  world.serve(own(c, a));
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { pinning: "given" } });
});
