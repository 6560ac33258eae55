import { PkgError } from "../errors.ts";
import { parseRegistry } from "../oci/reference.ts";
import { openSource, type PlaceCapabilities, withPlace } from "./open-place.ts";

/** Which tags to list, and in which order. */
export interface ListTagsRequest {
  readonly reference: string;
  readonly order: "registry" | "version";
  /** The tag to start after, in the order asked for; null: from the start. */
  readonly last: string | null;
  readonly limit: number | null;
}

/** The tags of a place. */
export interface TagsOutcome {
  /** The repository, layout or archive. */
  readonly reference: string;
  /** How many it has, whether they are listed or not. */
  readonly total: number;
  readonly tags: readonly string[];
}

/** Lists the tags of a repository, layout or archive; by version means the newest release first. */
export function listTags(cap: PlaceCapabilities, request: ListTagsRequest): Promise<TagsOutcome> {
  return withPlace(openSource(cap, request.reference), async ({ place }) => {
    const tags = await place.listTags(cap.signal);
    const ordered = request.order === "version" ? await byVersion(tags) : tags;
    return { reference: place.location, total: tags.length, tags: page(ordered, request) };
  });
}

/** What compares versions is loaded only for this. */
async function byVersion(tags: readonly string[]): Promise<readonly string[]> {
  const { newestTagsFirst } = await import("../package/tag-order.ts");
  return newestTagsFirst(tags);
}

/** Which part of a registry's catalog to list. */
export interface CatalogRequest {
  readonly registry: string;
  readonly last: string | null;
  readonly limit: number | null;
}

/** The repositories of a registry. */
export interface CatalogOutcome {
  readonly registry: string;
  /** How many it has, whether they are listed or not. */
  readonly total: number;
  readonly repositories: readonly string[];
}

/** Lists the repositories of a registry, where it allows that. */
export async function listCatalog(cap: PlaceCapabilities, request: CatalogRequest): Promise<CatalogOutcome> {
  const registry = parseRegistry(request.registry);
  const purpose = { task: `reach "${registry}"`, namedBy: "person" } as const;
  const { client } = (await cap.network()).openRegistry(registry, purpose);
  const repositories = await client.listCatalog(registry, cap.signal);
  return { registry, total: repositories.length, repositories: page(repositories, request) };
}

function page(
  names: readonly string[],
  { last, limit }: { readonly last: string | null; readonly limit: number | null },
): readonly string[] {
  const position = last === null ? -1 : names.indexOf(last);
  if (last !== null && position === -1) {
    throw new PkgError("USAGE", `Cannot list after "${last}": it is not in the list`, {
      hint: "Leave out --last to see the whole list",
    });
  }
  const rest = names.slice(position + 1);
  return limit === null ? rest : rest.slice(0, limit);
}
