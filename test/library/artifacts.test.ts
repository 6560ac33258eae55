import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  copy,
  EMPTY_DESCRIPTOR,
  fetchBytes,
  fetchFile,
  hasCode,
  layersByTitle,
  memoryRepository,
  openLayout,
  openLayoutArchive,
  openRegistries,
  packManifest,
  pushBytes,
  pushFile,
  type Repository,
  type Source,
  TITLE_ANNOTATION,
  verifiedBlob,
} from "../../src/library.ts";
import { collect, digestOf } from "../oci/sample-graph.ts";
import { openRegistry } from "../registry/registry-client.ts";
import { tempDirectory } from "../support/temp-home.ts";

const TYPE = "application/vnd.example.notes";
const LARGE = Buffer.alloc(3 * 1024 * 1024 + 17, "all work and no play makes jack a dull boy. ");

const PLACES: Readonly<Record<string, (t: TestContext) => Promise<Repository>>> = {
  memory: async () => memoryRepository(),
  layout: async (t) => openLayout(join(tempDirectory(t), "layout")),
  archive: async (t) => {
    const archive = openLayoutArchive(join(tempDirectory(t), "layout.tar"));
    t.after(() => archive.close());
    return archive;
  },
  registry: async (t) => {
    const { server } = await openRegistry(t);
    const registries = openRegistries();
    t.after(() => registries.close());
    return registries.repository(`${new URL(server.url).host}/a/b`);
  },
};

for (const [name, open] of Object.entries(PLACES)) {
  test(`an artifact of bytes and files goes into a ${name}, and comes out as it was`, async (t) => {
    const place = await open(t);
    const directory = tempDirectory(t);
    writeFileSync(join(directory, "large.txt"), LARGE);
    const config = await pushBytes(place, '{"a":1}', { mediaType: "application/vnd.example.config+json" });
    const large = await pushFile(place, join(directory, "large.txt"), { mediaType: "text/plain" });
    const small = await pushBytes(place, Buffer.from("small"), { title: "small", annotations: { note: "short" } });
    const manifest = await packManifest(place, { config, layers: [large, small], annotations: { a: "b" }, tag: "v1" });

    const document = await place.fetchManifest("v1");
    assert.ok(document.kind === "manifest");
    assert.equal(document.manifest.digest, manifest.digest);
    assert.deepEqual(document.manifest.config, config);
    assert.deepEqual(document.manifest.annotations, { a: "b" });
    assert.deepEqual(
      [...layersByTitle(document.manifest)],
      [
        ["large.txt", large],
        ["small", small],
      ],
    );
    assert.equal((await fetchBytes(place, config)).toString(), '{"a":1}');
    assert.ok(LARGE.equals(await fetchBytes(place, { digest: large.digest, size: null })));
    const path = join(directory, "fetched");
    assert.equal(await fetchFile(place, large, path), LARGE.length);
    assert.ok(LARGE.equals(readFileSync(path)));
    assert.deepEqual(readdirSync(directory).sort(), ["fetched", "large.txt"]);
  });
}

test("packManifest() pushes the empty descriptor for an absent config and layers, and names the subject", async () => {
  const memory = memoryRepository();
  const subject = await packManifest(memory, { artifactType: TYPE, tag: "v1" });
  const note = await packManifest(memory, { artifactType: "text/note", subject });
  assert.deepEqual(await fetchBytes(memory, EMPTY_DESCRIPTOR), Buffer.from("{}"));
  assert.deepEqual(await memory.listReferrers(subject.digest), [note]);
  assert.equal((await memory.resolve("v1")).digest, subject.digest);
});

test("packManifest() gives the bytes of image-spec 1.1, the same every time", async () => {
  const memory = memoryRepository();
  const layer = await pushBytes(memory, "x", { mediaType: "text/plain", title: "x" });
  const packed = await packManifest(memory, { artifactType: TYPE, layers: [layer], annotations: { b: "2", a: "1" } });
  const { bytes } = await memory.fetchDocument(packed.digest);
  const empty = `{"mediaType":"application/vnd.oci.empty.v1+json","digest":"${digestOf(Buffer.from("{}"))}","size":2,"data":"e30="}`;
  const titled = `{"mediaType":"text/plain","digest":"${digestOf(Buffer.from("x"))}","size":1,"annotations":{"${TITLE_ANNOTATION}":"x"}}`;
  assert.equal(
    bytes.toString(),
    `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"${TYPE}",` +
      `"config":${empty},"layers":[${titled}],"annotations":{"a":"1","b":"2"}}`,
  );
});

test("packManifest() refuses what no registry would take, before it pushes anything", async () => {
  const memory = memoryRepository();
  await assert.rejects(packManifest(memory, {}), (error) => hasCode(error, "MANIFEST_INVALID"));
  await assert.rejects(packManifest(memory, { artifactType: "no type" }), (error) =>
    hasCode(error, "MANIFEST_INVALID"),
  );
  for (const tag of ["a/b", "..", "", EMPTY_DESCRIPTOR.digest]) {
    await assert.rejects(packManifest(memory, { artifactType: TYPE, tag }), (error) =>
      hasCode(error, "REFERENCE_INVALID"),
    );
  }
  assert.equal(await memory.hasBlob(EMPTY_DESCRIPTOR), false);
});

test("pushBytes() sends the bytes it was given, even if its caller changes them in the meantime", async () => {
  const memory = memoryRepository();
  const bytes = Buffer.from("before");
  const pushing = pushBytes(memory, bytes);
  bytes.write("after!");
  assert.equal((await fetchBytes(memory, await pushing)).toString(), "before");
});

test("fetchBytes() refuses more than it may take, before and while it reads", async () => {
  const memory = memoryRepository();
  const { digest, size } = await pushBytes(memory, Buffer.alloc(1001));
  for (const known of [size, null]) {
    const address = { digest, size: known };
    await assert.rejects(fetchBytes(memory, address, { maxBytes: 1000 }), (error) => hasCode(error, "BODY_TOO_LARGE"));
    assert.equal((await fetchBytes(memory, address, { maxBytes: 1001 })).length, 1001);
  }
});

test("pushFile() and fetchFile() keep a program a program", async (t) => {
  const directory = tempDirectory(t);
  const memory = memoryRepository();
  const files = [
    ["script", "#!/bin/sh\n", 0o755],
    ["tool", "not obviously one", 0o755],
    ["text", "text", 0o644],
    ["example.sh", "#!/bin/sh\n", 0o644],
  ] as const;
  for (const [name, content, mode] of files) {
    writeFileSync(join(directory, name), content);
    chmodSync(join(directory, name), mode);
    const layer = await pushFile(memory, join(directory, name));
    await fetchFile(memory, layer, join(directory, `${name}.fetched`));
    assert.equal(statSync(join(directory, `${name}.fetched`)).mode & 0o777, mode, name);
    await fetchFile(memory, layer, join(directory, `${name}.fetched`), { mode: 0o600 });
    assert.equal(statSync(join(directory, `${name}.fetched`)).mode & 0o777, 0o600, name);
  }
});

test("pushFile() titles a file by its name unless told otherwise, and refuses a directory", async (t) => {
  const directory = tempDirectory(t);
  writeFileSync(join(directory, "a.txt"), "a");
  const memory = memoryRepository();
  const titles = [];
  for (const options of [{}, { title: "other" }, { title: null }]) {
    const { annotations } = await pushFile(memory, join(directory, "a.txt"), options);
    titles.push(annotations[TITLE_ANNOTATION]);
  }
  assert.deepEqual(titles, ["a.txt", "other", undefined]);
  await assert.rejects(pushFile(memory, directory), (error) => hasCode(error, "FILE_SYSTEM"));
  await assert.rejects(pushFile(memory, join(directory, "absent")), (error) => hasCode(error, "FILE_SYSTEM"));
});

test("fetchFile() keeps the existing file when the bytes are wrong, and leaves no draft", async (t) => {
  const directory = tempDirectory(t);
  const path = join(directory, "file");
  writeFileSync(path, "before");
  const memory = memoryRepository();
  const layer = await pushBytes(memory, LARGE);
  const body = async function* () {
    yield Buffer.alloc(LARGE.length, "x");
  };
  const wrong: Source = {
    ...memory,
    openBlob: async () => ({ offset: 0, size: LARGE.length, validator: null, body: body() }),
  };
  await assert.rejects(fetchFile(wrong, layer, path), (error) => hasCode(error, "DIGEST_MISMATCH"));
  assert.equal(readFileSync(path, "utf8"), "before");
  assert.deepEqual(readdirSync(directory), ["file"]);
});

test("fetchFile() replaces a link and does not write through it", async (t) => {
  const directory = tempDirectory(t);
  mkdirSync(join(directory, "elsewhere"));
  const outside = join(directory, "elsewhere", "file");
  symlinkSync(outside, join(directory, "file"));
  const memory = memoryRepository();
  await fetchFile(memory, await pushBytes(memory, "x"), join(directory, "file"));
  assert.equal(existsSync(outside), false);
  assert.equal(readFileSync(join(directory, "file"), "utf8"), "x");
});

test("fetchFile() writes the right bytes of a source that uses one buffer for all chunks", async (t) => {
  const path = join(tempDirectory(t), "file");
  const memory = memoryRepository();
  const layer = await pushBytes(memory, LARGE);
  const body = async function* () {
    const buffer = Buffer.alloc(64 * 1024);
    for (let start = 0; start < LARGE.length; start += buffer.length) {
      yield buffer.subarray(0, LARGE.copy(buffer, 0, start, start + buffer.length));
    }
  };
  const source: Source = {
    ...memory,
    openBlob: async () => ({ offset: 0, size: LARGE.length, validator: null, body: body() }),
  };
  await fetchFile(source, layer, path);
  assert.ok(LARGE.equals(readFileSync(path)));
  assert.ok(LARGE.equals(await fetchBytes(source, layer)));
});

test("every read and write is interrupted by its signal", async (t) => {
  const memory = memoryRepository();
  const directory = tempDirectory(t);
  writeFileSync(join(directory, "a"), "a");
  const layer = await pushBytes(memory, LARGE);
  await packManifest(memory, { artifactType: TYPE, layers: [layer], tag: "v1" });
  const signal = AbortSignal.abort();
  const works = {
    pushBytes: () => pushBytes(memory, "other", { signal }),
    pushFile: () => pushFile(memory, join(directory, "a"), { signal }),
    fetchBytes: () => fetchBytes(memory, layer, { signal }),
    fetchFile: () => fetchFile(memory, layer, join(directory, "b"), { signal }),
    verifiedBlob: () => collect(verifiedBlob(memory, layer, { signal })),
    copy: () => copy(memory, memoryRepository(), { from: "v1", signal }),
  };
  for (const [name, work] of Object.entries(works)) {
    await assert.rejects(work(), (error) => hasCode(error, "INTERRUPTED"), name);
  }
  assert.deepEqual(readdirSync(directory), ["a"]);
});

test("copy() keeps the tag, unless it is given another, none, or a digest to begin with", async () => {
  const source = memoryRepository();
  const { digest } = await packManifest(source, { artifactType: TYPE, tag: "v1" });
  const tagsAfter = async (options: { readonly from: string; readonly to?: string | null }) => {
    const target = memoryRepository();
    await copy(source, target, options);
    assert.equal(await target.hasManifest(digest), true);
    return target.listTags();
  };
  assert.deepEqual(await tagsAfter({ from: "v1" }), ["v1"]);
  assert.deepEqual(await tagsAfter({ from: "v1", to: "v2" }), ["v2"]);
  assert.deepEqual(await tagsAfter({ from: "v1", to: null }), []);
  assert.deepEqual(await tagsAfter({ from: digest }), []);
});

test("pushFile() and fetchFile() report their progress, up to the whole", async (t) => {
  const path = join(tempDirectory(t), "file");
  writeFileSync(path, LARGE);
  const memory = memoryRepository();
  const layer = await pushBytes(memory, LARGE);
  const works = {
    pushBytes: (onProgress: (bytes: number) => void) => pushBytes(memoryRepository(), LARGE, { onProgress }),
    pushFile: (onProgress: (bytes: number) => void) => pushFile(memoryRepository(), path, { onProgress }),
    fetchBytes: (onProgress: (bytes: number) => void) => fetchBytes(memory, layer, { onProgress }),
    fetchFile: (onProgress: (bytes: number) => void) => fetchFile(memory, layer, path, { onProgress }),
  };
  for (const [name, work] of Object.entries(works)) {
    const told: number[] = [];
    await work((bytes) => told.push(bytes));
    assert.equal(told.at(-1), LARGE.length, name);
    assert.deepEqual(
      told,
      told.toSorted((left, right) => left - right),
      name,
    );
  }
});
