import type { RetrySettings } from "../base/retry.ts";
import type { WorkOptions } from "../base/work-options.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Target } from "../oci/content.ts";
import { listCatalog } from "../oci-tools/listing.ts";
import { openSource, type PlaceCapabilities } from "../oci-tools/open-place.ts";

/** Reads what registries hold, and how. */
export interface PackageReader extends WorkOptions {
  /** How a blob that breaks off is resumed. */
  readonly retry: RetrySettings;
  /** Opens a repository, e.g. `ghcr.io/owner/tools/trurl`. @throws {PkgError} REFERENCE_INVALID, OFFLINE */
  open(repository: string): Promise<Target>;
  /** The names of all repositories of a registry. @throws {PkgError} those of the registry, which may not list them */
  listRepositories(registry: string): Promise<readonly string[]>;
}

/** What a reader needs of the world. */
export type PackageReaderCapabilities = PlaceCapabilities & Pick<Capabilities, "config" | "emit" | "retry">;

/** A reader of every registry that this machine may ask. */
export function packageReader(cap: PackageReaderCapabilities): PackageReader {
  const { config, emit, retry, signal } = cap;
  return {
    ...{ concurrency: config.concurrency, emit, retry, signal },
    open: async (repository) => (await openSource(cap, repository)).place,
    listRepositories: async (registry) => (await listCatalog(cap, { registry, last: null, limit: null })).repositories,
  };
}
