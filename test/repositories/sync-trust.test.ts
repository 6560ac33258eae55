import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { zstdCompressSync } from "node:zlib";
import { hashHex } from "../../src/base/hashes.ts";
import { sha256Digest } from "../../src/oci/digest.ts";
import { syncRepository } from "../../src/repositories/sync.ts";
import { parsePublicKey } from "../../src/verify/minisign.ts";
import { createSigner, type Signer } from "../support/minisign-signer.ts";
import { type IndexFacts, indexText, makeKeySet, packed, signIndex } from "../support/signed-index.ts";
import { makeSyncWorld, NOW, type Served, type SyncWorld } from "./sync-world.ts";

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const [a, b, c, d] = Array.from({ length: 4 }, () => createSigner()) as [Signer, Signer, Signer, Signer];
const ONE = [makeKeySet({ keys: [a] })];
const TWO_OF_THREE = [makeKeySet({ threshold: 2, keys: [a, b, c], signers: [a, b] })];

function signed(facts: Partial<IndexFacts> = {}, signers: readonly Signer[] = [a]): Served {
  const index = packed(indexText({ issuedMs: NOW, keySets: ONE, ...facts }));
  return { index, signatures: signIndex(index, signers) };
}

/** A world that has pinned the index it serves. */
async function pinnedWorld(t: TestContext, served: Served = signed()): Promise<SyncWorld> {
  const world = await makeSyncWorld(t);
  world.serve(served);
  await world.sync();
  world.takeRequests();
  world.takeEvents();
  return world;
}

function messages(world: SyncWorld): readonly string[] {
  return world.takeEvents().flatMap((event) => ("message" in event ? [`${event.kind}: ${event.message}`] : []));
}

test("syncRepository() pins the keys of a signed index on first use, and says which", async (t) => {
  const world = await makeSyncWorld(t);
  world.serve(signed());
  assert.partialDeepStrictEqual(await world.sync(), {
    state: "updated",
    entryCount: 1,
    signedBy: a.keyId,
    trust: { identity: "registry.example/me/index", serial: 1, threshold: 1, pinning: "first use" },
  });
  assert.partialDeepStrictEqual(await world.pinned(), {
    repository: "registry.example/me/index",
    serial: 1,
    issuedMs: NOW,
    keySet: { version: 1, threshold: 1, keys: [a.publicKey] },
    givenKeys: [],
    pinnedMs: NOW,
  });
  const [note = ""] = messages(world);
  assert.match(note, /pinned on first use/);
  assert.ok(note.includes(a.publicKey));
});

test("syncRepository() sends one request when nothing has changed, two when something has", async (t) => {
  const world = await pinnedWorld(t);
  assert.equal((await world.sync()).state, "unchanged");
  assert.deepEqual(world.takeRequests(), ["GET /index.json.zst"]);
  world.serve(signed({ serial: 2 }));
  await world.sync();
  assert.deepEqual(world.takeRequests(), ["GET /index.json.zst", "GET /index.json.zst.sig"]);
});

const NEXT: Readonly<Record<string, Served>> = {
  "the next serial": signed({ serial: 2 }),
  "a serial much higher": signed({ serial: 2 ** 53 - 1 }),
  "the same serial and document again": signed(),
  "the same document, packed otherwise": (() => {
    const index = zstdCompressSync(indexText({ issuedMs: NOW, keySets: ONE }), { params: { 100: 19, 201: 1 } });
    return { index, signatures: signIndex(index, [a]) };
  })(),
  "the same document, not packed": (() => {
    const index = indexText({ issuedMs: NOW, keySets: ONE });
    return { index, signatures: signIndex(index, [a], "index.json") };
  })(),
  "signed by others as well": signed({ serial: 2 }, [b, a, c]),
  "issued in nine minutes": signed({ serial: 2, issuedMs: NOW + 9 * MINUTE_MS }),
  "expired for nine minutes": signed({ serial: 2, issuedMs: NOW - DAY_MS, expiresMs: NOW - 9 * MINUTE_MS }),
  "good for 400 days": signed({ serial: 2, expiresMs: NOW + 400 * DAY_MS }),
  "issued before the one that is pinned": signed({ serial: 2, issuedMs: NOW - DAY_MS }),
  "with no packages": signed({ serial: 2, packages: [] }),
};

test("syncRepository() accepts a good index if clocks differ within the limit", async (t) => {
  for (const [name, served] of Object.entries(NEXT)) {
    await t.test(name, async (inner) => {
      const world = await pinnedWorld(inner);
      world.serve(served);
      assert.partialDeepStrictEqual(await world.sync({ force: true }), {
        state: "updated",
        trust: { pinning: "kept" },
      });
    });
  }
});

test("syncRepository() takes an index by any two of three keys", async (t) => {
  const world = await pinnedWorld(t, signed({ keySets: TWO_OF_THREE }, [a, b]));
  const pairs: readonly (readonly Signer[])[] = [
    [a, c],
    [c, b],
    [b, a],
    [a, b, c],
  ];
  for (const [position, signers] of pairs.entries()) {
    const serial = position + 2;
    world.serve(signed({ serial, keySets: TWO_OF_THREE }, signers));
    assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { serial, threshold: 2 } });
  }
});

test("syncRepository() follows new keys over several sets that it never saw", async (t) => {
  const world = await pinnedWorld(t);
  const keySets = [
    ...ONE,
    makeKeySet({ version: 2, keys: [a, b], threshold: 2, signers: [a, b] }),
    makeKeySet({ version: 3, keys: [b, c], threshold: 2, signers: [a, b, c] }),
    makeKeySet({ version: 4, keys: [d], signers: [b, c, d] }),
  ];
  world.serve(signed({ serial: 9, keySets }, [d]));
  assert.partialDeepStrictEqual(await world.sync(), {
    state: "updated",
    trust: { keySetVersion: 4, pinning: "rotated" },
  });
  assert.deepEqual((await world.pinned())?.keySet, { version: 4, threshold: 1, keys: [d.publicKey] });
  assert.match(messages(world).join("\n"), /note: tools: the keys of .* have changed, signed by those before/);
  world.serve(signed({ serial: 10, keySets }, [a]));
  await assert.rejects(world.sync(), { code: "SIGNATURE_UNTRUSTED" });
});

test("syncRepository() requests index and signatures once more when the host was updated in between", async (t) => {
  const world = await pinnedWorld(t);
  const [older, newer] = [signed({ serial: 2 }), signed({ serial: 3 })];
  world.serve({ index: older.index, signatures: newer.signatures }, newer);
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { serial: 3 } });
  assert.equal(world.takeRequests().length, 4);
  world.serve({ index: newer.index, signatures: older.signatures });
  await assert.rejects(world.sync({ force: true }), { code: "SIGNATURE_INVALID" });
  assert.equal(world.takeRequests().length, 4);
});

test("syncRepository() keeps the pinned keys when the address changes, and refuses an index with another name", async (t) => {
  const world = await pinnedWorld(t, signed({ serial: 5 }));
  const file = join(world.home, "elsewhere.json.zst");
  const write = ({ index, signatures }: Served) => {
    writeFileSync(file, index);
    writeFileSync(`${file}.sig`, signatures ?? "");
  };
  world.configure(`url = "file://${file}"`);
  write(signed({ serial: 4 }));
  await assert.rejects(world.sync(), { code: "INDEX_ROLLED_BACK" });
  write(signed({ serial: 6 }));
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { pinning: "kept" } });
  const repository = "registry.example/you/index";
  write(signed({ repository, serial: 7, keySets: [makeKeySet({ repository, keys: [a] })] }));
  await assert.rejects(world.sync(), { code: "INDEX_MISMATCH" });
});

test("syncRepository() refuses an index that has expired although the host says that it is unchanged", async (t) => {
  const world = await pinnedWorld(t);
  const before = await world.state();
  world.setClock(NOW + 31 * DAY_MS);
  await assert.rejects(world.sync(), { code: "INDEX_EXPIRED", message: /expired at 2026-03-31T12:00:00Z/ });
  assert.equal(await world.state(), before);
  assert.equal((await world.sync({ allowStale: true })).state, "unchanged");
  world.setClock(NOW - DAY_MS);
  await assert.rejects(world.sync({ allowStale: true }), { code: "CLOCK_WRONG" });
});

test("syncRepository() takes an index that has expired when that is allowed, and says so", async (t) => {
  const world = await pinnedWorld(t);
  world.serve(signed({ serial: 2, issuedMs: NOW - 2 * DAY_MS, expiresMs: NOW - DAY_MS }));
  await assert.rejects(world.sync(), { code: "INDEX_EXPIRED", hint: /--allow-stale/ });
  assert.partialDeepStrictEqual(await world.sync({ allowStale: true }), { state: "updated", trust: { serial: 2 } });
  assert.match(messages(world).join("\n"), /warning: tools: its index expired at 2026-02-28T12:00:00Z/);
});

test("syncRepository() takes an index that is remembered already, after a crash before it was in place", async (t) => {
  const world = await pinnedWorld(t);
  const before = await world.pinned();
  assert.ok(before !== null);
  const text = indexText({ issuedMs: NOW, keySets: ONE, serial: 2 });
  world.serve(signed({ serial: 2 }));
  const digest = sha256Digest(hashHex("sha256", text));
  (await world.context().trust()).advance({ ...before, serial: 2, digest }, before);
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { serial: 2 } });
});

test("syncRepository() fetches an index again when it is not the one that is remembered", async (t) => {
  const world = await pinnedWorld(t);
  (await world.context().trust()).forget("tools");
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { pinning: "first use" } });
});

interface FirstUse {
  readonly config: string;
  readonly served: Served;
  readonly code: string;
  readonly message: RegExp;
}

const keys = (...signers: readonly Signer[]) =>
  `keys = [${signers.map(({ publicKey }) => `"${publicKey}"`).join(", ")}]`;

const FIRST_USE: Readonly<Record<string, FirstUse>> = {
  "by none of the keys in the config": {
    config: keys(b),
    served: signed(),
    code: "SIGNATURE_UNTRUSTED",
    message: /expected 1 of the keys in the config: ".{16}"/,
  },
  "by too few of the keys in the config": {
    config: `${keys(a, b)}\nthreshold = 2`,
    served: signed(),
    code: "SIGNATURE_MISSING",
    message: /signed by 1 of the keys in the config \(".{16}"\), expected 2/,
  },
  "by keys in the config that its own set does not ask for": {
    config: keys(b),
    served: signed({}, [b]),
    code: "SIGNATURE_UNTRUSTED",
    message: /expected 1 of the keys of its set 1/,
  },
  "by fewer of its own keys than the config asks for": {
    config: `${keys(a, b)}\nthreshold = 2`,
    served: signed({}, [a, b]),
    code: "SIGNATURE_MISSING",
    message: /signed by 1 of the keys of its set 1/,
  },
  "by a stranger": {
    config: "",
    served: signed({}, [b]),
    code: "SIGNATURE_UNTRUSTED",
    message: /expected 1 of the keys of its set 1/,
  },
  "with a first set that did not sign itself": {
    config: "",
    served: signed({ keySets: [makeKeySet({ keys: [a], signers: [b] })] }),
    code: "INDEX_INVALID",
    message: /key set 1 is signed by 0 of the keys of set 1, expected 1/,
  },
  "with a second set that the first did not sign": {
    config: "",
    served: signed({ keySets: [...ONE, makeKeySet({ version: 2, keys: [b] })] }, [b]),
    code: "INDEX_INVALID",
    message: /key set 2 is signed by 0 of the keys of set 1, expected 1/,
  },
  "with no signature": {
    config: "",
    served: { ...signed(), signatures: null },
    code: "SIGNATURE_MISSING",
    message: /its index has no signature/,
  },
  "that has expired": {
    config: "",
    served: signed({ issuedMs: NOW - 2 * DAY_MS, expiresMs: NOW - DAY_MS }),
    code: "INDEX_EXPIRED",
    message: /expired/,
  },
  "of the older form by too few of the keys in the config": {
    config: `${keys(a, b)}\nthreshold = 2\nsigned_index = true`,
    served: (() => {
      const index = Buffer.from("[]");
      return { index, signatures: signIndex(index, [a, a]) };
    })(),
    code: "SIGNATURE_MISSING",
    message: /signed by 1 of the keys in the config/,
  },
};

test("syncRepository() refuses to pin an index", async (t) => {
  for (const [name, { config, served, code, message }] of Object.entries(FIRST_USE)) {
    await t.test(name, async (inner) => {
      const world = await makeSyncWorld(inner);
      world.configure(config);
      world.serve(served);
      await assert.rejects(world.sync(), { code, message });
      assert.equal(await world.state(), "no index null");
    });
  }
});

test("syncRepository() pins by the keys in the config, which are asked only then", async (t) => {
  const world = await makeSyncWorld(t);
  world.configure(keys(a));
  world.serve(signed());
  assert.partialDeepStrictEqual(await world.sync(), { trust: { pinning: "given" } });
  const keySets = [...ONE, makeKeySet({ version: 2, keys: [b], signers: [a, b] })];
  world.serve(signed({ serial: 2, keySets }, [b]));
  assert.partialDeepStrictEqual(await world.sync(), { trust: { pinning: "rotated" } });
  assert.deepEqual((await world.pinned())?.givenKeys, [a.publicKey]);
});

test("syncRepository() pins again when the config has other keys, and checks an unchanged index with them", async (t) => {
  const world = await pinnedWorld(t, signed({ serial: 5 }));
  world.configure(keys(b));
  await assert.rejects(world.sync(), { code: "SIGNATURE_UNTRUSTED", message: /the keys in the config/ });
  const keySets = [makeKeySet({ keys: [b] })];
  world.serve(signed({ serial: 4, keySets }, [b]));
  await assert.rejects(world.sync(), { code: "INDEX_ROLLED_BACK" });
  world.serve(signed({ serial: 6, keySets }, [b]));
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { pinning: "given" } });
  assert.deepEqual((await world.pinned())?.keySet.keys, [b.publicKey]);
});

test("sync() of keys that a person accepts pins them, when they are exactly those of the index", async (t) => {
  const world = await pinnedWorld(t, signed({ serial: 5 }));
  const accepting = (...signers: readonly Signer[]) =>
    world.sync({ accepted: signers.map(({ publicKey }) => parsePublicKey(publicKey)) });
  const keySets = [makeKeySet({ keys: [b, c] })];
  world.serve(signed({ serial: 6, keySets }, [b]));
  await assert.rejects(world.sync(), { code: "KEYS_CHANGED", hint: /pkg repo trust tools --accept-keys/ });
  for (const wrong of [[b], [b, c, d], [b, d], [a]])
    await assert.rejects(accepting(...wrong), { code: "KEYS_CHANGED" });
  world.serve(signed({ serial: 4, keySets }, [b]));
  await assert.rejects(accepting(b, c), { code: "INDEX_ROLLED_BACK" });
  world.serve({ index: Buffer.from("[]"), signatures: null });
  await assert.rejects(accepting(b, c), { code: "KEYS_CHANGED" });
  world.serve(signed({ serial: 6, keySets }, [b]));
  assert.partialDeepStrictEqual(await accepting(c, b), { state: "updated", trust: { pinning: "accepted" } });
  assert.deepEqual((await world.pinned())?.keySet.keys, [b.publicKey, c.publicKey]);
});

test("syncRepository() takes no index whose key sets from before the pinned one are made up", async (t) => {
  const second = makeKeySet({ version: 2, keys: [b], signers: [a, b] });
  const world = await pinnedWorld(t, signed({ keySets: [...ONE, second] }, [b]));
  const before = await world.state();
  // A set of others at the beginning would let it pass for the repository that has these keys.
  world.serve(signed({ serial: 2, keySets: [makeKeySet({ keys: [c] }), second] }, [b]));
  await assert.rejects(world.sync(), {
    code: "INDEX_INVALID",
    message: /key set 2 is signed by 0 of the keys of set 1/,
  });
  assert.equal(await world.state(), before);
});

test("syncRepository() takes no unsigned list for an address whose keys are pinned under another name", async (t) => {
  const world = await pinnedWorld(t);
  world.serve({ index: Buffer.from("[]"), signatures: null });
  for (const url of [world.url, `${world.url}?`, world.url.replace("/index", "/%69ndex")]) {
    world.configure(`url = "${world.url}"\n[repositories.other]\nurl = "${url}"`);
    const other = world.context().config.repositories.find(({ name }) => name === "other");
    assert.ok(other !== undefined);
    const syncing = syncRepository(world.context(), other, { force: true });
    await assert.rejects(syncing, { code: "KEYS_CHANGED", message: /its index names no keys/ }, url);
  }
});

test("syncRepository() pins no other keys than those of the index in place when the state is lost", async (t) => {
  const world = await pinnedWorld(t);
  const trust = await world.context().trust();
  trust.forget("tools");
  trust.owners.retire("tools", NOW);
  const before = await world.state();
  world.serve(signed({ serial: 9, keySets: [makeKeySet({ keys: [c] })] }, [c]));
  await assert.rejects(world.sync(), { code: "KEYS_CHANGED", message: /not those of "tools"/ });
  assert.equal(await world.state(), before);
  world.serve(signed({ serial: 2 }));
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { pinning: "first use" } });
});

test("syncRepository() pins no other keys under a new name for an index that is known by its address or identity", async (t) => {
  const world = await pinnedWorld(t);
  const evil = signed({ serial: 9, keySets: [makeKeySet({ keys: [c] })] }, [c]);
  world.serve(evil);
  const tables = [world.url, world.url.replace("/index", "/./index"), `file://${join(world.home, "evil.zst")}`];
  writeFileSync(join(world.home, "evil.zst"), evil.index);
  writeFileSync(join(world.home, "evil.zst.sig"), evil.signatures ?? "");
  const syncOther = (url: string, keys: string) => {
    world.configure(`url = "${world.url}"\n[repositories.other]\nurl = "${url}"\n${keys}`);
    const other = world.context().config.repositories.find(({ name }) => name === "other");
    assert.ok(other !== undefined);
    return syncRepository(world.context(), other, { force: true });
  };
  for (const url of tables) {
    await assert.rejects(syncOther(url, ""), { code: "KEYS_CHANGED", message: /not those of "tools"/ }, url);
  }
  const given = await syncOther(world.url, `keys = ["${c.publicKey}"]`);
  assert.partialDeepStrictEqual(given, { state: "updated", trust: { pinning: "given" } });
});
