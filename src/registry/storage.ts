import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { type LayoutIndex, withManifest, withoutManifest, withoutTag } from "../oci-layout/index-json.ts";
import type { DiskReserve } from "./disk-reserve.ts";
import { createFactsCache } from "./facts-cache.ts";
import { listIndexedRepositories } from "./list-repositories.ts";
import { factsOf } from "./manifest-facts.ts";
import { createRepositoryIndexes, type RepositoryIndexes } from "./repository-index.ts";
import { viewOf } from "./repository-view.ts";
import type { StoragePaths } from "./storage-paths.ts";
import type { NewManifest, StoredManifest } from "./stored-manifest.ts";

/** The content of the repositories: which blobs and manifests belong to them, and which tags name a manifest. */
export interface Storage {
  /** True when the bytes are stored, in any repository. */
  hasBytes(digest: Digest): Promise<boolean>;
  /** Bytes of a blob that the repository holds; null when it does not. */
  blobSize(name: string, digest: Digest): Promise<number | null>;
  /** Makes a blob whose bytes are stored a member of the repository. */
  linkBlob(name: string, digest: Digest): Promise<void>;
  /** Takes a blob out of the repository; its bytes stay for others. False when it was not there. */
  unlinkBlob(name: string, digest: Digest): Promise<boolean>;
  hasManifest(name: string, digest: Digest): Promise<boolean>;
  readManifest(name: string, digest: Digest): Promise<StoredManifest | null>;
  /**
   * Stores a manifest with its tags in one step: a reader sees all of it or nothing. False when its condition does not
   * hold: nothing is changed then.
   *
   * @throws {PkgError} DISK_FULL
   */
  writeManifest(name: string, manifest: NewManifest): Promise<boolean>;
  /** Removes a manifest and every tag that names it. False when it was not there. */
  removeManifest(name: string, digest: Digest): Promise<boolean>;
  readTag(name: string, tag: string): Promise<Digest | null>;
  /** Removes a tag; its manifest stays. False when it was not there. */
  removeTag(name: string, tag: string): Promise<boolean>;
  /** In byte order; null when the repository does not exist. */
  listTags(name: string): Promise<readonly string[] | null>;
  /** Every manifest once, as `index.json` describes it. */
  listManifests(name: string): Promise<readonly Descriptor[]>;
  /** Digests of the manifests whose subject is `subject`, of one type or of any (null), in byte order. */
  listReferrers(name: string, subject: Digest, artifactType: string | null): Promise<readonly Digest[]>;
  /** In byte order. */
  listRepositories(): Promise<readonly string[]>;
}

/** Storage in files, each written under another name, synced, then renamed. Only one process may write at a time. */
export function createStorage(paths: StoragePaths, reserve: DiskReserve): Storage {
  const indexes = createRepositoryIndexes(paths);
  return {
    ...blobMethods(paths),
    ...manifestMethods(paths, indexes, reserve),
    ...tagMethods(indexes),
    listRepositories: () => listIndexedRepositories(paths),
  };
}

function blobMethods(paths: StoragePaths): Pick<Storage, "hasBytes" | "blobSize" | "linkBlob" | "unlinkBlob"> {
  const { files } = paths;
  return {
    hasBytes: async (digest) => (await files.stat(paths.blob(digest))) !== null,
    async blobSize(name, digest) {
      const [link, blob] = await Promise.all([files.stat(paths.link(name, digest)), files.stat(paths.blob(digest))]);
      return link === null || blob === null ? null : Number(blob.size);
    },
    async linkBlob(name, digest) {
      const path = paths.link(name, digest);
      // Its age protects a blob that no manifest names yet from the garbage collector.
      if (await files.touch(path)) return;
      files.makeDirectory(paths.links(name));
      await files.create(path, "");
      files.sync(paths.links(name));
    },
    unlinkBlob: (name, digest) => files.remove(paths.link(name, digest)),
  };
}

type ManifestMethods = Pick<
  Storage,
  "hasManifest" | "readManifest" | "writeManifest" | "removeManifest" | "listManifests" | "listReferrers"
>;

function manifestMethods(paths: StoragePaths, indexes: RepositoryIndexes, reserve: DiskReserve): ManifestMethods {
  const facts = createFactsCache(paths);
  const read = async (name: string) => viewOf(await indexes.read(name)).byDigest;
  const listManifests = async (name: string) => [...(await read(name)).values()];
  return {
    listManifests,
    hasManifest: async (name, digest) => (await read(name)).has(digest),
    async readManifest(name, digest) {
      const descriptor = (await read(name)).get(digest);
      const bytes = descriptor === undefined ? null : await paths.files.read(paths.blob(digest));
      return descriptor === undefined || bytes === null ? null : { mediaType: descriptor.mediaType, bytes };
    },
    async writeManifest(name, manifest) {
      const { digest, bytes } = manifest;
      await reserve.check();
      const path = paths.blob(digest);
      if (!(await paths.files.touch(path))) await paths.files.write(path, bytes);
      facts.remember(digest, factsOf(bytes));
      return indexes.change(name, (index) => {
        const isWanted = holds(index, manifest);
        return { index: isWanted ? withTags(index, manifest) : index, result: isWanted };
      });
    },
    removeManifest: (name, digest) =>
      indexes.change(name, (index) => {
        const isThere = viewOf(index).byDigest.has(digest);
        return { index: isThere ? withoutManifest(index, digest) : index, result: isThere };
      }),
    async listReferrers(name, subject, artifactType) {
      const found: Digest[] = [];
      for (const { digest } of await listManifests(name)) {
        const known = await facts.of(digest);
        const matches = artifactType === null || known.artifactType === artifactType;
        if (known.subject === subject && matches) found.push(digest);
      }
      return found.toSorted();
    },
  };
}

function tagMethods(indexes: RepositoryIndexes): Pick<Storage, "readTag" | "removeTag" | "listTags"> {
  return {
    readTag: async (name, tag) => viewOf(await indexes.read(name)).byTag.get(tag) ?? null,
    removeTag: (name, tag) =>
      indexes.change(name, (index) => {
        const isThere = viewOf(index).byTag.has(tag);
        return { index: isThere ? withoutTag(index, tag) : index, result: isThere };
      }),
    async listTags(name) {
      const index = await indexes.read(name);
      return index === null ? null : viewOf(index).tags;
    },
  };
}

function holds(index: LayoutIndex, { condition }: NewManifest): boolean {
  if (condition === undefined) return true;
  const { reference } = condition;
  const view = viewOf(index);
  if (reference.kind === "tag") return condition.holds(view.byTag.get(reference.tag) ?? null);
  return condition.holds(view.byDigest.has(reference.digest) ? reference.digest : null);
}

function withTags(index: LayoutIndex, manifest: NewManifest): LayoutIndex {
  const { digest, mediaType, bytes, tags } = manifest;
  const { artifactType } = factsOf(bytes);
  const type = artifactType === null ? {} : { artifactType };
  const descriptor: Descriptor = { mediaType, digest, size: bytes.byteLength, annotations: {}, ...type };
  if (tags.length === 0) return withManifest(index, descriptor, null);
  return tags.reduce((edited, tag) => withManifest(edited, descriptor, tag), index);
}
