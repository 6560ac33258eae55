import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { promisify } from "node:util";
import { skipWithout } from "../support/docker-registry.ts";
import { descriptorOf, pagesOf, pushImage, put } from "./documents.ts";
import { openRegistry, sha256, type TestRegistry } from "./registry-client.ts";

const run = promisify(execFile);
const skip = skipWithout("skopeo");
const REF_NAME = "org.opencontainers.image.ref.name";

function indexJson(registry: TestRegistry, name: string): unknown {
  return JSON.parse(readFileSync(join(registry.root, "repositories", name, "index.json"), "utf8"));
}

async function tagsIn(registry: TestRegistry, name: string): Promise<unknown> {
  return (await registry.ask("GET", `/v2/${name}/tags/list`)).json();
}

suite("createStorage() on disk", () => {
  test("createStorage() keeps each repository as an OCI layout over the shared blobs", async (t) => {
    const registry = await openRegistry(t);
    const image = await pushImage(registry, "a/b", "v1");
    await put(registry, "a/b/manifests/same", image);
    const child = await pushImage(registry, "a/b", null);
    const directory = join(registry.root, "repositories", "a", "b");
    assert.deepEqual(readdirSync(directory).toSorted(), ["_blobs", "blobs", "index.json", "oci-layout"]);
    assert.equal(readlinkSync(join(directory, "blobs")), "../../../blobs");
    assert.equal(readFileSync(join(directory, "oci-layout"), "utf8"), '{"imageLayoutVersion":"1.0.0"}');
    const artifactType = "application/vnd.example";
    assert.deepEqual(indexJson(registry, "a/b"), {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [
        { ...descriptorOf(image), annotations: { [REF_NAME]: "v1" }, artifactType },
        { ...descriptorOf(image), annotations: { [REF_NAME]: "same" }, artifactType },
        { ...descriptorOf(child), artifactType },
      ],
    });
  });

  test("createStorage() lets skopeo read and write a repository's directory", { skip }, async (t) => {
    const registry = await openRegistry(t);
    const image = await pushImage(registry, "a/b", "v1");
    const layout = `oci:${join(registry.root, "repositories", "a", "b")}`;
    const { stdout } = await run("skopeo", ["inspect", "--raw", `${layout}:v1`]);
    assert.equal(stdout, image.toString());
    await run("skopeo", ["copy", `${layout}:v1`, `${layout}:v2`]);
    assert.deepEqual(await tagsIn(registry, "a/b"), { name: "a/b", tags: ["v1", "v2"] });
    await pushImage(registry, "a/b", "v3");
    assert.deepEqual(await tagsIn(registry, "a/b"), { name: "a/b", tags: ["v1", "v2", "v3"] });
  });

  test("createStorage() keeps repositories apart whose names are those of a layout's files", async (t) => {
    const registry = await openRegistry(t);
    const names = [
      "a",
      "a/b",
      "a/b/c",
      "a/blobs",
      "a/blobs/sha256",
      "a/index.json",
      "a/oci-layout",
      "blobs",
      "index.json",
    ];
    for (const name of names.toReversed()) await pushImage(registry, name, "v1");
    for (const name of names) {
      assert.deepEqual(await tagsIn(registry, name), { name, tags: ["v1"] });
      const blob = sha256(Buffer.from(`blob of ${name}:v1`));
      assert.equal((await registry.ask("GET", `/v2/${name}/blobs/${blob}`)).status, 200);
      for (const other of names.filter((text) => text !== name)) {
        assert.equal((await registry.ask("HEAD", `/v2/${other}/blobs/${blob}`)).status, 404);
      }
    }
    assert.deepEqual(readdirSync(join(registry.root, "blobs")).toSorted(), ["sha256", "sha512"]);
    for (const entry of readdirSync(join(registry.root, "blobs", "sha256"))) {
      assert.ok(lstatSync(join(registry.root, "blobs", "sha256", entry)).isFile());
    }
    assert.deepEqual(await pagesOf(registry, "/v2/_catalog"), [{ repositories: names.toSorted() }]);
  });

  test("createStorage() answers a manifest whose bytes are gone as unknown", async (t) => {
    const registry = await openRegistry(t);
    const image = await pushImage(registry, "a", "v1");
    rmSync(join(registry.root, "blobs", "sha256", sha256(image).slice("sha256:".length)));
    assert.equal((await registry.ask("GET", "/v2/a/manifests/v1")).status, 404);
  });

  test("createStorage() keeps a manifest that several tags name, even after the last is deleted", async (t) => {
    const registry = await openRegistry(t);
    const image = await pushImage(registry, "a", "v1");
    await put(registry, "a/manifests/v2", image);
    for (const tag of ["v1", "v2"]) assert.equal((await registry.ask("DELETE", `/v2/a/manifests/${tag}`)).status, 202);
    assert.equal((await registry.ask("DELETE", "/v2/a/manifests/v2")).status, 404);
    assert.equal((await registry.ask("GET", `/v2/a/manifests/${sha256(image)}`)).status, 200);
    assert.deepEqual(await tagsIn(registry, "a"), { name: "a", tags: [] });
  });
});

suite("handleTags() and handleCatalog()", () => {
  test("handleCatalog() lists what holds a manifest, in pages", async (t) => {
    const registry = await openRegistry(t);
    assert.deepEqual(await pagesOf(registry, "/v2/_catalog"), [{ repositories: [] }]);
    for (const name of ["c", "a/b", "a-b", "a"]) await pushImage(registry, name, "v1");
    await registry.push("blobs-only", Buffer.from("x"));
    assert.deepEqual(await pagesOf(registry, "/v2/_catalog?n=3"), [
      { repositories: ["a", "a-b", "a/b"] },
      { repositories: ["c"] },
    ]);
    assert.deepEqual(await pagesOf(registry, "/v2/_catalog?last=a-b"), [{ repositories: ["a/b", "c"] }]);
    assert.equal((await registry.ask("POST", "/v2/_catalog")).status, 405);
  });

  test("handleTags() returns none for n=0, and those after a tag that does not exist", async (t) => {
    const registry = await openRegistry(t);
    for (const tag of ["v1", "v3", "V2"]) await pushImage(registry, "a", tag);
    const none = await registry.ask("GET", "/v2/a/tags/list?n=0");
    assert.deepEqual([await none.json(), none.headers.get("link")], [{ name: "a", tags: [] }, null]);
    assert.deepEqual(await pagesOf(registry, "/v2/a/tags/list?last=v2"), [{ name: "a", tags: ["v3"] }]);
    const head = await registry.ask("HEAD", "/v2/a/tags/list?n=2");
    assert.deepEqual([head.status, head.headers.get("link")], [200, '</v2/a/tags/list?n=2&last=v1>; rel="next"']);
  });

  test("handleTags() lists a thousand tags that were pushed one after another", async (t) => {
    const registry = await openRegistry(t);
    const image = await pushImage(registry, "a", "first");
    const tags = Array.from({ length: 1000 }, (_, number) => `t${number}`);
    const started = performance.now();
    for (const tag of tags) assert.equal((await put(registry, `a/manifests/${tag}`, image)).status, 201);
    const pages = await pagesOf(registry, "/v2/a/tags/list?n=100");
    t.diagnostic(`1,000 tags pushed and listed in ${Math.round(performance.now() - started)} ms`);
    const listed = pages.flatMap((page) => [...JSON.stringify(page).matchAll(/"(t\d+)"/g)].map((match) => match[1]));
    assert.deepEqual(listed, tags.toSorted());
  });
});

test("dispatch() refuses every change when it is to read only", async (t) => {
  const registry = await openRegistry(t, { readOnly: true });
  const path = `/v2/a/blobs/${sha256(Buffer.from("x"))}`;
  const changes = [
    ["POST", "/v2/a/blobs/uploads/"],
    ["PUT", "/v2/a/manifests/v1"],
    ["DELETE", "/v2/a/manifests/v1"],
    ["DELETE", path],
  ] as const;
  for (const [method, changed] of changes) {
    const response = await registry.ask(method, changed);
    assert.deepEqual([response.status, response.headers.get("allow")], [405, "GET, HEAD"]);
    assert.equal(response.headers.get("docker-distribution-api-version"), "registry/2.0");
  }
  assert.equal((await registry.ask("GET", path)).status, 404);
  assert.equal((await registry.ask("GET", "/v2/")).status, 200);
  assert.ok(!existsSync(join(registry.root, "repositories")));
});
