import assert from "node:assert/strict";
import { copyFileSync, existsSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import { readIndexFile } from "../../src/repository-index/index-file.ts";
import { type HostedIndex, type HostOptions, hostedIndex, startIndexHost } from "./index-host.ts";
import { makeSyncWorld } from "./sync-world.ts";

const FIRST = hostedIndex(1);
const SECOND = hostedIndex(2);
const SIZE = FIRST.bytes.length;
const CUT = 1_200_000;
/** Without waits there are no retries either: an interrupted download is left to the next run. */
const ONCE = { patience: { answerMs: 60_000, progressMs: 60_000, attempts: 1 } };

async function hostWorld(t: TestContext) {
  const [world, host] = [await makeSyncWorld(t), await startIndexHost(t)];
  world.configure(`url = "${host.url}"`);
  const partial = join(world.home, "blobs/partial");
  return { world, host, partials: () => (existsSync(partial) ? readdirSync(partial).toSorted() : []), partial };
}

/** A world where a run got a part of an index. */
async function cutWorld(t: TestContext, index: HostedIndex = FIRST) {
  const made = await hostWorld(t);
  made.host.serve(index);
  made.host.options = { cuts: [CUT] };
  await assert.rejects(made.world.sync(ONCE), { code: "BODY_TRUNCATED" });
  made.host.take();
  return made;
}

test("syncRepository() resumes an index at an address where it breaks off", async (t) => {
  const { world, host, partials } = await hostWorld(t);
  host.serve(FIRST);
  host.options = { cuts: [300_000, 300_000, 600_000, 100_000] };
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", sizeBytes: SIZE, entryCount: 400 });
  const { sent, asked } = host.take();
  assert.equal(sent, SIZE);
  const ends = [300_000, 600_000, 1_200_000, 1_300_000];
  assert.deepEqual(asked, [[null, null], ...ends.map((end) => [`bytes=${end}-`, '"v1"'])]);
  assert.deepEqual(partials(), []);
});

test("syncRepository() resumes an index at an address that another run did not finish", async (t) => {
  const { world, host, partials } = await cutWorld(t);
  const [name = "", validator] = partials();
  assert.match(name, /^download-[0-9a-f]{64}$/);
  assert.equal(validator, `${name}.validator`);
  const progress = () => world.takeEvents().flatMap((event: Event) => (event.kind === "task-progress" ? [event] : []));
  progress();
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", sizeBytes: SIZE, trust: { serial: 1 } });
  assert.deepEqual(host.take(), { sent: SIZE - CUT, asked: [[`bytes=${CUT}-`, '"v1"']] });
  assert.partialDeepStrictEqual(progress().at(-1), { bytes: SIZE, totalBytes: SIZE });
  assert.deepEqual(partials(), []);
  assert.equal((await world.sync()).state, "unchanged");
});

test("syncRepository() resumes a newer index, whatever it has already", async (t) => {
  const { world, host } = await hostWorld(t);
  host.serve(FIRST);
  await world.sync();
  host.serve(SECOND);
  host.options = { cuts: [CUT] };
  await assert.rejects(world.sync(ONCE), { code: "BODY_TRUNCATED" });
  host.take();
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { serial: 2 } });
  assert.deepEqual(host.take(), { sent: SECOND.bytes.length - CUT, asked: [[`bytes=${CUT}-`, '"v2"']] });
});

for (const etag of [null, 'W/"v1"']) {
  const named = etag ?? "no ETag";
  test(`syncRepository() starts over where the host gives ${named}, and keeps nothing`, async (t) => {
    const weak = { ...FIRST, etag };
    const { world, host, partials } = await cutWorld(t, weak);
    assert.deepEqual(partials(), []);
    host.options = { cuts: [CUT] };
    assert.partialDeepStrictEqual(await world.sync(), { state: "updated", sizeBytes: SIZE });
    const whole = [null, null];
    assert.deepEqual(host.take(), { sent: CUT + SIZE, asked: [whole, whole] });
  });
}

test("syncRepository() starts over where the host ignores ranges", async (t) => {
  const { world, host } = await cutWorld(t);
  host.options = { ignoresRange: true, cuts: [CUT + 100_000] };
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", sizeBytes: SIZE });
  assert.equal(host.take().sent, CUT + 100_000 + SIZE);
});

test("syncRepository() starts over when the index has changed since it was cut off", async (t) => {
  const { world, host } = await cutWorld(t);
  host.serve(SECOND);
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { serial: 2 } });
  assert.deepEqual(host.take(), { sent: SECOND.bytes.length, asked: [[`bytes=${CUT}-`, '"v1"']] });
});

test("syncRepository() starts over when the index changes while it is fetched", async (t) => {
  const longer = { ...SECOND, bytes: Buffer.concat([SECOND.bytes, Buffer.alloc(SIZE, " ")]), etag: null };
  const { world, host } = await hostWorld(t);
  host.serve(FIRST, longer, FIRST);
  host.options = { cuts: [CUT, 100_000, 100_000] };
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { serial: 1 } });
  assert.deepEqual(host.take().asked, [
    [null, null],
    [`bytes=${CUT}-`, '"v1"'],
    [null, null],
    ["bytes=100000-", '"v1"'],
  ]);
});

test("readIndexFile() takes a longer index that has replaced the one it was fetching", async (t) => {
  const longer = { ...SECOND, bytes: Buffer.concat([SECOND.bytes, Buffer.alloc(SIZE, " ")]) };
  const { world, host } = await hostWorld(t);
  host.serve(FIRST, longer);
  host.options = { cuts: [CUT] };
  const { bytes } = await readIndexFile(world.context(), host.url, world.home);
  assert.ok(bytes.equals(longer.bytes));
});

/** What a host may answer to a request for the rest of FIRST when it has SECOND by now. */
const WRONG_PARTS: Readonly<Record<string, HostOptions>> = {
  "a part of another version": { ignoresIfRange: true },
  "a part without an ETag": { ignoresIfRange: true, partHeaders: ({ etag: _, ...rest }) => rest },
  "a part with a weak ETag": { ignoresIfRange: true, partHeaders: (headers) => ({ ...headers, etag: 'W/"v1"' }) },
  "a part from elsewhere": {
    ignoresIfRange: true,
    partHeaders: (headers) => ({
      ...headers,
      etag: '"v1"',
      "content-range": `bytes ${CUT + 1}-${SECOND.bytes.length}/${SECOND.bytes.length + 1}`,
    }),
  },
  "a part that does not say of how much": {
    ignoresIfRange: true,
    partHeaders: (headers) => ({
      ...headers,
      etag: '"v1"',
      "content-range": `bytes ${CUT}-${SECOND.bytes.length - 1}/*`,
    }),
  },
};

for (const [name, options] of Object.entries(WRONG_PARTS)) {
  test(`readIndexFile() takes nothing of ${name}, and starts over`, async (t) => {
    const { world, host } = await cutWorld(t);
    host.serve(SECOND);
    host.options = options;
    const { bytes } = await readIndexFile(world.context(), host.url, world.home);
    assert.ok(bytes.equals(SECOND.bytes));
    assert.deepEqual(host.take().asked, [
      [`bytes=${CUT}-`, '"v1"'],
      [null, null],
    ]);
  });
}

test("readIndexFile() resumes what syncRepository() did not finish", async (t) => {
  const { world, host, partials } = await cutWorld(t);
  const { bytes } = await readIndexFile(world.context(), host.url, world.home);
  assert.ok(bytes.equals(FIRST.bytes));
  assert.equal(host.take().sent, SIZE - CUT);
  assert.deepEqual(partials(), []);
});

test("syncRepository() starts over where the host has no more bytes than were received", async (t) => {
  const { world, host } = await cutWorld(t);
  const short = Buffer.from(FIRST.bytes.subarray(0, CUT));
  host.serve({ ...FIRST, bytes: short }, SECOND);
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { serial: 2 } });
});

test("syncRepository() fetches an index anew whose host gives two versions one ETag", async (t) => {
  const { world, host, partials } = await cutWorld(t);
  host.serve({ ...SECOND, etag: '"v1"' });
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { serial: 2 } });
  assert.deepEqual(host.take().asked, [
    [`bytes=${CUT}-`, '"v1"'],
    [null, null],
  ]);
  assert.deepEqual(partials(), []);
});

test("syncRepository() fetches an index anew whose resumed bytes cannot be read", async (t) => {
  const { world, host } = await cutWorld(t);
  host.serve({ ...FIRST, bytes: Buffer.alloc(SIZE) }, FIRST);
  assert.partialDeepStrictEqual(await world.sync(), { state: "updated", trust: { serial: 1 } });
  host.serve({ ...SECOND, bytes: Buffer.alloc(SIZE) }, SECOND);
  await assert.rejects(world.sync(), { code: "INDEX_INVALID" });
});

test("syncRepository() resumes the index of the same address alone", async (t) => {
  const { world, host, partials } = await cutWorld(t);
  world.configure(`url = "${host.url}?other"`);
  await world.sync();
  assert.deepEqual(host.take(), { sent: SIZE, asked: [[null, null]] });
  assert.equal(partials().length, 2);
});

test("syncRepository() resumes no bytes with the ETag of others", async (t) => {
  const { world, host, partials, partial } = await cutWorld(t);
  const [name = ""] = partials();
  copyFileSync(join(partial, name), join(partial, "other"));
  renameSync(join(partial, "other"), join(partial, name));
  await world.sync();
  assert.deepEqual(host.take(), { sent: SIZE, asked: [[null, null]] });
});

test("readIndexFile() keeps nothing under the ETag of an answer that nothing came of", async (t) => {
  const { world, host, partials } = await hostWorld(t);
  host.serve(FIRST, { ...SECOND, etag: null });
  host.options = { cuts: [0, CUT, -1, -1] };
  const context = world.context();
  const policy = { ...context.retry.policy, attempts: 2 };
  const twice = { ...context, retry: { ...context.retry, policy } };
  await assert.rejects(readIndexFile(twice, host.url, world.home), { code: "NETWORK_FAILED" });
  assert.equal(host.take().sent, CUT);
  assert.deepEqual(partials(), []);
});

test("readIndexFile() reads an index where the home can keep no part of it", async (t) => {
  const { world, host } = await hostWorld(t);
  host.serve(FIRST);
  writeFileSync(join(world.home, "blobs"), "not a directory");
  host.options = { cuts: [CUT] };
  const { bytes } = await readIndexFile(world.context(), host.url, world.home);
  assert.ok(bytes.equals(FIRST.bytes));
  assert.equal(host.take().sent, SIZE);
});

test("syncRepository() refuses an index that is too large before it has come", async (t) => {
  const { world, host } = await cutWorld(t);
  host.options = {
    partHeaders: (headers) => ({
      ...headers,
      "content-range": `bytes ${CUT}-${CUT + 9}/600000000`,
      "content-length": 10,
    }),
  };
  await assert.rejects(world.sync(), { code: "INDEX_TOO_LARGE" });
});
