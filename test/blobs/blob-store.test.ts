import assert from "node:assert/strict";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { suite, type TestContext, test } from "node:test";
import { endHashThread } from "../../src/base/hash-thread.ts";
import { hashHex } from "../../src/base/hashes.ts";
import { THREAD_BYTES } from "../../src/base/stream-hash.ts";
import { type BlobStore, createBlobStore, type IngestRequest } from "../../src/blobs/blob-store.ts";
import { type ErrorCode, PkgError } from "../../src/errors.ts";
import { digestHex, parseDigest } from "../../src/oci/digest.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { digestOf, sampleBytes, sourceOf } from "./blob-sources.ts";

const MIB = 1024 * 1024;
const BIG = sampleBytes(3 * MIB + 12_345);
const SMALL = sampleBytes(1000);
const signal = new AbortController().signal;

function open(t: TestContext): { readonly store: BlobStore; readonly root: string; readonly retries: PkgError[] } {
  const root = join(tempDirectory(t), "blobs");
  const retries: PkgError[] = [];
  const store = createBlobStore({
    root,
    retry: { attempts: 3, patienceMs: 60_000, baseMs: 1, capMs: 1 },
    random: () => 0,
    onRetry: (error) => retries.push(error),
  });
  return { store, root, retries };
}

type Asked = Partial<IngestRequest> & Pick<IngestRequest, "source">;

function request(bytes: Buffer, asked: Asked): IngestRequest {
  return { digest: digestOf(bytes), size: bytes.byteLength, maxBytes: 1024 * MIB, hashes: [], signal, ...asked };
}

function partials(root: string): readonly string[] {
  return existsSync(join(root, "partial")) ? readdirSync(join(root, "partial")).toSorted() : [];
}

async function rejects(work: Promise<unknown>, code: ErrorCode): Promise<PkgError> {
  const error = await work.then(
    () => assert.fail(`expected ${code}`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof PkgError, String(error));
  assert.equal(error.code, code, error.message);
  return error;
}

suite("ingest()", () => {
  test("ingest() hashes what has arrived again, and goes on, when the thread that hashes is lost", async (t) => {
    const { store } = open(t);
    const bytes = Buffer.alloc(THREAD_BYTES, BIG);
    const offsets: number[] = [];
    const source = async ({ offset }: { readonly offset: number }) => {
      offsets.push(offset);
      const body = async function* () {
        yield bytes.subarray(offset, bytes.length / 2);
        if (offset === 0) await endHashThread();
        yield bytes.subarray(Math.max(offset, bytes.length / 2));
      };
      return { body: body(), offset, size: bytes.length, validator: null };
    };
    const stored = await store.ingest(request(bytes, { source, hashes: ["blake2b512"] }));
    assert.equal(stored.hashes.blake2b512, hashHex("blake2b512", bytes));
    assert.ok(readFileSync(store.pathOf(stored.digest)).equals(bytes));
    assert.equal(offsets.length, 2);
    assert.ok((offsets[1] ?? 0) > 0, "it goes on where it was");
  });

  for (const length of [0, 1, 1000, 256 * 1024, 256 * 1024 + 1, BIG.byteLength]) {
    test(`ingest() stores a blob of ${length} bytes whole when the source gives it`, async (t) => {
      const { store, root } = open(t);
      const bytes = BIG.subarray(0, length);
      const seen: number[] = [];
      const stored = await store.ingest(
        request(bytes, {
          source: sourceOf({ bytes }),
          hashes: ["blake3", "blake2b512"],
          onProgress: (n) => seen.push(n),
        }),
      );
      assert.deepEqual(readFileSync(store.pathOf(stored.digest)), bytes);
      assert.equal(store.pathOf(stored.digest), join(root, "sha256", digestHex(stored.digest)));
      assert.deepEqual(stored, {
        digest: digestOf(bytes),
        size: length,
        hashes: {
          sha256: hashHex("sha256", bytes),
          blake3: hashHex("blake3", bytes),
          blake2b512: hashHex("blake2b512", bytes),
        },
      });
      assert.equal(seen.at(-1), length === 0 ? undefined : length);
      assert.deepEqual(partials(root), []);
      assert.ok(store.has(stored.digest));
    });
  }

  test("ingest() stores under sha512 when the digest is one", async (t) => {
    const { store, root } = open(t);
    const digest = parseDigest(`sha512:${hashHex("sha512", SMALL)}`);
    await store.ingest(request(SMALL, { digest, source: sourceOf({ bytes: SMALL }) }));
    assert.deepEqual(readFileSync(join(root, "sha512", digestHex(digest))), SMALL);
  });

  test("ingest() resumes at the offset with the validator when the body is cut", async (t) => {
    const { store, retries } = open(t);
    const source = sourceOf({ bytes: BIG, sent: 1_300_000, end: "cut", validator: '"v1"' }, { bytes: BIG });
    const stored = await store.ingest(request(BIG, { source, hashes: ["blake3"] }));
    assert.deepEqual(source.calls, [
      { offset: 0, validator: null },
      { offset: 1_300_000, validator: '"v1"' },
    ]);
    assert.equal(stored.hashes.blake3, hashHex("blake3", BIG));
    assert.deepEqual(
      retries.map(({ code }) => code),
      ["BODY_TRUNCATED"],
    );
    assert.deepEqual(readFileSync(store.pathOf(stored.digest)), BIG);
  });

  test("ingest() starts at 0 when the server ignores the range", async (t) => {
    const { store } = open(t);
    const source = sourceOf({ bytes: BIG, sent: 2_000_000, end: "cut" }, { bytes: BIG, ignoreRange: true });
    const stored = await store.ingest(request(BIG, { source }));
    assert.deepEqual(readFileSync(store.pathOf(stored.digest)), BIG);
  });

  test("ingest() starts over once when resumed bytes do not fit together", async (t) => {
    const { store } = open(t);
    const other = Buffer.alloc(BIG.byteLength, 7);
    const source = sourceOf({ bytes: other, sent: 2_000_000, end: "cut" }, { bytes: BIG });
    const stored = await store.ingest(request(BIG, { source }));
    assert.deepEqual(
      source.calls.map(({ offset }) => offset),
      [0, 2_000_000, 0],
    );
    assert.deepEqual(readFileSync(store.pathOf(stored.digest)), BIG);
  });

  test("ingest() asks others for all of a blob where who sent it was wrong, and keeps nothing where nobody is left", async (t) => {
    const { store, root } = open(t);
    const calls: string[] = [];
    const refused = new PkgError("DIGEST_MISMATCH", "all were asked");
    const serving = (senders: readonly string[], bytes: Buffer) => async () => {
      const name = senders[calls.length] ?? "nobody";
      const sender = { refuse: () => (name === senders.at(-1) ? refused : null) };
      calls.push(name);
      const body = Readable.from([name === "right" ? bytes : Buffer.alloc(bytes.length)]);
      return { offset: 0, size: null, validator: null, body, sender };
    };
    const stored = await store.ingest(request(SMALL, { source: serving(["one", "two", "right"], SMALL) }));
    assert.deepEqual(readFileSync(store.pathOf(stored.digest)), SMALL);
    assert.deepEqual(calls.splice(0), ["one", "two", "right"]);
    const error = await rejects(
      store.ingest(request(BIG, { source: serving(["one", "two"], BIG) })),
      "DIGEST_MISMATCH",
    );
    assert.equal(error.message, "all were asked");
    assert.deepEqual(partials(root), []);
  });

  test("ingest() starts over when a resumed body begins elsewhere", async (t) => {
    const { store } = open(t);
    const source = sourceOf({ bytes: BIG, sent: 2_000_000, end: "cut" }, { bytes: BIG, startsAt: 5 }, { bytes: BIG });
    await store.ingest(request(BIG, { source }));
    assert.deepEqual(
      source.calls.map(({ offset }) => offset),
      [0, 2_000_000, 0],
    );
  });

  const lies = [
    { name: "the bytes are others", bytes: Buffer.alloc(SMALL.byteLength), code: "DIGEST_MISMATCH" },
    { name: "the body is short", bytes: SMALL.subarray(0, 999), code: "SIZE_MISMATCH" },
    { name: "the body is long", bytes: Buffer.concat([SMALL, SMALL]), code: "SIZE_MISMATCH" },
  ] as const;
  for (const { name, bytes, code } of lies) {
    test(`ingest() throws ${code} and keeps nothing when ${name}`, async (t) => {
      const { store, root } = open(t);
      const source = sourceOf({ bytes, announced: null });
      await rejects(store.ingest(request(SMALL, { source })), code);
      assert.equal(source.calls.length, 1);
      assert.equal(store.has(digestOf(SMALL)), false);
      assert.deepEqual(partials(root), []);
      assert.deepEqual(readdirSync(join(root, "sha256")), []);
    });
  }

  test("ingest() throws DIGEST_MISMATCH and keeps nothing when a large body has the wrong bytes", async (t) => {
    const { store, root } = open(t);
    const source = sourceOf({ bytes: Buffer.alloc(BIG.byteLength), validator: '"v1"' });
    await rejects(store.ingest(request(BIG, { source })), "DIGEST_MISMATCH");
    assert.deepEqual(partials(root), []);
  });

  for (const [size, maxBytes, code] of [
    [null, MIB, "BODY_TOO_LARGE"],
    [SMALL.byteLength, MIB, "SIZE_MISMATCH"],
  ] as const) {
    test(`ingest() stops an endless body with ${code} when the size is ${size}`, async (t) => {
      const { store, root } = open(t);
      let taken = 0;
      async function* endless() {
        for (; taken < 20 * MIB; taken += 65_536) yield Buffer.alloc(65_536);
      }
      const source = async () => ({ offset: 0, size: null, validator: null, body: endless() });
      await rejects(store.ingest(request(SMALL, { source, size, maxBytes })), code);
      assert.ok(taken <= (size ?? maxBytes) + 65_536, `${taken} bytes were taken`);
      assert.deepEqual(partials(root), []);
    });
  }

  test("ingest() requests nothing when the size is over the limit", async (t) => {
    const { store } = open(t);
    const source = sourceOf({ bytes: BIG });
    await rejects(store.ingest(request(BIG, { source, maxBytes: MIB })), "BODY_TOO_LARGE");
    assert.equal(source.calls.length, 0);
  });

  test("ingest() retries when fewer bytes arrive than announced and no size is known", async (t) => {
    const { store, retries } = open(t);
    const source = sourceOf({ bytes: SMALL, sent: 500 }, { bytes: SMALL });
    await store.ingest(request(SMALL, { source, size: null }));
    assert.deepEqual(
      retries.map(({ code }) => code),
      ["BODY_TRUNCATED"],
    );
  });

  test("ingest() does not try again when the server refuses", async (t) => {
    const { store, root } = open(t);
    let calls = 0;
    const source = async () => {
      calls += 1;
      throw new PkgError("HTTP_NOT_FOUND", "Cannot fetch it: it is not there");
    };
    await rejects(store.ingest(request(SMALL, { source })), "HTTP_NOT_FOUND");
    assert.equal(calls, 1);
    assert.deepEqual(partials(root), []);
  });

  test("ingest() gives each of two writers in one process the whole blob", async (t) => {
    const { store, root } = open(t);
    const both = [1, 2].map(() => store.ingest(request(BIG, { source: sourceOf({ bytes: BIG }) })));
    assert.equal((await Promise.all(both)).length, 2);
    assert.deepEqual(readFileSync(store.pathOf(digestOf(BIG))), BIG);
    assert.deepEqual(partials(root), []);
  });

  test("ingest() reports the file system's error when the store cannot be written", async (t) => {
    const { store, root } = open(t);
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, "partial"), "a file, where a directory should be");
    await rejects(store.ingest(request(SMALL, { source: sourceOf({ bytes: SMALL }) })), "FILE_SYSTEM");
  });
});

suite("ingest() after an interruption", () => {
  /** @returns the bytes that were said to be held last */
  async function interrupt(store: BlobStore, bytes: Buffer, after: number): Promise<number> {
    const abort = new AbortController();
    const source = sourceOf({ bytes, validator: '"v1"' });
    const onProgress = (received: number) => {
      if (received >= after) abort.abort();
    };
    const held: number[] = [];
    const work = store.ingest(
      request(bytes, {
        source,
        signal: abort.signal,
        onProgress: (received) => held.push(received) && onProgress(received),
      }),
    );
    await rejects(work, "INTERRUPTED");
    return held.at(-1) ?? 0;
  }

  test("ingest() keeps 1 MiB and more with the validator, and resumes from it", async (t) => {
    const { store, root } = open(t);
    assert.ok((await interrupt(store, BIG, 2 * MIB)) >= 2 * MIB);
    const free = `sha256-${digestHex(digestOf(BIG))}`;
    assert.deepEqual(partials(root), [free, `${free}.validator`]);
    const kept = statSync(join(root, "partial", free)).size;
    assert.ok(kept >= 2 * MIB && kept < BIG.byteLength);

    const source = sourceOf({ bytes: BIG });
    const resumed = new Set<number | undefined>();
    const onProgress = (_bytes: number, resumedBytes?: number) => resumed.add(resumedBytes);
    const stored = await store.ingest(request(BIG, { source, hashes: ["blake3"], onProgress }));
    assert.deepEqual([...resumed], [kept], "what an earlier run left is told apart");
    assert.deepEqual(source.calls, [{ offset: kept, validator: '"v1"' }]);
    assert.equal(stored.hashes.blake3, hashHex("blake3", BIG));
    assert.deepEqual(readFileSync(store.pathOf(stored.digest)), BIG);
    assert.deepEqual(partials(root), []);
  });

  test("ingest() keeps nothing when less than 1 MiB has arrived", async (t) => {
    const { store, root } = open(t);
    assert.equal(await interrupt(store, BIG, 1000), 0, "nothing is said to be held");
    assert.deepEqual(partials(root), []);
  });

  test("ingest() requests nothing when the kept bytes are the whole blob", async (t) => {
    const { store, root } = open(t);
    mkdirSync(join(root, "partial"), { recursive: true });
    writeFileSync(join(root, "partial", `sha256-${digestHex(digestOf(BIG))}`), BIG);
    const source = sourceOf({ bytes: BIG });
    await store.ingest(request(BIG, { source }));
    assert.equal(source.calls.length, 0);
  });

  for (const [name, left] of [
    ["damaged", Buffer.alloc(2 * MIB)],
    ["longer than the blob", Buffer.concat([BIG, BIG])],
    ["as long as the blob, and wrong", Buffer.alloc(BIG.byteLength)],
  ] as const) {
    test(`ingest() starts over when the kept bytes are ${name}`, async (t) => {
      const { store, root } = open(t);
      mkdirSync(join(root, "partial"), { recursive: true });
      writeFileSync(join(root, "partial", `sha256-${digestHex(digestOf(BIG))}`), left);
      const source = sourceOf({ bytes: BIG });
      await store.ingest(request(BIG, { source }));
      assert.equal(source.calls.at(-1)?.offset, 0);
      assert.deepEqual(readFileSync(store.pathOf(digestOf(BIG))), BIG);
      assert.deepEqual(partials(root), []);
    });
  }

  test("ingest() leaves a partial file alone when its owner is alive", async (t) => {
    const { store, root } = open(t);
    const abort = new AbortController();
    let owned: readonly string[] = [];
    const source = sourceOf({ bytes: BIG });
    const slow = async (asked: Parameters<typeof source>[0]) => {
      const stream = await source(asked);
      owned = partials(root);
      await store.ingest(request(BIG, { source: sourceOf({ bytes: BIG }) }));
      assert.deepEqual(partials(root), owned);
      return stream;
    };
    await store.ingest(request(BIG, { source: slow, signal: abort.signal }));
    assert.equal(owned.length, 1);
    assert.deepEqual(readFileSync(store.pathOf(digestOf(BIG))), BIG);
  });
});

suite("reopen()", () => {
  test("reopen() hashes what is stored", async (t) => {
    const { store } = open(t);
    const stored = await store.ingest(request(BIG, { source: sourceOf({ bytes: BIG }), hashes: ["blake3"] }));
    assert.deepEqual(await store.reopen(stored.digest, ["blake3"], signal), stored);
  });

  test("reopen() hashes what is read at once, and what is read in pieces", async (t) => {
    const { store } = open(t);
    for (const size of [0, 128 * 1024, 128 * 1024 + 1, 600 * 1024]) {
      const bytes = sampleBytes(size);
      const stored = await store.ingest(request(bytes, { source: sourceOf({ bytes }), hashes: ["blake3"] }));
      assert.deepEqual(await store.reopen(digestOf(bytes), ["blake3"], signal), stored, String(size));
    }
  });

  test("reopen() gives null when there is no such blob", async (t) => {
    const { store } = open(t);
    assert.equal(await store.reopen(digestOf(SMALL), [], signal), null);
  });

  test("reopen() removes the blob and gives null when its bytes have changed", async (t) => {
    const { store } = open(t);
    const { digest } = await store.ingest(request(SMALL, { source: sourceOf({ bytes: SMALL }) }));
    writeFileSync(store.pathOf(digest), Buffer.alloc(SMALL.byteLength));
    assert.equal(await store.reopen(digest, [], signal), null);
    assert.equal(store.has(digest), false);
  });

  test("reopen() throws INTERRUPTED when the signal is aborted", async (t) => {
    const { store } = open(t);
    const { digest } = await store.ingest(request(SMALL, { source: sourceOf({ bytes: SMALL }) }));
    await rejects(store.reopen(digest, [], AbortSignal.abort()), "INTERRUPTED");
    assert.ok(store.has(digest));
  });
});

const MONTH_MS = 30 * 24 * 60 * 60 * 1000;

suite("sweep()", () => {
  test("sweep() leaves a new blob to the process that fetched it", async (t) => {
    const { store } = open(t);
    await store.ingest(request(BIG, { source: sourceOf({ bytes: BIG }) }));
    assert.equal(store.sweep(new Set(), Date.now()), 0);
    assert.ok(store.has(digestOf(BIG)));
  });

  const DAY_MS = 24 * 60 * 60 * 1000;

  test("sweep() removes what is not kept and returns the bytes freed", async (t) => {
    const { store, root } = open(t);
    for (const bytes of [SMALL, BIG]) await store.ingest(request(bytes, { source: sourceOf({ bytes }) }));
    writeFileSync(join(root, "sha256", "README"), "not a blob");
    assert.equal(store.sweep(new Set([digestOf(SMALL)]), Date.now() + MONTH_MS), BIG.byteLength);
    assert.deepEqual([store.has(digestOf(SMALL)), store.has(digestOf(BIG))], [true, false]);
    assert.ok(existsSync(join(root, "sha256", "README")));
  });

  test("sweep() counts nothing for a blob that a package still links", async (t) => {
    const { store, root } = open(t);
    const { digest } = await store.ingest(request(SMALL, { source: sourceOf({ bytes: SMALL }) }));
    linkSync(store.pathOf(digest), join(root, "linked"));
    assert.equal(store.sweep(new Set(), Date.now() + MONTH_MS), 0);
    assert.equal(store.has(digest), false);
  });

  test("sweep() removes partial files after 7 days and not before", (t) => {
    const { store, root } = open(t);
    const path = join(root, "partial", `sha256-${digestHex(digestOf(BIG))}`);
    mkdirSync(join(root, "partial"), { recursive: true });
    writeFileSync(path, SMALL);
    const now = Date.now();
    utimesSync(path, (now - 6 * DAY_MS) / 1000, (now - 6 * DAY_MS) / 1000);
    assert.equal(store.sweep(new Set(), now), 0);
    assert.equal(store.sweep(new Set(), now + 2 * DAY_MS), SMALL.byteLength);
    assert.equal(existsSync(path), false);
  });

  test("sweep() and remove() do nothing when there is no store yet", (t) => {
    const { store, root } = open(t);
    assert.equal(store.sweep(new Set(), Date.now()), 0);
    store.remove(digestOf(SMALL));
    assert.equal(existsSync(root), false);
  });
});
