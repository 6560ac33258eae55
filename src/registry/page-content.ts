import { PkgError } from "../errors.ts";
import { type Descriptor, type DescriptorPlatform, TITLE_ANNOTATION } from "../oci/descriptor.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { type ImageIndex, type Manifest, type ManifestDocument, parseManifestDocument } from "../oci/manifest.ts";
import { INDEX_ARTIFACT_TYPE, PACKAGE_TYPE, TYPE_ANNOTATION } from "../package/artifact-types.ts";
import { mainTitles } from "../package/file-names.ts";
import { withoutHost } from "../package/platform.ts";
import { newestTagsFirst } from "../package/tag-order.ts";
import { cutPage } from "./page-cut.ts";
import { mayBeProgram } from "./page-program.ts";
import { signingKeyId } from "./page-signature.ts";
import type { Storage } from "./storage.ts";
import type { StoragePaths } from "./storage-paths.ts";

/** What a request asks of the page. */
export interface PageQuery {
  /** Part of a repository's name; empty: all repositories. */
  readonly search: string;
  /** From 1. */
  readonly page: number;
  /** All versions of one repository; null: the newest of each. */
  readonly repository: string | null;
}

/** What the page shows. */
export interface PageContent {
  /** The query, with the number of a page that exists. */
  readonly query: PageQuery;
  /** The number of repositories, or of versions of the one repository, on all pages. */
  readonly total: number;
  readonly pages: number;
  readonly repositories: readonly RepositoryEntry[];
}

/** A repository and its versions. */
export interface RepositoryEntry {
  readonly name: string;
  /** Newest first. */
  readonly versions: readonly VersionEntry[];
  readonly versionCount: number;
}

/** A manifest and the tags that name it. */
export interface VersionEntry {
  /** The newest first. */
  readonly tags: readonly string[];
  readonly digest: Digest;
  readonly kind: "package" | "index" | "files" | "image" | "other";
  readonly artifactType: string | null;
  readonly description: string | null;
  /** An SPDX expression, as its publisher wrote it. */
  readonly license: string | null;
  /** When it says that it was made. */
  readonly created: string | null;
  /** When it came here: a day, as in ISO 8601; null if its manifest is not here. */
  readonly stored: string | null;
  /** The id of the key that it says it is signed with; nobody has verified that here. */
  readonly keyId: string | null;
  readonly platforms: readonly string[];
  readonly files: readonly FileEntry[];
  /** Bytes of all layers and configs. */
  readonly bytes: number;
}

/** A file that a layer holds. */
export interface FileEntry {
  readonly title: string;
  readonly bytes: number;
  /** The platform of the manifest it is in; null when there is only one manifest. */
  readonly platform: string | null;
}

const REPOSITORIES_PER_PAGE = 20;
const VERSIONS_PER_PAGE = 50;
const NEWEST_VERSIONS = 3;
const MAX_CHILDREN = 16;
const MAX_FILES = 200;

/** Tags of lists of referrers, for registries without the API (OCI distribution-spec 1.1, "Referrers Tag Schema"). */
const REFERRERS_TAG = /^sha(?:256|512)-[0-9a-f]{64}/;

/** Where the content is. */
export interface PagePlace {
  readonly storage: Storage;
  readonly paths: StoragePaths;
}

/** Reads what the page at `/` shows, and no more. A number beyond the last page means the last page. */
export async function readPageContent(place: PagePlace, query: PageQuery): Promise<PageContent> {
  const names = await place.storage.listRepositories();
  const { repository, search } = query;
  if (repository === null) return manyRepositories(place, query, names.filter(matching(search)));
  if (names.includes(repository)) return oneRepository(place, query, repository);
  return { query, total: 0, pages: 1, repositories: [] };
}

/** Whether the name contains every word. */
function matching(search: string): (name: string) => boolean {
  const words = search.toLowerCase().split(/\s+/);
  return (name) => words.every((word) => name.includes(word));
}

async function manyRepositories(place: PagePlace, query: PageQuery, names: readonly string[]): Promise<PageContent> {
  const { entries, ...cut } = cutPage(names, query.page, REPOSITORIES_PER_PAGE);
  const read = async (name: string): Promise<RepositoryEntry> => {
    const groups = await tagGroups(place.storage, name);
    const versions = await readVersions(place, name, groups.slice(0, NEWEST_VERSIONS));
    return { name, versions, versionCount: groups.length };
  };
  return {
    query: { ...query, page: cut.page },
    total: cut.total,
    pages: cut.pages,
    repositories: await Promise.all(entries.map(read)),
  };
}

async function oneRepository(place: PagePlace, query: PageQuery, name: string): Promise<PageContent> {
  const { entries, ...cut } = cutPage(await tagGroups(place.storage, name), query.page, VERSIONS_PER_PAGE);
  const versions = await readVersions(place, name, entries);
  return {
    query: { ...query, page: cut.page },
    total: cut.total,
    pages: cut.pages,
    repositories: [{ name, versions, versionCount: cut.total }],
  };
}

function readVersions(place: PagePlace, name: string, groups: readonly TagGroup[]): Promise<readonly VersionEntry[]> {
  return Promise.all(groups.map((group) => readVersion(place, name, group)));
}

interface TagGroup {
  readonly digest: Digest;
  readonly tags: readonly string[];
}

/** The tags grouped by manifest, the group with the newest release first. */
async function tagGroups(storage: Storage, name: string): Promise<readonly TagGroup[]> {
  const all = ((await storage.listTags(name)) ?? []).filter((tag) => !REFERRERS_TAG.test(tag));
  const tags = withoutHostTags(all);
  const groups = new Map<Digest, string[]>();
  for (const tag of newestTagsFirst(tags)) {
    const digest = await storage.readTag(name, tag);
    if (digest === null) continue;
    const group = groups.get(digest);
    if (group === undefined) groups.set(digest, [tag]);
    else group.push(tag);
  }
  return [...groups].map(([digest, group]) => ({ digest, tags: group }));
}

/** Without those of a version's single platforms, which are no versions of their own: `8.14.1-x86_64-linux` beside `8.14.1`. */
function withoutHostTags(tags: readonly string[]): readonly string[] {
  const known = new Set(tags);
  return tags.filter((tag) => {
    const version = withoutHost(tag.replace(LIBC_ENDING, "$1"));
    return version === tag || !known.has(version);
  });
}

/** Of several builds for one host, the tags of the others end in their C library. */
const LIBC_ENDING = /(-linux)-(?:glibc|musl|static)$/i;

async function readVersion(
  { storage, paths }: PagePlace,
  name: string,
  { digest, tags }: TagGroup,
): Promise<VersionEntry> {
  const document = await readManifestOrNull(storage, name, digest);
  const nothing = { tags, digest, artifactType: null, description: null, platforms: [], files: [] };
  if (document === null) return { ...nothing, ...NOTHING_SAID, kind: "other", bytes: 0 };
  const parts =
    document.kind === "manifest"
      ? [{ manifest: document.manifest, platform: null }]
      : await readChildren(storage, name, document.index);
  const top = document.kind === "manifest" ? document.manifest : document.index;
  const files = parts.flatMap(({ manifest, platform }) => filesOf(manifest, platform));
  return {
    tags,
    digest,
    artifactType: top.artifactType ?? artifactTypeOf(parts[0]?.manifest ?? null),
    description: annotation(top, "description"),
    license: annotation(top, "licenses"),
    created: annotation(top, "created"),
    stored: await storedOn(paths, digest),
    keyId: await keyIdOf(paths, parts[0]?.manifest, lastWord(name)),
    platforms: document.kind === "index" ? platformsOf(document.index) : [],
    files: files.slice(0, MAX_FILES),
    bytes: parts.reduce((sum, { manifest }) => sum + sizeOf(manifest), 0),
    kind: kindOf(files, { type: typeOf(top), isProgram: await isProgram({ storage, paths }, name, parts) }),
  };
}

const NOTHING_SAID = { license: null, created: null, stored: null, keyId: null };

/** The day on which its file was written. */
async function storedOn(paths: StoragePaths, digest: Digest): Promise<string | null> {
  const stats = await paths.files.stat(paths.blob(digest));
  return stats === null ? null : new Date(Number(stats.mtimeMs)).toISOString().slice(0, 10);
}

async function keyIdOf(paths: StoragePaths, manifest: Manifest | undefined, name: string): Promise<string | null> {
  return manifest === undefined ? null : unlessOdd(() => signingKeyId(paths, manifest, name));
}

/** Null for a manifest with titles that no file may have. */
async function unlessOdd<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof PkgError) return null;
    throw error;
  }
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The type that a manifest, or the annotation of an image index, gives. */
function typeOf({ artifactType, annotations }: Pick<Manifest, "artifactType" | "annotations">): string | null {
  return artifactType ?? annotations[TYPE_ANNOTATION] ?? null;
}

interface Part {
  readonly manifest: Manifest;
  readonly platform: string | null;
}

async function readChildren(storage: Storage, name: string, index: ImageIndex): Promise<readonly Part[]> {
  const children = index.manifests.slice(0, MAX_CHILDREN).map(async ({ digest, platform }) => {
    const document = await readManifestOrNull(storage, name, digest);
    if (document?.kind !== "manifest") return [];
    return [{ manifest: document.manifest, platform: platform === undefined ? null : formatPlatform(platform) }];
  });
  return (await Promise.all(children)).flat();
}

/** Null for a manifest that is not here, which is normal in a cache, or that cannot be read. */
async function readManifestOrNull(storage: Storage, name: string, digest: Digest): Promise<ManifestDocument | null> {
  const stored = await storage.readManifest(name, digest);
  if (stored === null || !isDigest(digest)) return null;
  try {
    return parseManifestDocument(stored.bytes, stored.mediaType, digest);
  } catch (error) {
    if (error instanceof PkgError) return null;
    throw error;
  }
}

function filesOf({ layers }: Manifest, platform: string | null): readonly FileEntry[] {
  return layers.flatMap(({ annotations, size }) => {
    const title = annotations[TITLE_ANNOTATION];
    return title === undefined ? [] : [{ title, bytes: size, platform }];
  });
}

function sizeOf({ config, layers }: Manifest): number {
  return layers.reduce((sum, { size }) => sum + size, config?.size ?? 0);
}

/** Whether any platform's file has the name of the repository and may be a program: then `pkg install` takes it. */
async function isProgram({ paths }: PagePlace, name: string, parts: readonly Part[]): Promise<boolean> {
  const word = lastWord(name);
  for (const { manifest, platform } of parts) {
    const isNamed = filesOf(manifest, platform).some(({ title }) => mainTitles(word).includes(title));
    if (isNamed && (await unlessOdd(() => mayBeProgram(paths, manifest, word))) === true) return true;
  }
  return false;
}

function kindOf(
  files: readonly FileEntry[],
  { type, isProgram: isNamed }: { readonly type: string | null; readonly isProgram: boolean },
): VersionEntry["kind"] {
  if (type === INDEX_ARTIFACT_TYPE) return "index";
  if (type === PACKAGE_TYPE || isNamed) return "package";
  return files.length > 0 ? "files" : "image";
}

function artifactTypeOf(manifest: Manifest | null): string | null {
  return manifest?.artifactType ?? manifest?.config?.mediaType ?? null;
}

function platformsOf({ manifests }: ImageIndex): readonly string[] {
  const found = manifests.flatMap(({ platform }: Descriptor) =>
    platform === undefined ? [] : [formatPlatform(platform)],
  );
  return [...new Set(found)];
}

function formatPlatform({ os, architecture, variant }: DescriptorPlatform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join("/");
}

function annotation({ annotations }: Pick<Manifest, "annotations">, name: string): string | null {
  return annotations[`org.opencontainers.image.${name}`]?.slice(0, 300) ?? null;
}
