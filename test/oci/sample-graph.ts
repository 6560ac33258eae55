import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { BlobUpload, RawDocument, Target } from "../../src/oci/content.ts";
import type { CopyOptions } from "../../src/oci/copy-options.ts";
import { type Digest, parseDigest } from "../../src/oci/digest.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../../src/oci/media-types.ts";

export const calm = new AbortController().signal;

export function digestOf(bytes: Uint8Array, algorithm = "sha256"): Digest {
  return parseDigest(`${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`);
}

export function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "pkg-layout-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface SampleImage extends RawDocument {
  readonly blobs: readonly Buffer[];
}

export interface ImageParts {
  readonly config?: Buffer;
  readonly configType?: string;
  readonly layers?: readonly Buffer[];
  readonly layerType?: string;
  readonly algorithm?: "sha256" | "sha512";
  readonly fields?: Readonly<Record<string, unknown>>;
}

export function describe(bytes: Buffer, mediaType: string, algorithm = "sha256") {
  return { mediaType, digest: digestOf(bytes, algorithm), size: bytes.length };
}

export function image(parts: ImageParts = {}): SampleImage {
  const { config = Buffer.from("{}"), layers = [Buffer.from("layer")], algorithm = "sha256", fields = {} } = parts;
  const { configType = "application/vnd.oci.image.config.v1+json" } = parts;
  const { layerType = "application/vnd.oci.image.layer.v1.tar" } = parts;
  // Spaces and an unknown field: bytes that re-encoding would not reproduce by chance.
  const bytes = Buffer.from(
    JSON.stringify(
      {
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        config: describe(config, configType, algorithm),
        layers: layers.map((layer) => describe(layer, layerType, algorithm)),
        "x-unknown": 1,
        ...fields,
      },
      null,
      3,
    ),
  );
  return { bytes, mediaType: OCI_MANIFEST, digest: digestOf(bytes), blobs: [config, ...layers] };
}

export function index(children: readonly RawDocument[], fields: Readonly<Record<string, unknown>> = {}): RawDocument {
  const platforms = [
    { os: "linux", architecture: "amd64" },
    { os: "linux", architecture: "arm64", variant: "v8" },
  ];
  const manifests = children.map((child, position) => ({
    ...describe(child.bytes, child.mediaType),
    ...(platforms[position] === undefined ? {} : { platform: platforms[position] }),
  }));
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests, ...fields }, null, 2));
  return { bytes, mediaType: OCI_INDEX, digest: digestOf(bytes) };
}

export function noteOn(subject: RawDocument, text: string): SampleImage {
  const fields = {
    artifactType: "text/note",
    subject: describe(subject.bytes, subject.mediaType),
    annotations: { text },
  };
  return image({ layers: [Buffer.from(text)], configType: "application/vnd.oci.empty.v1+json", fields });
}

export function upload(bytes: Buffer, algorithm = "sha256"): BlobUpload {
  const open = async (offset: number) => chunks(bytes.subarray(offset));
  return { digest: digestOf(bytes, algorithm), size: bytes.length, open, mountFrom: null };
}

export async function* chunks(bytes: Buffer, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

export async function pushImage(target: Target, sample: SampleImage, tag: string | null): Promise<void> {
  for (const blob of sample.blobs)
    await target.pushBlob(upload(blob, sample.bytes.includes("sha512:") ? "sha512" : "sha256"), calm);
  await target.pushManifest({ ...sample, tag }, calm);
}

export async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts);
}

/** No waits between tries. */
export const RETRY = {
  policy: { attempts: 4, patienceMs: 60_000, baseMs: 1, capMs: 1 },
  random: () => 0,
  sleep: async () => {},
};

export function copyOptions(options: Partial<CopyOptions> = {}): CopyOptions {
  const defaults = { from: "1", to: "1", platform: "all", referrers: false, concurrency: 4, mountFrom: null } as const;
  return { ...defaults, retry: RETRY, signal: calm, ...options };
}
