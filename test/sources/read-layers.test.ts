import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { EMPTY_DESCRIPTOR } from "../../src/oci/artifact.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { readFiles } from "../../src/sources/read-layers.ts";
import { tarOf } from "../archive/tar-builder.ts";

test("readFiles() gives all of each file, though the parts of a layer are unpacked into the same memory", async () => {
  const contents = { "lib/a.so": randomBytes(900_000), "lib/b.so": randomBytes(700_000) };
  const tar = tarOf(...Object.entries(contents).map(([path, body]) => ({ path, body })));
  const image = {
    name: "sample",
    layers: [{ blob: EMPTY_DESCRIPTOR, diffId: digestOf(tar), position: 1 }],
    open: async () => packed(tar),
    signal: new AbortController().signal,
  };
  const wanted = Object.entries(contents).map(([path, { length }]) => ({
    ...{ kind: "file" as const, path, layer: 0, mode: 0o644, size: length, hasCapabilities: false },
  }));
  const found = await readFiles(image, wanted);
  for (const [path, content] of Object.entries(contents)) assert(found.get(path)?.equals(content), path);
});

async function* packed(tar: Buffer): AsyncGenerator<Uint8Array> {
  yield gzipSync(tar);
}
