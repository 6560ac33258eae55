import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { repositoryOf, tagOf } from "../../src/index/homebrew/names.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../../src/oci/media-types.ts";
import type { Bottle } from "./bottle.ts";
import { type SampleFormula, TAG } from "./sample-formula.ts";

export interface PushOptions {
  /** Of the registry, e.g. `http://127.0.0.1:5000`. */
  readonly url: string;
  readonly formula?: Pick<SampleFormula, "rebuild" | "isForAll" | "dependencies">;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const CONFIG = "application/vnd.oci.image.config.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

/** Pushes a bottle as Homebrew does: a layer, a manifest for each platform, and an index of these by tag. */
export async function pushBottle(bottle: Bottle, { url, formula = {} }: PushOptions): Promise<void> {
  const base = `${url}/v2/${repositoryOf(bottle.name)}`;
  const diffId = `sha256:${createHash("sha256").update(gunzipSync(bottle.bytes)).digest("hex")}`;
  const layer = await pushBlob(base, bottle.bytes, LAYER);
  const config = await pushBlob(
    base,
    json({ ...platform(TAG), rootfs: { type: "layers", diff_ids: [diffId] } }),
    CONFIG,
  );
  const tag = tagOf(bottle.version, formula.rebuild ?? 0);
  const platforms = formula.isForAll === true ? ["all"] : [TAG, "arm64_sequoia"];
  const manifests = [];
  for (const name of platforms) {
    const annotations = annotationsOf(bottle, { refName: `${tag}.${name}`, formula });
    const title = `${bottle.name}--${bottle.version}.${name}.bottle.tar.gz`;
    const layers = [{ ...layer, annotations: { "org.opencontainers.image.title": title } }];
    const manifest = json({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers, annotations });
    const pushed = await putManifest(`${base}/manifests/${digestOf(manifest)}`, manifest, OCI_MANIFEST);
    manifests.push({ ...pushed, platform: platform(name), annotations });
  }
  const annotations = { "org.opencontainers.image.title": `homebrew/core/${bottle.name}` };
  const index = json({ schemaVersion: 2, mediaType: OCI_INDEX, manifests, annotations });
  await putManifest(`${base}/manifests/${tag}`, index, OCI_INDEX);
}

function platform(name: string): Readonly<Record<string, string>> {
  const architecture = name.startsWith("arm64") ? "arm64" : "amd64";
  if (name === "arm64_sequoia") return { architecture, os: "darwin", "os.version": "macOS 15" };
  return { architecture, os: "linux", "os.version": "Ubuntu 22.04.5 LTS" };
}

function annotationsOf(
  bottle: Bottle,
  { refName, formula }: { refName: string; formula: NonNullable<PushOptions["formula"]> },
) {
  const dependencies = (formula.dependencies ?? []).map((name) => ({ full_name: name, declared_directly: true }));
  const tab = { homebrew_version: "5.1.15", changed_files: bottle.changedFiles, runtime_dependencies: dependencies };
  return {
    "org.opencontainers.image.ref.name": refName,
    "sh.brew.bottle.digest": bottle.sha256,
    "sh.brew.bottle.glibc.version": "2.36",
    "sh.brew.bottle.installed_size": String(bottle.installedBytes),
    "sh.brew.bottle.size": String(bottle.bytes.length),
    "sh.brew.path_exec_files": bottle.programs.join(","),
    "sh.brew.tab": JSON.stringify(tab),
  };
}

async function pushBlob(base: string, bytes: Buffer, mediaType: string): Promise<Descriptor> {
  const digest = digestOf(bytes);
  const started = await send(`${base}/blobs/uploads/`, { method: "POST" }, 202);
  const target = new URL(started.headers.get("location") ?? "", base);
  target.searchParams.set("digest", digest);
  const headers = { "content-type": "application/octet-stream" };
  await send(target, { method: "PUT", headers, body: new Uint8Array(bytes) }, 201);
  return { mediaType, digest, size: bytes.length };
}

async function putManifest(url: string, bytes: Buffer, mediaType: string): Promise<Descriptor> {
  await send(url, { method: "PUT", headers: { "content-type": mediaType }, body: new Uint8Array(bytes) }, 201);
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

async function send(url: URL | string, init: RequestInit, expected: number): Promise<Response> {
  const response = await fetch(url, init);
  const body = await response.text();
  if (response.status === expected) return response;
  throw new Error(`"${init.method} ${url}" answered ${response.status}, expected ${expected}: ${body}`);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
