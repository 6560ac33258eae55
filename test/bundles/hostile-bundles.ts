import { digestOf } from "../../src/oci/digest.ts";
import { pax, type RawEntry, tarOf } from "../archive/tar-builder.ts";

/** The files of a layout, by their names in its tar. */
export type LayoutContent = ReadonlyMap<string, Buffer>;

/** A document, as it is read to be changed. */
export type Json = Record<string, unknown>;

/** A tar that cannot be a bundle, or one that says something else than what is in it. */
export interface HostileBundle {
  readonly what: string;
  readonly bytes: Buffer;
}

/** The files in a tar of a layout. */
export function contentOf(tar: Buffer): LayoutContent {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const name = tar.toString("latin1", at, at + 100).replace(/\0.*$/s, "");
    const size = Number.parseInt(tar.toString("latin1", at + 124, at + 135), 8);
    if (tar[at + 156] === 0x30) files.set(name, tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

/** The tar of a layout, with what is added to it. */
export function bundleTar(content: LayoutContent, ...more: readonly RawEntry[]): Buffer {
  return tarOf(...[...content].map(([path, body]) => ({ path, body })), ...more);
}

/** The same with other documents: what names them is changed along, so that only what they say is wrong. */
export function changed(
  content: LayoutContent,
  change: { readonly root?: (root: Json) => unknown; readonly table?: (table: Json) => unknown },
): LayoutContent {
  const files = new Map(content);
  const read = (digest: unknown): Json => JSON.parse(String(files.get(blobName(String(digest)))));
  const write = (value: unknown) => {
    const bytes = typeof value === "string" ? Buffer.from(value) : Buffer.from(JSON.stringify(value));
    files.set(blobName(digestOf(bytes)), bytes);
    return { digest: digestOf(bytes), size: bytes.length };
  };
  const layout = JSON.parse(String(files.get("index.json"))) as { manifests: Json[] };
  const top = layout.manifests.find(({ annotations }) => JSON.stringify(annotations).includes(':"bundle"'));
  const root = read(top?.["digest"]) as { manifests: Json[] };
  if (change.table !== undefined) {
    const [entry] = root.manifests;
    const manifest = read(entry?.["digest"]) as { layers: Json[] };
    Object.assign(manifest.layers[0] ?? {}, write(change.table(read(manifest.layers[0]?.["digest"]))));
    Object.assign(entry ?? {}, write(manifest));
  }
  Object.assign(top ?? {}, write(change.root?.(root) ?? root));
  return files.set("index.json", Buffer.from(JSON.stringify(layout)));
}

export function blobName(digest: string): string {
  return `blobs/${digest.replace(":", "/")}`;
}

/** What would be somewhere else if it were placed. */
export const EVIL = "evil-member";

/** Members that no layout has. None of them is placed anywhere; they hide nothing that is there. */
export function strangeMembers(): readonly RawEntry[] {
  const body = "evil";
  return [
    { path: `../${EVIL}`, body },
    { path: `/tmp/${EVIL}`, body },
    { path: `blobs/sha256/../../../${EVIL}`, body },
    { path: "blobs/sha256/link", type: "2", target: "/etc/passwd" },
    { path: "blobs/sha512", type: "2", target: "/tmp" },
    { path: `blobs/sha256/${"0".repeat(64)}`, type: "1", target: "/etc/passwd" },
    { path: "blobs/sha256/device", type: "3" },
    { path: "blobs/sha256/fifo", type: "6" },
    pax({ path: `../${EVIL}` }),
    { path: "x", body },
  ];
}

/** What makes a tar one that cannot be read. */
export function damagedTars(content: LayoutContent): readonly HostileBundle[] {
  const body = "evil";
  const sparse = { "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9".repeat(15) };
  const members: readonly (readonly [what: string, ...entries: RawEntry[]])[] = [
    ["a size in a PAX header", pax({ size: "99999999999999" }), { path: "x", body }],
    ["a sparse file", pax(sparse), { path: "x", body }],
    ["a sparse file as GNU's tar wrote it", { path: "x", type: "S", body }],
    ["a PAX header of 64 MB", { path: "h", type: "x", size: 64 * 1024 * 1024 }],
    ["a long name of 64 MB", { path: "h", type: "L", size: 64 * 1024 * 1024 }],
    ["a size below nothing", { path: "x", binarySize: Buffer.alloc(12, 0xff) }],
    ["a size beyond all", { path: "x", binarySize: Buffer.from("80ffffffffffffffffffffff", "hex") }],
    ["another index.json after the first", { path: "index.json", body: "{" }],
    ["another index.json, with a dot before", { path: "./index.json", body: '{"manifests":[]}' }],
  ];
  return members.map(([what, ...more]) => ({ what, bytes: bundleTar(content, ...more) }));
}

/** A bundle that is cut off, where a reader may not notice, and where it may. */
export function cutOff(whole: Buffer, content: LayoutContent): readonly HostileBundle[] {
  const program = whole.indexOf(largest(content)) + 100;
  const ends: readonly (readonly [string, number])[] = [
    ["in its first header", 100],
    ["after its first header", 512],
    ["in a blob", program],
    ["at half", whole.length >> 1],
    ["before oci-layout", whole.indexOf("oci-layout\0")],
    ["in oci-layout", whole.indexOf("oci-layout\0") + 520],
  ];
  return ends.map(([where, length]) => ({ what: `cut off ${where}`, bytes: whole.subarray(0, length) }));
}

function largest(content: LayoutContent): Buffer {
  return [...content.values()].reduce((one, other) => (other.length > one.length ? other : one));
}

export function withFile(content: LayoutContent, name: string, body: Buffer | string | null): Buffer {
  const files = new Map(content);
  if (body === null) files.delete(name);
  else files.set(name, Buffer.from(body));
  return bundleTar(files);
}
