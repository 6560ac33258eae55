import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { isTag } from "../oci/reference.ts";
import type { LayoutIndex } from "../oci-layout/index-json.ts";

/** An index prepared for lookups. */
export interface RepositoryView {
  /** In byte order. */
  readonly tags: readonly string[];
  readonly byTag: ReadonlyMap<string, Digest>;
  readonly byDigest: ReadonlyMap<Digest, Descriptor>;
}

const VIEWS = new WeakMap<LayoutIndex, RepositoryView>();

const EMPTY: RepositoryView = { tags: [], byTag: new Map(), byDigest: new Map() };

/** The view of an index, made once for each index; empty for null. */
export function viewOf(index: LayoutIndex | null): RepositoryView {
  if (index === null) return EMPTY;
  const known = VIEWS.get(index);
  if (known !== undefined) return known;
  const view = makeView(index);
  VIEWS.set(index, view);
  return view;
}

function makeView(index: LayoutIndex): RepositoryView {
  const byTag = new Map<string, Digest>();
  const byDigest = new Map<Digest, Descriptor>();
  for (const { descriptor, tag } of index.manifests) {
    // Other tools write names there that are not tags.
    if (tag !== null && isTag(tag)) byTag.set(tag, descriptor.digest);
    if (!byDigest.has(descriptor.digest)) byDigest.set(descriptor.digest, descriptor);
  }
  return { tags: [...byTag.keys()].toSorted(), byTag, byDigest };
}
