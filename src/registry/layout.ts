import { join } from "node:path";
import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";

/**
 * Where a registry's files are. Bytes are shared in `blobs/<algorithm>/<hex>`; a repository holds names only:
 * `_tags/<tag>` (a digest), `_manifests/<algorithm>-<hex>` (a media type), `_blobs/<algorithm>-<hex>` (empty).
 */
export interface Layout {
  readonly blobs: readonly string[];
  readonly uploads: string;
  blob(digest: Digest): string;
  repository(name: string): string;
  tags(name: string): string;
  tag(name: string, tag: string): string;
  manifests(name: string): string;
  manifest(name: string, digest: Digest): string;
  links(name: string): string;
  link(name: string, digest: Digest): string;
  index(file: string): string;
}

/** The layout under `root`; names and digests must have been checked. */
export function createLayout(root: string): Layout {
  const repository = (name: string) => join(root, "repositories", name);
  const inside = (folder: string) => (name: string) => join(repository(name), folder);
  const flat = (digest: Digest) => `${digestAlgorithm(digest)}-${digestHex(digest)}`;
  const [tags, manifests, links] = [inside("_tags"), inside("_manifests"), inside("_blobs")];
  return {
    blobs: [join(root, "blobs", "sha256"), join(root, "blobs", "sha512")],
    uploads: join(root, "uploads"),
    blob: (digest) => join(root, "blobs", digestAlgorithm(digest), digestHex(digest)),
    repository,
    tags,
    tag: (name, tag) => join(tags(name), tag),
    manifests,
    manifest: (name, digest) => join(manifests(name), flat(digest)),
    links,
    link: (name, digest) => join(links(name), flat(digest)),
    index: (file) => join(root, "index", file),
  };
}
