import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "../errors.ts";
import { makeDirectory, syncDirectory, writeFileAtomic } from "../fs/atomic.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import type { Layout } from "./layout.ts";

export interface StoredManifest {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** What repositories hold: names for blobs and manifests, and tags for manifests. */
export interface Storage {
  /** Bytes of a blob that the repository holds; null when it does not. */
  blobSize(name: string, digest: Digest): Promise<number | null>;
  /** Makes a blob whose bytes are stored a member of the repository. */
  linkBlob(name: string, digest: Digest): Promise<void>;
  /** Takes a blob out of the repository; its bytes stay for others. False when it was not there. */
  unlinkBlob(name: string, digest: Digest): Promise<boolean>;
  hasManifest(name: string, digest: Digest): Promise<boolean>;
  readManifest(name: string, digest: Digest): Promise<StoredManifest | null>;
  writeManifest(name: string, digest: Digest, manifest: StoredManifest): Promise<void>;
  /** Removes a manifest and every tag that names it. False when it was not there. */
  removeManifest(name: string, digest: Digest): Promise<boolean>;
  readTag(name: string, tag: string): Promise<Digest | null>;
  writeTag(name: string, tag: string, digest: Digest): Promise<void>;
  removeTag(name: string, tag: string): Promise<boolean>;
  /** In byte order; null when the repository does not exist. */
  listTags(name: string): Promise<readonly string[] | null>;
}

/** Storage over files, each written beside, fsynced and renamed. */
export function createStorage(layout: Layout): Storage {
  return { ...blobMethods(layout), ...manifestMethods(layout), ...tagMethods(layout) };
}

function blobMethods(layout: Layout): Pick<Storage, "blobSize" | "linkBlob" | "unlinkBlob"> {
  return {
    async blobSize(name, digest) {
      const [link, size] = await Promise.all([sizeOf(layout.link(name, digest)), sizeOf(layout.blob(digest))]);
      return link === null ? null : size;
    },
    async linkBlob(name, digest) {
      const path = layout.link(name, digest);
      if ((await sizeOf(path)) !== null) return;
      makeDirectory(dirname(path));
      await writeFile(path, "");
      syncDirectory(dirname(path));
    },
    unlinkBlob: (name, digest) => removeFile(layout.link(name, digest)),
  };
}

function manifestMethods(
  layout: Layout,
): Pick<Storage, "hasManifest" | "readManifest" | "writeManifest" | "removeManifest"> {
  return {
    hasManifest: async (name, digest) => (await sizeOf(layout.manifest(name, digest))) !== null,
    async readManifest(name, digest) {
      const [mediaType, bytes] = await Promise.all([
        readIfThere(layout.manifest(name, digest)),
        readIfThere(layout.blob(digest)),
      ]);
      return mediaType === null || bytes === null ? null : { mediaType: mediaType.toString("utf8"), bytes };
    },
    async writeManifest(name, digest, manifest) {
      const path = layout.manifest(name, digest);
      writeFileAtomic(layout.blob(digest), manifest.bytes);
      makeDirectory(dirname(path));
      writeFileAtomic(path, manifest.mediaType);
    },
    async removeManifest(name, digest) {
      for (const tag of await listFiles(layout.tags(name))) {
        if ((await readDigest(layout.tag(name, tag))) === digest) await removeFile(layout.tag(name, tag));
      }
      return removeFile(layout.manifest(name, digest));
    },
  };
}

function tagMethods(layout: Layout): Pick<Storage, "readTag" | "writeTag" | "removeTag" | "listTags"> {
  return {
    readTag: (name, tag) => readDigest(layout.tag(name, tag)),
    async writeTag(name, tag, digest) {
      makeDirectory(layout.tags(name));
      writeFileAtomic(layout.tag(name, tag), digest);
    },
    removeTag: (name, tag) => removeFile(layout.tag(name, tag)),
    async listTags(name) {
      if ((await sizeOf(layout.manifests(name))) === null) return null;
      return (await listFiles(layout.tags(name))).toSorted();
    },
  };
}

async function readDigest(path: string): Promise<Digest | null> {
  const text = (await readIfThere(path))?.toString("utf8");
  return text !== undefined && isDigest(text) ? text : null;
}

async function sizeOf(path: string): Promise<number | null> {
  return (await orNull(stat(path)))?.size ?? null;
}

function readIfThere(path: string): Promise<Buffer | null> {
  return orNull(readFile(path));
}

/** Files a crash left half-written have names that no tag has. */
async function listFiles(directory: string): Promise<readonly string[]> {
  const names = (await orNull(readdir(directory))) ?? [];
  return names.filter((name) => !name.startsWith("."));
}

async function removeFile(path: string): Promise<boolean> {
  const removed = (await orNull(rm(path).then(() => true))) ?? false;
  if (removed) syncDirectory(dirname(path));
  return removed;
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}
