import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";
import type { RootFiles } from "./root-files.ts";
import { type RootPath, rootPath } from "./root-path.ts";

/**
 * Where a registry keeps its files. Bytes are shared in `blobs/<algorithm>/<hex>`. Each repository is a directory
 * `repositories/<name>/` that is itself an OCI image layout: `oci-layout`, `index.json` with its manifests and tags,
 * and `blobs`, a link to the shared one; `_blobs/<algorithm>-<hex>`, an empty file, makes a blob a member of it.
 *
 * @see OCI image-spec 1.1, image-layout.md
 */
export interface StoragePaths {
  /** What opens them. */
  readonly files: RootFiles;
  /** The directories of the blobs, one for each algorithm. */
  readonly blobs: readonly RootPath[];
  readonly uploads: RootPath;
  readonly repositories: RootPath;
  blob(digest: Digest): RootPath;
  /** The directory of one upload. */
  upload(id: string): RootPath;
  /** The directory of one repository. */
  repository(name: string): RootPath;
  indexJson(name: string): RootPath;
  /** The directory of a repository's memberships. */
  links(name: string): RootPath;
  /** The empty file that makes a blob a member of a repository. */
  link(name: string, digest: Digest): RootPath;
  /** A package index that is served as a file. */
  index(file: string): RootPath;
}

/** What an OCI layout has in its directory; a component of a repository's name may be the same. */
const RESERVED: readonly string[] = ["blobs", "index.json", "oci-layout"];

/** No repository's name has this character, so a component that begins with it is never taken for a layout's file. */
const ESCAPE = "~";

/** The paths of a registry's directory; names and digests must have been checked before. */
export function storagePaths(files: RootFiles): StoragePaths {
  const repositories = rootPath("repositories");
  const repository = (name: string) => rootPath(repositories, ...name.split("/").map(escapeComponent));
  const links = (name: string) => rootPath(repository(name), "_blobs");
  return {
    files,
    blobs: [rootPath("blobs", "sha256"), rootPath("blobs", "sha512")],
    uploads: rootPath("uploads"),
    repositories,
    blob: (digest) => rootPath("blobs", digestAlgorithm(digest), digestHex(digest)),
    upload: (id) => rootPath("uploads", id),
    repository,
    indexJson: (name) => rootPath(repository(name), "index.json"),
    links,
    link: (name, digest) => rootPath(links(name), `${digestAlgorithm(digest)}-${digestHex(digest)}`),
    index: (file) => rootPath("index", file),
  };
}

/** The name of the directory for a component of a repository's name. */
export function escapeComponent(component: string): string {
  return RESERVED.includes(component) ? `${ESCAPE}${component}` : component;
}

/** The component that a directory of this name stands for; null if there is none. */
export function unescapeComponent(entry: string): string | null {
  if (entry.startsWith("_") || RESERVED.includes(entry)) return null;
  return entry.startsWith(ESCAPE) ? entry.slice(ESCAPE.length) : entry;
}
