import { join } from "node:path";
import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";

/**
 * Where a registry's files are. Bytes are shared in `blobs/<algorithm>/<hex>`. Each repository is a directory
 * `repositories/<name>/` that is itself an OCI image layout: `oci-layout`, `index.json` with its manifests and tags, and
 * `blobs`, a link to the shared one; `_blobs/<algorithm>-<hex>`, an empty file, makes a blob a member of it.
 *
 * @see OCI image-spec 1.1, image-layout.md
 */
export interface Layout {
  readonly blobs: readonly string[];
  readonly uploads: string;
  readonly repositories: string;
  blob(digest: Digest): string;
  /** The directory of one upload. */
  upload(id: string): string;
  repository(name: string): string;
  indexJson(name: string): string;
  links(name: string): string;
  link(name: string, digest: Digest): string;
  index(file: string): string;
}

/** What a layout has in its directory; a component of a name may be called so too. */
const RESERVED: readonly string[] = ["blobs", "index.json", "oci-layout"];

/** No name has it, so that a name's component behind it is none of the layout's files. */
const ESCAPE = "~";

/** The layout under `root`; names and digests must have been checked. */
export function createLayout(root: string): Layout {
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

/** A component of a repository's name as its directory is called. */
export function escapeComponent(component: string): string {
  return RESERVED.includes(component) ? `${ESCAPE}${component}` : component;
}

/** The component whose directory is called so; null for what is none. */
export function unescapeComponent(entry: string): string | null {
  if (entry.startsWith("_") || RESERVED.includes(entry)) return null;
  return entry.startsWith(ESCAPE) ? entry.slice(ESCAPE.length) : entry;
}
