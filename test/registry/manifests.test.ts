import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import {
  descriptorOf,
  INDEX_TYPE,
  indexOf,
  MANIFEST_TYPE,
  manifestOf,
  pushImage,
  put,
  storeForeign,
} from "./documents.ts";
import { errorCode, openRegistry, sha256 } from "./registry-client.ts";

const BYTES = Buffer.from("0123456789");
const ABSENT = sha256(Buffer.from("absent"));
const sha512 = (bytes: Buffer) => `sha512:${hashHex("sha512", bytes)}`;

suite("handleManifest() PUT", () => {
  test("handleManifest() keeps documents byte for byte", async (t) => {
    const registry = await openRegistry(t);
    const blob = await registry.push("a", BYTES);
    const spaced = Buffer.from(
      `{ "schemaVersion":2,\n"later": {"a":[1.0, 1e2]}, "layers":[], "config":{"digest":"${blob}"} }\n`,
    );
    const kept = [
      ["known", spaced, MANIFEST_TYPE],
      [
        "docker",
        manifestOf(blob, { mediaType: "application/vnd.docker.distribution.manifest.v2+json" }),
        "application/vnd.docker.distribution.manifest.v2+json",
      ],
      [
        "artifact",
        Buffer.from('{"mediaType":"application/vnd.oci.artifact.manifest.v1+json","blobs":null}'),
        "application/vnd.oci.artifact.manifest.v1+json",
      ],
      [
        "list",
        Buffer.from('{"schemaVersion":2,"manifests":[]}'),
        "application/vnd.docker.distribution.manifest.list.v2+json",
      ],
      ["parameters", spaced, `${MANIFEST_TYPE}; charset=utf-8`],
    ] as const;
    for (const [tag, bytes, type] of kept) {
      const response = await put(registry, `a/manifests/${tag}`, bytes, { type });
      assert.equal(response.status, 201, `${tag}: ${await response.text()}`);
      const back = await registry.ask("GET", `/v2/a/manifests/${tag}`);
      assert.equal(back.headers.get("content-type"), type.split(";")[0]);
      assert.deepEqual(Buffer.from(await back.arrayBuffer()), bytes);
    }
  });

  test("handleManifest() takes the type from the document when no header says one", async (t) => {
    const registry = await openRegistry(t);
    const blob = await registry.push("a", BYTES);
    const documents = [
      ["written", manifestOf(blob), MANIFEST_TYPE],
      ["layers", Buffer.from('{"schemaVersion":2,"layers":[]}'), MANIFEST_TYPE],
      ["manifests", Buffer.from('{"schemaVersion":2,"manifests":[]}'), INDEX_TYPE],
    ] as const;
    for (const [tag, bytes, type] of documents) {
      assert.equal((await registry.ask("PUT", `/v2/a/manifests/${tag}`, { body: new Uint8Array(bytes) })).status, 201);
      assert.equal((await registry.ask("HEAD", `/v2/a/manifests/${tag}`)).headers.get("content-type"), type);
    }
  });

  const refused = [
    ["both kinds at once", MANIFEST_TYPE, { layers: [], manifests: [] }],
    ["both kinds at once, of an unknown type", "application/vnd.example+json", { layers: [], manifests: [] }],
    ["an index that is called an image", MANIFEST_TYPE, { manifests: [] }],
    ["an image that is called an index", INDEX_TYPE, { layers: [] }],
    ["an image of nothing", MANIFEST_TYPE, {}],
    ["layers that are no list", MANIFEST_TYPE, { layers: {} }],
    ["a subject that is none", MANIFEST_TYPE, { layers: [], subject: { digest: "md5:1" } }],
    ["a type that is none", "nonsense", { layers: [] }],
    ["the type of a web page", "text/html", { layers: [] }],
    ["the type of a web page in the document", undefined, { layers: [], mediaType: "text/html" }],
    ["the type of a picture that runs scripts", "image/svg+xml; charset=utf-8", { mediaType: "image/svg+xml" }],
    ["a type of JSON that is no manifest's", "application/vnd.example.thing+json", { x: [{ digest: ABSENT }] }],
    ["another type in the document", MANIFEST_TYPE, { layers: [], mediaType: "text/html" }],
    [
      "a second type in the document",
      MANIFEST_TYPE,
      `{"layers":[],"mediaType":"text/html","mediaType":"${MANIFEST_TYPE}"}`,
    ],
  ] as const;
  for (const [what, type, document] of refused) {
    test(`handleManifest() refuses ${what}`, async (t) => {
      const registry = await openRegistry(t);
      const bytes = typeof document === "string" ? document : JSON.stringify(document);
      const headers = type === undefined ? {} : { "content-type": type };
      const init = { body: new Uint8Array(Buffer.from(bytes)), headers };
      const response = await registry.ask("PUT", "/v2/a/manifests/v1", init);
      assert.deepEqual([response.status, await errorCode(response)], [400, "MANIFEST_INVALID"]);
    });
  }

  test("handleManifest() takes 4 MiB, and layers that are to be had elsewhere", async (t) => {
    const registry = await openRegistry(t);
    const blob = await registry.push("a", BYTES);
    const [short] = [manifestOf(blob, { annotations: { a: "" } })];
    const full = manifestOf(blob, { annotations: { a: "a".repeat(4 * 1024 * 1024 - short.byteLength) } });
    assert.equal((await put(registry, "a/manifests/full", full)).status, 201);
    const over = await put(registry, "a/manifests/over", Buffer.concat([full, Buffer.from(" ")]));
    assert.deepEqual([over.status, await errorCode(over)], [413, "SIZE_INVALID"]);
    const elsewhere = [
      "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
      "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    ];
    const layers = elsewhere.map((mediaType) => ({
      mediaType,
      digest: ABSENT,
      size: 1,
      urls: ["https://example.com/"],
    }));
    assert.equal((await put(registry, "a/manifests/elsewhere", manifestOf(blob, { layers }))).status, 201);
  });

  test("handleManifest() puts an image under its SHA-512, and tags it by ?tag=", async (t) => {
    const registry = await openRegistry(t);
    const manifest = manifestOf(await registry.push("a", BYTES));
    const response = await put(registry, `a/manifests/${sha512(manifest)}`, manifest, { query: "?tag=v1&tag=latest" });
    assert.deepEqual([response.status, response.headers.get("oci-tag")], [201, "v1, latest"]);
    assert.equal(response.headers.get("location"), `/v2/a/manifests/${sha512(manifest)}`);
    for (const reference of ["v1", "latest", sha512(manifest)]) {
      const back = await registry.ask("GET", `/v2/a/manifests/${reference}`);
      assert.deepEqual([back.status, back.headers.get("docker-content-digest")], [200, sha512(manifest)]);
    }
    assert.equal((await registry.ask("GET", `/v2/a/manifests/${sha256(manifest)}`)).status, 404);
    const bad = await put(registry, `a/manifests/${sha512(manifest)}`, manifest, { query: "?tag=v2&tag=-bad" });
    assert.deepEqual([bad.status, await errorCode(bad)], [400, "MANIFEST_INVALID"]);
    assert.deepEqual(await (await registry.ask("GET", "/v2/a/tags/list")).json(), {
      name: "a",
      tags: ["latest", "v1"],
    });
  });

  test("handleManifest() takes indexes of indexes, and refuses one whose child is not here", async (t) => {
    const registry = await openRegistry(t);
    const inner = indexOf([await pushImage(registry, "a", null), await pushImage(registry, "a", "v1")]);
    const outer = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [descriptorOf(inner, INDEX_TYPE)] }));
    const early = await put(registry, "a/manifests/outer", outer, { type: INDEX_TYPE });
    assert.deepEqual([early.status, await errorCode(early)], [404, "MANIFEST_BLOB_UNKNOWN"]);
    assert.equal((await put(registry, `a/manifests/${sha256(inner)}`, inner, { type: INDEX_TYPE })).status, 201);
    assert.equal((await put(registry, "a/manifests/outer", outer, { type: INDEX_TYPE })).status, 201);
  });

  test("handleManifest() accepts manifests with missing blobs when it may be sparse", async (t) => {
    const registry = await openRegistry(t, { sparse: true });
    const there = await pushImage(registry, "a", null);
    const index = indexOf([there, manifestOf(ABSENT)]);
    assert.equal((await put(registry, "a/manifests/index", index, { type: INDEX_TYPE })).status, 201);
    assert.equal((await put(registry, "a/manifests/image", manifestOf(ABSENT))).status, 201);
    for (const tag of ["index", "image"])
      assert.equal((await registry.ask("GET", `/v2/a/manifests/${tag}`)).status, 200);
    assert.equal((await registry.ask("GET", "/")).status, 200);
    const lie = await put(registry, "a/manifests/lie", Buffer.from("{}"));
    assert.deepEqual([lie.status, await errorCode(lie)], [400, "MANIFEST_INVALID"]);
  });

  test("handleManifest() loses nothing when clients push to one repository at the same time", async (t) => {
    const registry = await openRegistry(t);
    const blob = await registry.push("a", BYTES);
    const manifests = Array.from({ length: 60 }, (_, number) =>
      manifestOf(blob, { annotations: { number: `${number}` } }),
    );
    await Promise.all(manifests.map((manifest, number) => put(registry, `a/manifests/t${number}`, manifest)));
    for (const [number, manifest] of manifests.entries()) {
      const response = await registry.ask("GET", `/v2/a/manifests/t${number}`);
      assert.equal(response.headers.get("docker-content-digest"), sha256(manifest));
    }
  });
});

suite("handleManifest() PUT with a condition", () => {
  const other = `"${sha256(Buffer.from("other"))}"`;
  const cases = [
    ["new", {}, 201],
    ["new", { "if-none-match": "*" }, 201],
    ["new", { "if-match": "*" }, 412],
    ["new", { "if-match": other }, 412],
    ["there", {}, 201],
    ["there", { "if-none-match": "*" }, 412],
    ["there", { "if-none-match": other }, 201],
    ["there", { "if-match": "*" }, 201],
    ["there", { "if-match": other }, 412],
    ["there", { "if-match": "own" }, 201],
    ["there", { "if-match": `${other}, own` }, 201],
    ["there", { "if-match": "W/own" }, 412],
    ["there", { "if-none-match": "W/own" }, 412],
  ] as const;
  for (const [tag, headers, status] of cases) {
    test(`handleManifest() answers ${status} to ${JSON.stringify(headers)} for a tag that is ${tag}`, async (t) => {
      const registry = await openRegistry(t);
      const blob = await registry.push("a", BYTES);
      const [first, second] = [manifestOf(blob), manifestOf(blob, { annotations: { number: "2" } })];
      await put(registry, "a/manifests/there", first);
      const own = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, value.replace("own", `"${sha256(first)}"`)]),
      );
      const response = await registry.ask("PUT", `/v2/a/manifests/${tag}?tag=also`, {
        headers: { ...own, "content-type": MANIFEST_TYPE },
        body: new Uint8Array(second),
      });
      assert.equal(response.status, status, await response.text());
      const found = await registry.ask("GET", "/v2/a/manifests/there");
      const expected = status === 201 && tag === "there" ? second : first;
      assert.equal(found.headers.get("docker-content-digest"), sha256(expected));
      assert.equal((await registry.ask("GET", "/v2/a/manifests/also")).status, status === 201 ? 200 : 404);
    });
  }

  test("handleManifest() takes one of many that want a tag to be new", async (t) => {
    const registry = await openRegistry(t);
    const blob = await registry.push("a", BYTES);
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, number) => {
        const body = new Uint8Array(manifestOf(blob, { annotations: { number: `${number}` } }));
        const headers = { "if-none-match": "*", "content-type": MANIFEST_TYPE };
        return (await registry.ask("PUT", "/v2/a/manifests/v1", { headers, body })).status;
      }),
    );
    assert.deepEqual(statuses.toSorted(), [201, ...Array<number>(19).fill(412)]);
  });
});

suite("handleManifest() GET and DELETE", () => {
  test("handleManifest() answers a type that Accept does not list, unless it is refused by name", async (t) => {
    const registry = await openRegistry(t);
    await pushImage(registry, "a", "v1");
    const accepted = [
      undefined,
      MANIFEST_TYPE,
      "*/*",
      INDEX_TYPE,
      "text/html",
      `*/*;q=0, ${MANIFEST_TYPE}`,
      "application/*;q=0.1",
    ];
    for (const accept of accepted) {
      const init = accept === undefined ? {} : { headers: { accept } };
      const response = await registry.ask("GET", "/v2/a/manifests/v1", init);
      assert.deepEqual([response.status, response.headers.get("content-type")], [200, MANIFEST_TYPE], accept ?? "none");
    }
    for (const accept of [`${MANIFEST_TYPE};q=0, */*`, "application/* ; q=0.0", "*/*;q=0"]) {
      const response = await registry.ask("GET", "/v2/a/manifests/v1", { headers: { accept } });
      assert.deepEqual([response.status, await errorCode(response)], [404, "MANIFEST_UNKNOWN"], accept);
    }
  });

  test("handleManifest() does not serve what is stored under a type that is no manifest's", async (t) => {
    const registry = await openRegistry(t);
    await pushImage(registry, "a", "v1");
    const digest = storeForeign(registry, "a", Buffer.from('{"a":"<script>alert(1)</script>"}'), "text/html");
    for (const reference of ["foreign", digest]) {
      const response = await registry.ask("GET", `/v2/a/manifests/${reference}`);
      assert.deepEqual([response.status, response.headers.get("content-type")], [404, "application/json"]);
      assert.equal(await errorCode(response), "MANIFEST_UNKNOWN");
      assert.equal((await registry.ask("HEAD", `/v2/a/manifests/${reference}`)).status, 404);
    }
    assert.equal((await registry.ask("DELETE", `/v2/a/manifests/${digest}`)).status, 202);
  });

  test("handleManifest() keeps what a tag named before it moved", async (t) => {
    const registry = await openRegistry(t);
    const first = await pushImage(registry, "a", "v1");
    const second = await pushImage(registry, "a", "v1", { annotations: { second: "" } });
    for (const [reference, manifest] of [
      [sha256(first), first],
      [sha256(second), second],
      ["v1", second],
    ] as const) {
      const response = await registry.ask("GET", `/v2/a/manifests/${reference}`);
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), manifest);
    }
  });

  test("handleManifest() finds no manifest by a name that is not a tag", async (t) => {
    const registry = await openRegistry(t);
    await pushImage(registry, "a", "v1");
    for (const method of ["GET", "HEAD", "DELETE"]) {
      assert.equal((await registry.ask(method, "/v2/a/manifests/.no-tag")).status, 404, method);
      assert.equal((await registry.ask(method, "/v2/a/manifests/sha256:baddigest")).status, 400, method);
    }
  });

  test("handleManifest() lets a blob be deleted that a manifest names", async (t) => {
    const registry = await openRegistry(t);
    const manifest = manifestOf(await registry.push("a", BYTES));
    await put(registry, "a/manifests/v1", manifest);
    assert.equal((await registry.ask("DELETE", `/v2/a/blobs/${sha256(BYTES)}`)).status, 202);
    assert.equal((await registry.ask("GET", "/v2/a/manifests/v1")).status, 200);
    const again = await put(registry, "a/manifests/v2", manifest);
    assert.deepEqual([again.status, await errorCode(again)], [404, "MANIFEST_BLOB_UNKNOWN"]);
  });
});
