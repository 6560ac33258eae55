import type { EmitEvent } from "../base/events.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { parseIndexUrl } from "../config/index-address.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import type { PackageIndexes } from "../index-database/package-indexes.ts";
import type { NamedBy } from "../network/network.ts";
import type { FetchIndexRequest, IndexReader } from "./fetched-index.ts";
import { formulaDocuments } from "./formula-files.ts";

interface Teller {
  readonly emit: EmitEvent;
}

/** What fetching indexes needs of the capabilities. */
export type ReaderCapabilities = Pick<IndexReader, "network" | "retry" | "signal"> &
  Teller &
  Pick<Capabilities, "config">;

/** A reader whose retries are reported under the repository's name. */
export function readerOf({ network, retry, signal, emit, config }: ReaderCapabilities, name: string): IndexReader {
  const onRetry: IndexReader["retry"]["onRetry"] = (error, waitMs) =>
    emit({ kind: "retrying", what: name, waitMs, reason: error.message });
  return { network, signal, retry: { ...retry, onRetry }, blobs: config.paths.blobs };
}

export type RepositoryRequest = Omit<FetchIndexRequest, "known">;

/** The request that fetches a repository's index: stored beside the current one, with progress for task `sync:NAME`. */
export function requestOf(
  { indexes, emit, config }: Teller & { readonly indexes: PackageIndexes } & Pick<Capabilities, "config">,
  { name, url, kind, bundle }: ConfiguredRepository,
  { task, namedBy }: Pick<FetchIndexRequest, "task"> & { readonly namedBy: NamedBy },
): RepositoryRequest {
  return {
    ...{ task, namedBy },
    address: parseIndexUrl(url),
    ...(bundle === null ? {} : { bundle: { location: bundle, url, kind, platform: config.host } }),
    ...(kind === "homebrew" ? formulaDocuments(config.host) : {}),
    beside: indexes.path(name),
    onProgress: (bytes, totalBytes, resumedBytes = 0) =>
      emit({ kind: "task-progress", id: `sync:${name}`, bytes, totalBytes, resumedBytes }),
  };
}
