import { mapConcurrently } from "../base/concurrency.ts";
import { addAll } from "../base/many.ts";
import type { V1Entry } from "../generated/index-schema.js";
import type { ListedPackage } from "./read-entry.ts";

/** The packages of one version, one for each platform. */
export type ListedVersion = readonly ListedPackage[];

/** Versions to read. */
export interface ReadNewestRequest {
  /** Those of each repository, the newest first. */
  readonly listed: readonly (readonly ListedVersion[])[];
  /** How many of each repository are wanted; null: all. */
  readonly limit: number | null;
  readonly concurrency: number;
  /** The entry of a package; null: it does not fit. */
  readonly read: (item: ListedPackage) => Promise<V1Entry | null>;
}

interface Repository {
  /** Versions that were not looked at yet. */
  readonly versions: readonly ListedVersion[];
  /** How many more are wanted. */
  readonly wanted: number;
}

/**
 * The entries of the newest versions of each repository. In the place of a version that does not fit, the next one is read: whoever
 * can push to a repository could else drive the publisher's versions out of the index with higher ones.
 */
export async function readNewest(request: ReadNewestRequest): Promise<readonly V1Entry[]> {
  const { listed, limit, concurrency, read } = request;
  const entries: V1Entry[] = [];
  let open: readonly Repository[] = listed.map((versions) => ({ versions, wanted: limit ?? versions.length }));
  while (open.length > 0) {
    const items = open.flatMap(({ versions, wanted }, repository) =>
      versions.slice(0, wanted).flatMap((version, position) => version.map((item) => ({ item, repository, position }))),
    );
    const fitting = open.map(() => new Set<number>());
    const found = await mapConcurrently(items, concurrency, async ({ item, repository, position }) => {
      const entry = await read(item);
      if (entry !== null) fitting[repository]?.add(position);
      return entry;
    });
    addAll(
      entries,
      found.filter((entry) => entry !== null),
    );
    open = open
      .map(({ versions, wanted }, repository) => ({
        versions: versions.slice(wanted),
        wanted: wanted - (fitting[repository]?.size ?? 0),
      }))
      .filter(({ versions, wanted }) => versions.length > 0 && wanted > 0);
  }
  return entries;
}
