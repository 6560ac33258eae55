import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Digest, digestOf } from "../../src/oci/digest.ts";
import { type RawEntry, tarOf } from "../archive/tar-builder.ts";

export const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";

/** What a layer has at a path: a program's bytes, a link, or anything that a tar can hold. */
export type LayerContent = Buffer | string | { readonly link: string } | Partial<RawEntry>;

/** A layer of a test image. */
export interface TestLayer {
  readonly files: Readonly<Record<string, LayerContent>>;
  readonly mediaType?: string;
  /** How it is compressed. Default: gzip. */
  readonly compress?: (tar: Buffer) => Buffer;
  /** What the config says of it. Default: the truth. */
  readonly diffId?: string;
}

/** An image that is made by hand, so that any part of it may be wrong. */
export interface TestImage {
  /** The lowest first. */
  readonly layers: readonly TestLayer[];
  /** `config` of the image config; null: the image has no config at all. */
  readonly config: object | null;
  readonly architecture?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** `rootfs.diff_ids` in place of the true ones. */
  readonly diffIds?: readonly string[];
}

interface Blob {
  readonly bytes: Buffer;
  readonly digest: Digest;
}

/** Writes images into an OCI layout, each under its tag; gives the digest of each manifest. */
export function writeImages(
  directory: string,
  images: Readonly<Record<string, TestImage>>,
): ReadonlyMap<string, Digest> {
  const blobs = join(directory, "blobs", "sha256");
  mkdirSync(blobs, { recursive: true });
  const put = (bytes: Buffer): Blob => {
    const digest = digestOf(bytes);
    writeFileSync(join(blobs, digest.slice("sha256:".length)), bytes);
    return { bytes, digest };
  };
  const written = Object.entries(images).map(([tag, image]) => ({ tag, manifest: putImage(image, put) }));
  const manifests = written.map(({ tag, manifest }) => ({
    ...describe("application/vnd.oci.image.manifest.v1+json", manifest),
    annotations: { "org.opencontainers.image.ref.name": tag },
  }));
  writeFileSync(join(directory, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  return new Map(written.map(({ tag, manifest }) => [tag, manifest.digest]));
}

function putImage(image: TestImage, put: (bytes: Buffer) => Blob): Blob {
  const layers = image.layers.map((layer) => {
    const tar = tarOf(...Object.entries(layer.files).map(([path, content]) => entryOf(path, content)));
    const blob = put((layer.compress ?? gzipSync)(tar));
    return { ...describe(layer.mediaType ?? LAYER_TYPE, blob), diffId: layer.diffId ?? digestOf(tar) };
  });
  const config = image.config === null ? null : put(configOf(image, layers));
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    ...(config === null ? {} : { config: describe(CONFIG_TYPE, config) }),
    layers: layers.map(({ diffId: _, ...layer }) => layer),
    ...(image.annotations === undefined ? {} : { annotations: image.annotations }),
  };
  return put(Buffer.from(JSON.stringify(manifest)));
}

function configOf(image: TestImage, layers: readonly { readonly diffId: string }[]): Buffer {
  const { config, architecture = "amd64", diffIds = layers.map(({ diffId }) => diffId) } = image;
  const rootfs = { type: "layers", diff_ids: diffIds };
  return Buffer.from(JSON.stringify({ architecture, os: "linux", config, rootfs }));
}

function describe(mediaType: string, { bytes, digest }: Blob) {
  return { mediaType, digest, size: bytes.length };
}

function entryOf(path: string, content: LayerContent): RawEntry {
  if (typeof content === "string" || Buffer.isBuffer(content)) return { path, body: content, mode: 0o755 };
  if ("link" in content) return { path, type: "2", target: content.link, mode: 0o777 };
  return { path, mode: 0o755, ...content };
}
