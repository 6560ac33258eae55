import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startRegistry } from "../../src/registry/server.ts";
import { descriptorOf, INDEX_TYPE, MANIFEST_TYPE, manifestOf, pagesOf, pushImage, put } from "./documents.ts";
import { errorCode, openRegistry, sha256, type TestRegistry } from "./registry-client.ts";

const ABSENT = sha256(Buffer.from("absent"));

/** The digests that a list of referrers names. */
async function listed(registry: TestRegistry, subject: string, query = ""): Promise<readonly string[]> {
  return (await pagesOf(registry, `/v2/a/referrers/${subject}${query}`)).flatMap(digestsOf);
}

function digestsOf(page: unknown): readonly string[] {
  return [...JSON.stringify(page).matchAll(/"digest":"(sha256:[0-9a-f]{64})"/g)].map((match) => match[1] ?? "");
}

suite("handleReferrers()", () => {
  test("handleReferrers() answers an empty index for a digest without referrers", async (t) => {
    const registry = await openRegistry(t);
    for (const name of ["nowhere", "a"]) {
      const response = await registry.ask("GET", `/v2/${name}/referrers/${ABSENT}`);
      assert.deepEqual([response.status, response.headers.get("content-type")], [200, INDEX_TYPE]);
      assert.equal(response.headers.get("oci-filters-applied"), null);
      assert.deepEqual(await response.json(), { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [] });
      await pushImage(registry, "a", "v1");
    }
    const bad = await registry.ask("GET", "/v2/a/referrers/sha256:bad");
    assert.deepEqual([bad.status, await errorCode(bad)], [400, "DIGEST_INVALID"]);
    assert.equal((await registry.ask("DELETE", `/v2/a/referrers/${ABSENT}`)).status, 405);
  });

  test("handleReferrers() describes images, indexes and manifests whose subject was pushed later or never", async (t) => {
    const registry = await openRegistry(t);
    const blob = await registry.push("a", Buffer.from("blob"));
    const subject = manifestOf(blob);
    const refer = { subject: descriptorOf(subject), annotations: { note: "a" } };
    const typed = manifestOf(blob, { ...refer, artifactType: "application/x.sbom" });
    const byConfig = manifestOf(blob, refer);
    const index = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [], subject: refer.subject }),
    );
    for (const [bytes, type] of [
      [typed, MANIFEST_TYPE],
      [byConfig, MANIFEST_TYPE],
      [index, INDEX_TYPE],
    ] as const) {
      const response = await put(registry, `a/manifests/${sha256(bytes)}`, bytes, { type });
      assert.deepEqual([response.status, response.headers.get("oci-subject")], [201, sha256(subject)]);
    }
    await put(registry, "a/manifests/v1", subject);
    const [page] = await pagesOf(registry, `/v2/a/referrers/${sha256(subject)}`);
    const expected = [
      { ...descriptorOf(typed), artifactType: "application/x.sbom", annotations: { note: "a" } },
      { ...descriptorOf(byConfig), artifactType: "application/vnd.example", annotations: { note: "a" } },
      { ...descriptorOf(index, INDEX_TYPE), annotations: {} },
    ].toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
    assert.deepEqual(page, { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: expected });
  });

  test("handleReferrers() filters by type, and says so", async (t) => {
    const registry = await openRegistry(t);
    const subject = descriptorOf(await pushImage(registry, "a", "v1"));
    const [one, two] = [
      await pushImage(registry, "a", null, { subject, artifactType: "application/x.one" }),
      await pushImage(registry, "a", "two", { subject, artifactType: "application/x.two+json" }),
    ];
    const path = `/v2/a/referrers/${subject.digest}`;
    const response = await registry.ask("GET", `${path}?artifactType=application/x.two%2Bjson`);
    assert.equal(response.headers.get("oci-filters-applied"), "artifactType");
    assert.deepEqual(digestsOf(await response.json()), [sha256(two)]);
    assert.deepEqual(await listed(registry, subject.digest, "?artifactType=application/x.none"), []);
    assert.deepEqual(await listed(registry, subject.digest), [sha256(one), sha256(two)].toSorted());
  });

  test("handleReferrers() drops deleted referrers, and lists those pushed before a restart", async (t) => {
    const registry = await openRegistry(t);
    const subject = descriptorOf(await pushImage(registry, "a", "v1"));
    const [gone, kept] = [
      await pushImage(registry, "a", null, { subject }),
      await pushImage(registry, "a", "x", { subject }),
    ];
    await registry.ask("DELETE", `/v2/a/manifests/${sha256(gone)}`);
    assert.deepEqual(await listed(registry, subject.digest), [sha256(kept)]);
    await registry.server.close();
    const server = await startRegistry({ root: registry.root, port: 0 });
    t.after(() => server.close());
    const response = await fetch(`${server.url}/v2/a/referrers/${subject.digest}`);
    assert.deepEqual(digestsOf(await response.json()), [sha256(kept)]);
  });

  test("handleReferrers() keeps repositories apart", async (t) => {
    const registry = await openRegistry(t);
    const subject = descriptorOf(await pushImage(registry, "b", "v1"));
    await pushImage(registry, "b", "x", { subject });
    assert.deepEqual(await listed(registry, subject.digest), []);
  });

  test("handleReferrers() lists a thousand in pages, whole and without a double", async (t) => {
    const registry = await openRegistry(t);
    const subject = descriptorOf(await pushImage(registry, "a", "v1"));
    const blob = await registry.push("a", Buffer.from("blob"));
    const all = Array.from({ length: 1100 }, (_, n) =>
      manifestOf(blob, { subject, artifactType: `application/x.${n % 2}`, annotations: { n: `${n}` } }),
    );
    for (let from = 0; from < all.length; from += 50) {
      await Promise.all(
        all.slice(from, from + 50).map((bytes) => put(registry, `a/manifests/${sha256(bytes)}`, bytes)),
      );
    }
    const pages = await pagesOf(registry, `/v2/a/referrers/${subject.digest}`);
    assert.equal(pages.length, 2);
    assert.deepEqual(pages.flatMap(digestsOf), all.map(sha256).toSorted());
    const some = await pagesOf(registry, `/v2/a/referrers/${subject.digest}?artifactType=application/x.1&n=100`);
    assert.equal(some.length, 6);
    assert.equal(new Set(some.flatMap(digestsOf)).size, 550);
  });

  test("handleReferrers() keeps a page within what clients read", async (t) => {
    const registry = await openRegistry(t);
    const subject = descriptorOf(await pushImage(registry, "a", "v1"));
    for (const letter of ["x", "y", "z"]) {
      await pushImage(registry, "a", letter, { subject, annotations: { large: letter.repeat(1024 * 1024) } });
    }
    const pages = await pagesOf(registry, `/v2/a/referrers/${subject.digest}`);
    assert.deepEqual(
      pages.map((page) => digestsOf(page).length),
      [1, 1, 1],
    );
  });
});
