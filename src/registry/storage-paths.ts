import { join } from "node:path";
import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";

/**
 * Where a registry keeps its files. Bytes are shared in `blobs/<algorithm>/<hex>`. Each repository is a directory
 * `repositories/<name>/` that is itself an OCI image layout: `oci-layout`, `index.json` with its manifests and tags,
 * and `blobs`, a link to the shared one; `_blobs/<algorithm>-<hex>`, an empty file, makes a blob a member of it.
 *
 * @see OCI image-spec 1.1, image-layout.md
 */
export interface StoragePaths {
  /** The directories of the blobs, one for each algorithm. */
  readonly blobs: readonly string[];
  readonly uploads: string;
  readonly repositories: string;
  blob(digest: Digest): string;
  /** The directory of one upload. */
  upload(id: string): string;
  /** The directory of one repository. */
  repository(name: string): string;
  indexJson(name: string): string;
  /** The directory of a repository's memberships. */
  links(name: string): string;
  /** The empty file that makes a blob a member of a repository. */
  link(name: string, digest: Digest): string;
  /** A package index that is served as a file. */
  index(file: string): string;
}

/** What an OCI layout has in its directory; a component of a repository's name may be the same. */
const RESERVED: readonly string[] = ["blobs", "index.json", "oci-layout"];

/** No repository's name has this character, so a component that begins with it is never taken for a layout's file. */
const ESCAPE = "~";

/** The paths under `root`; names and digests must have been checked before. */
export function storagePaths(root: string): StoragePaths {
  const repositories = join(root, "repositories");
  const repository = (name: string) => join(repositories, ...name.split("/").map(escapeComponent));
  const links = (name: string) => join(repository(name), "_blobs");
  return {
    blobs: [join(root, "blobs", "sha256"), join(root, "blobs", "sha512")],
    uploads: join(root, "uploads"),
    repositories,
    blob: (digest) => join(root, "blobs", digestAlgorithm(digest), digestHex(digest)),
    upload: (id) => join(root, "uploads", id),
    repository,
    indexJson: (name) => join(repository(name), "index.json"),
    links,
    link: (name, digest) => join(links(name), `${digestAlgorithm(digest)}-${digestHex(digest)}`),
    index: (file) => join(root, "index", file),
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
