import assert from "node:assert/strict";
import { hashHex } from "../../src/base/hashes.ts";
import { buildManifest, descriptorOf } from "../../src/oci/artifact.ts";
import { fetchBytes, pushBytes } from "../../src/oci/blob-bytes.ts";
import { type Descriptor, TITLE_ANNOTATION } from "../../src/oci/descriptor.ts";
import { buildIndex } from "../../src/oci/image-index-edit.ts";
import { createSigner } from "../../src/sign/create-signer.ts";
import { secretKeyOf } from "../../src/sign/secret-key.ts";
import { parseSecretKeyFile } from "../../src/sign/secret-key-file.ts";
import type { Signer } from "../../src/sign/signer.ts";
import { SECRET_KEY } from "../publish/world.ts";
import type { IndexWorld } from "./world.ts";

export type PackageFiles = Map<string, Buffer>;

const HOST_TAG = "8.14.1-x86_64-linux";

/** Publishes trurl 8.14.1 for one platform, then puts other files in the place of its own, under the same tags. */
export async function republish(world: IndexWorld, edit: (files: PackageFiles) => void): Promise<void> {
  await world.publish({ typed: { files: ["x64/trurl@linux/amd64"] } });
  const { signal } = world.context;
  const place = await world.repository("me/tools/trurl");
  const document = await place.fetchManifest("8.14.1", signal);
  assert.ok(document.kind === "index");
  const platform = await place.fetchManifest(HOST_TAG, signal);
  assert.ok(platform.kind === "manifest");
  const files: PackageFiles = new Map();
  const types = new Map<string, string>();
  for (const layer of platform.manifest.layers) {
    const title = layer.annotations[TITLE_ANNOTATION] ?? "";
    files.set(title, await fetchBytes(place, layer));
    types.set(title, layer.mediaType);
  }
  edit(files);
  const layers: Descriptor[] = [];
  for (const [title, bytes] of files) {
    layers.push(await pushBytes(place, bytes, { title, mediaType: types.get(title) ?? "text/plain" }));
  }
  const manifest = buildManifest({ ...platform.manifest, layers, subject: null });
  await place.pushManifest({ ...manifest, tag: HOST_TAG }, signal);
  const [listed] = document.index.manifests;
  assert.ok(listed !== undefined);
  const manifests = [{ ...listed, ...descriptorOf(manifest), annotations: listed.annotations }];
  const index = buildIndex({ manifests, annotations: document.index.annotations, artifactType: null, subject: null });
  await place.pushManifest({ ...index, tag: "8.14.1" }, signal);
}

/** The key of every package in these tests. */
export function packageSigner(): Signer {
  const file = parseSecretKeyFile(Buffer.from(SECRET_KEY), "test");
  assert.ok(file.kind === "open");
  return createSigner(file.key);
}

/** A key that nobody trusts. */
export function strangeSigner(): Signer {
  return createSigner(secretKeyOf(Buffer.alloc(8, 66), Buffer.alloc(32, 66)));
}

/** The signature file of a title, by some signer. */
export function signatureOf(signer: Signer, title: string, bytes: Uint8Array): Buffer {
  return signer.sign({ blake2b512: hashHex("blake2b512", bytes), fileName: title, timestamp: null });
}
