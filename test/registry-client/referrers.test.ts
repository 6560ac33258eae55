import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type ErrorCode, hasCode } from "../../src/errors.ts";
import { digestHex } from "../../src/oci/digest.ts";
import { decodeReferrers, referrersTag } from "../../src/oci/referrers-index.ts";
import type { ListReferrersRequest } from "../../src/registry-client/registry-client.ts";
import {
  at,
  calm,
  connect,
  digestOf,
  INDEX_TYPE,
  MANIFEST_TYPE,
  NOT_FOUND,
  type Reply,
  serve,
} from "./local-registry.ts";
import {
  indexSample,
  type ManifestStore,
  manifestSample,
  manifestStore,
  noteOn,
  type Sample,
  type StoreRequest,
} from "./manifest-store.ts";

const SUBJECT = manifestSample();
const OTHER = manifestSample({ annotations: { other: "yes" } });
const NOTE = noteOn(SUBJECT, "note");
const SIGNATURE = noteOn(SUBJECT, "signature", "text/signature");
const TAG = `sha256-${digestHex(SUBJECT.digest)}`;

/** An entry as a registry lists it. */
const entry = ({ descriptor, bytes }: Sample) => {
  const { artifactType, annotations } = JSON.parse(bytes.toString());
  return { ...descriptor, artifactType, annotations };
};
const listing = (samples: readonly object[], headers: Readonly<Record<string, string>> = {}): Reply => ({
  headers: { "content-type": INDEX_TYPE, ...headers },
  body: indexSample(samples).bytes,
});

/** A store whose referrers API answers as `reply` says. */
async function open(t: TestContext, reply?: (request: StoreRequest, store: ManifestStore) => Reply) {
  const store: ManifestStore = await manifestStore(t, {
    before: (request) => (request.path.includes("/referrers/") ? reply?.(request, store) : undefined),
  });
  for (const { bytes, mediaType, digest } of [SUBJECT, NOTE, SIGNATURE]) store.put(digest, bytes, mediaType);
  const { client, waits } = connect(t, { trust: [store] });
  const list = async (fields: Partial<ListReferrersRequest> = {}) => {
    const reference = at(store, "a/b:ignored");
    const request = { reference, subject: SUBJECT.digest, artifactType: null, signal: calm, ...fields };
    return (await client.listReferrers(request)).map(({ digest }) => digest);
  };
  return { store, client, list, waits };
}

function tagged(store: ManifestStore, entries: readonly object[]): void {
  store.put(TAG, indexSample(entries).bytes, INDEX_TYPE);
}

test("listReferrers() gives the registry's own list with one request, each with its type and annotations", async (t) => {
  const { store, client } = await open(t, () => listing([entry(NOTE), entry(SIGNATURE)]));
  const request = { reference: at(store, "a/b"), subject: SUBJECT.digest, artifactType: null, signal: calm };
  assert.deepEqual(await client.listReferrers(request), [entry(NOTE), entry(SIGNATURE)]);
  assert.deepEqual(store.lines, [`GET /v2/a/b/referrers/${SUBJECT.digest}`]);
  assert.equal(store.requests[0]?.headers.accept, INDEX_TYPE);
});

test("listReferrers() gives an empty list for one, and does not look for another", async (t) => {
  const { store, list } = await open(t, () => listing([]));
  tagged(store, [entry(NOTE)]);
  assert.deepEqual(await list(), []);
  assert.equal(store.lines.length, 1);
});

test("listReferrers() asks for an artifact type and filters if the registry did not", async (t) => {
  const { store, list } = await open(t, () => listing([entry(NOTE), entry(SIGNATURE)]));
  assert.deepEqual(await list({ artifactType: "text/signature" }), [SIGNATURE.digest]);
  assert.deepEqual(store.lines, [`GET /v2/a/b/referrers/${SUBJECT.digest}?artifactType=text%2Fsignature`]);
});

test("listReferrers() believes a registry that filtered, but not an entry that says it is of another type", async (t) => {
  const filtered = { "oci-filters-applied": "artifactType" };
  const { list } = await open(t, () => listing([NOTE.descriptor, entry(SIGNATURE)], filtered));
  assert.deepEqual(await list({ artifactType: "text/note" }), [NOTE.digest]);
});

test("listReferrers() leaves out entries that cannot be read, are the subject, or are listed twice", async (t) => {
  const broken = [null, {}, "x", { ...NOTE.descriptor, digest: "md5:x" }, { ...NOTE.descriptor, size: -1 }];
  const { list } = await open(t, () =>
    listing([...broken.map((value) => value as object), SUBJECT.descriptor, entry(NOTE), entry(NOTE)]),
  );
  assert.deepEqual(await list(), [NOTE.digest]);
});

test("listReferrers() follows pages of the same origin", async (t) => {
  const { store, list } = await open(t, ({ path }) =>
    path.includes("page=2")
      ? listing([entry(SIGNATURE)])
      : listing([entry(NOTE)], { link: `<${path}?page=2>; rel="next"` }),
  );
  assert.deepEqual(await list(), [NOTE.digest, SIGNATURE.digest]);
  assert.equal(store.lines.length, 2);
});

const PAGES: readonly (readonly [string, ErrorCode, number, (request: StoreRequest) => Reply])[] = [
  [
    "leads to another origin",
    "REDIRECT_FORBIDDEN",
    1,
    () => listing([], { link: '<http://127.0.0.1:1/x>; rel="next"' }),
  ],
  ["goes in a circle", "HTTP_UNEXPECTED", 2, () => listing([], { link: '<?again>; rel="next"' })],
  [
    "ends in what is no list",
    "HTTP_UNEXPECTED",
    2,
    ({ path }) => (path.includes("?") ? { body: "{}" } : listing([], { link: '<?2>; rel="next"' })),
  ],
  [
    "ends in a refusal",
    "HTTP_NOT_FOUND",
    2,
    ({ path }) => (path.includes("?") ? NOT_FOUND : listing([], { link: '<?2>; rel="next"' })),
  ],
];

for (const [name, code, count, reply] of PAGES) {
  test(`listReferrers() refuses a list that ${name}`, async (t) => {
    const { store, list } = await open(t, reply);
    tagged(store, [entry(NOTE)]);
    await assert.rejects(list(), (error) => hasCode(error, code));
    assert.equal(store.lines.length, count);
  });
}

test("listReferrers() stops reading a list that never ends", async (t) => {
  let page = 0;
  const { list, store } = await open(t, () => {
    page += 1;
    return listing([], { link: `<?${page}>; rel="next"` });
  });
  await assert.rejects(list(), (error) => hasCode(error, "HTTP_UNEXPECTED"));
  assert.equal(store.lines.length, 1000);
});

const json = { "content-type": "application/json" };

const WITHOUT_API: readonly (readonly [string, Reply])[] = [
  ["404 with an enveloped error", NOT_FOUND],
  ["404 with a bare error", { status: 404, headers: json, body: '{"code":"NOT_FOUND"}' }],
  ["404 with plain text", { status: 404, headers: { "content-type": "text/plain" }, body: "404 page not found" }],
  ["405", { status: 405 }],
  ["400", { status: 400, headers: json, body: '{"errors":[{"code":"UNSUPPORTED"}]}' }],
  ["501", { status: 501 }],
  ["403 that means absence", { status: 403, headers: json, body: '{"errors":[{"code":"NAME_UNKNOWN"}]}' }],
  ["a web page", { headers: { "content-type": "text/html" }, body: "<html>" }],
  ["no JSON", { headers: { "content-type": INDEX_TYPE }, body: "not found" }],
  ["an enveloped error with 200", { headers: json, body: '{"errors":[{"code":"UNSUPPORTED"}]}' }],
  ["the subject itself", { headers: { "content-type": MANIFEST_TYPE }, body: SUBJECT.bytes }],
  [
    "a Docker list",
    {
      headers: { "content-type": "application/vnd.docker.distribution.manifest.list.v2+json" },
      body: indexSample([]).bytes,
    },
  ],
  ["an index with config", { headers: { "content-type": INDEX_TYPE }, body: indexSample([], { config: {} }).bytes }],
  ["an index whose manifests are an object", { headers: { "content-type": INDEX_TYPE }, body: '{"manifests":{}}' }],
  ["a redirect to where nothing may go", { status: 303, headers: { location: "http://169.254.169.254/x" } }],
  ["a redirect in a circle", { status: 303, headers: { location: "" } }],
];

for (const [name, reply] of WITHOUT_API) {
  test(`listReferrers() goes by the fallback tag after ${name}`, async (t) => {
    const { store, list } = await open(t, () => reply);
    tagged(store, [entry(NOTE)]);
    assert.deepEqual(await list(), [NOTE.digest]);
    assert.ok(store.lines.includes(`GET /v2/a/b/manifests/${TAG}`));
  });
}

const ELSEWHERE: readonly (readonly [string, Reply])[] = [
  ["404", { status: 404 }],
  ["a rate limit", { status: 429, headers: { "retry-after": "1000" } }],
  ["403", { status: 403 }],
  ["500", { status: 500 }],
  ["a web page", { headers: { "content-type": "text/html" }, body: "<html>" }],
  ["some JSON", { headers: json, body: '{"message":"Hello"}' }],
];

for (const [name, reply] of ELSEWHERE) {
  test(`listReferrers() goes by the fallback tag after a 303 to another host that answers ${name}`, async (t) => {
    const elsewhere = await serve(t, () => reply);
    const { store, list, waits } = await open(t, () => ({
      status: 303,
      headers: { location: `${elsewhere.origin}/x` },
    }));
    tagged(store, [entry(NOTE)]);
    assert.deepEqual(await list(), [NOTE.digest]);
    assert.equal(elsewhere.seen[0]?.headers.authorization, undefined);
    assert.deepEqual(waits, []);
  });
}

test("listReferrers() goes by the fallback tag after a 303 to a host that cannot be reached", async (t) => {
  const { store, list, waits } = await open(t, () => ({ status: 303, headers: { location: "http://127.0.0.1:1/x" } }));
  tagged(store, [entry(NOTE)]);
  assert.deepEqual(await list(), [NOTE.digest]);
  assert.deepEqual(waits, []);
});

test("listReferrers() does not ask again if the request was redirected in vain", async (t) => {
  const elsewhere = await serve(t, () => ({ status: 404 }));
  const { store, list } = await open(t, () => ({ status: 303, headers: { location: `${elsewhere.origin}/x` } }));
  tagged(store, [entry(NOTE)]);
  await list();
  const asked = store.lines.filter((line) => line.includes("/referrers/")).length;
  assert.deepEqual(await list(), [NOTE.digest]);
  assert.equal(store.lines.filter((line) => line.includes("/referrers/")).length, asked);
  assert.equal(elsewhere.seen.length, 1);
});

test("listReferrers() does not take a connection that breaks off for a registry without a list", async (t) => {
  const server = await serve(t, () => ({ send: (response) => response.destroy() }));
  const { client } = connect(t, { trust: [server] });
  const request = { reference: at(server, "a/b"), subject: SUBJECT.digest, artifactType: null, signal: calm };
  await assert.rejects(client.listReferrers(request), (error) => hasCode(error, "NETWORK_FAILED"));
  assert.deepEqual(new Set(server.seen.map(({ path }) => path.includes("/referrers/"))), new Set([true]));
});

test("listReferrers() follows a redirect to the list", async (t) => {
  const elsewhere = await serve(t, () => listing([entry(NOTE)]));
  const { list } = await open(t, () => ({ status: 307, headers: { location: `${elsewhere.origin}/x` } }));
  assert.deepEqual(await list(), [NOTE.digest]);
});

test("listReferrers() does not take a failure or refusal for a registry without a list", async (t) => {
  for (const [status, code, tries] of [
    [500, "SERVER_FAILED", 3],
    [401, "HTTP_UNAUTHORIZED", 1],
    [403, "HTTP_FORBIDDEN", 1],
  ] as const) {
    const { store, list } = await open(t, () => ({ status }));
    tagged(store, [entry(NOTE)]);
    await assert.rejects(list(), (error) => hasCode(error, code));
    assert.equal(store.lines.length, tries);
  }
});

test("listReferrers() returns nothing if there is neither a list nor a tag", async (t) => {
  const { list } = await open(t);
  assert.deepEqual(await list(), []);
});

const NO_LISTS: readonly (readonly [string, string, Buffer])[] = [
  ["the subject", MANIFEST_TYPE, SUBJECT.bytes],
  ["another manifest", MANIFEST_TYPE, OTHER.bytes],
  ["a web page", "text/html", Buffer.from("<html>")],
  ["no JSON", INDEX_TYPE, Buffer.from("x")],
];

for (const [name, type, bytes] of NO_LISTS) {
  test(`listReferrers() returns nothing if the fallback tag names ${name}`, async (t) => {
    const { store, list } = await open(t);
    store.put(TAG, bytes, type);
    assert.deepEqual(await list(), []);
  });
}

test("listReferrers() returns nothing if the tag of an index resolves to the index itself", async (t) => {
  const { store, list } = await open(t);
  const subject = indexSample([NOTE.descriptor]);
  store.put(referrersTag(subject.digest), subject.bytes, INDEX_TYPE);
  assert.deepEqual(await list({ subject: subject.digest }), []);
});

test("listReferrers() keeps of a fallback list what itself refers to the subject, in its own words", async (t) => {
  const { store, client, list } = await open(t);
  const stranger = noteOn(OTHER, "stranger");
  store.put(stranger.digest, stranger.bytes, stranger.mediaType);
  store.put(OTHER.digest, OTHER.bytes, OTHER.mediaType);
  const missing = { ...NOTE.descriptor, digest: digestOf("missing") };
  const lie = { ...NOTE.descriptor, size: 5, artifactType: "text/lie", annotations: { lie: "yes" } };
  tagged(store, [stranger.descriptor, OTHER.descriptor, missing, lie]);
  const request = { reference: at(store, "a/b"), subject: SUBJECT.digest, artifactType: null, signal: calm };
  assert.deepEqual(await client.listReferrers(request), [entry(NOTE)]);
  assert.deepEqual(await list({ artifactType: "text/lie" }), []);
  assert.deepEqual(await list({ artifactType: "text/note" }), [NOTE.digest]);
});

test("listReferrers() fetches no entry of a fallback list when it need not be verified", async (t) => {
  const { store, list } = await open(t);
  tagged(store, [entry(NOTE), entry(SIGNATURE)]);
  assert.deepEqual(await list({ verifySubject: false }), [NOTE.digest, SIGNATURE.digest]);
  assert.equal(store.lines.length, 2);
});

test("listReferrers() verifies a registry's own list when asked to", async (t) => {
  const { list } = await open(t, () => listing([entry(NOTE), OTHER.descriptor]));
  assert.deepEqual(await list(), [NOTE.digest, OTHER.digest]);
  assert.deepEqual(await list({ verifySubject: true }), [NOTE.digest]);
});

/** Turns of the event loop in which requests that are on their way arrive. */
async function allowTimeForMore(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test("listReferrers() verifies a long list in order and no more than eight at once", async (t) => {
  const notes = Array.from({ length: 40 }, (_, number) => noteOn(SUBJECT, String(number)));
  let most = 0;
  const waiting: (() => void)[] = [];
  const store = await manifestStore(t, {
    before: async ({ path }) => {
      if (!path.includes("sha256:") || path.includes("/referrers/")) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      most = Math.max(most, waiting.length);
      if (waiting.length === 8) await allowTimeForMore();
      if (waiting.length >= 8) for (const release of waiting.splice(0)) release();
      await promise;
      return undefined;
    },
  });
  for (const { bytes, mediaType, digest } of notes) store.put(digest, bytes, mediaType);
  tagged(
    store,
    notes.map(({ descriptor }) => descriptor),
  );
  const { client } = connect(t, { trust: [store], connections: 40 });
  const request = { reference: at(store, "a/b"), subject: SUBJECT.digest, artifactType: null, signal: calm };
  const found = await client.listReferrers(request);
  assert.deepEqual(
    found.map(({ digest }) => digest),
    notes.map(({ digest }) => digest),
  );
  assert.equal(most, 8);
});

test("listReferrers() stops fetching when one referrer's bytes are not its digest's", async (t) => {
  const { store, list } = await open(t);
  const notes = Array.from({ length: 100 }, (_, number) => noteOn(SUBJECT, String(number)));
  for (const { bytes, mediaType, digest } of notes) store.put(digest, bytes, mediaType);
  const [liar = NOTE] = notes;
  (store.content as Map<string, object>).set(liar.digest, { bytes: OTHER.bytes, type: OTHER.mediaType });
  tagged(
    store,
    notes.map(({ descriptor }) => descriptor),
  );
  await assert.rejects(list(), (error) => hasCode(error, "DIGEST_MISMATCH"));
  assert.ok(store.lines.length < 50, String(store.lines.length));
});

test("listReferrers() asks the registry itself, whose word counts, and the mirrors only where they must do", async (t) => {
  const { store, client: _ } = await open(t, () => listing([entry(NOTE)]));
  const mirror = await serve(t, () => listing([]));
  const ask = async (mirrorOnly: boolean) => {
    const registries = { [store.host]: { mirrors: [mirror.origin], mirrorOnly } };
    const { client } = connect(t, { trust: [store, mirror], registries });
    const request = { reference: at(store, "a/b"), subject: SUBJECT.digest, artifactType: null, signal: calm };
    return (await client.listReferrers(request)).length;
  };
  assert.deepEqual([await ask(false), mirror.seen.length], [1, 0]);
  assert.deepEqual([await ask(true), mirror.seen.length], [0, 1]);
});

test("decodeReferrers() reads __proto__ as an annotation like any other", () => {
  const digest = digestOf("x");
  const value: unknown = JSON.parse(
    `{"mediaType":"a/b","digest":"${digest}","size":1,"annotations":{"__proto__":"x"}}`,
  );
  assert.equal(Object.keys(decodeReferrers([value], SUBJECT.digest)[0]?.annotations ?? {}).length, 1);
});
