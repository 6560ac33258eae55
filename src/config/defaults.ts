import type { Check, ProvenancePolicy } from "../package/policy.ts";

/** A repository as configured, before its keys are parsed. */
export interface RepositorySettings {
  readonly url: string;
  readonly keys: readonly string[];
  /** How many of the keys must sign an index. */
  readonly threshold: number;
  readonly require: readonly Check[] | null;
  readonly enabled: boolean;
  readonly allowLegacySignatures: boolean;
  /** An index of an older form has to be signed by the keys too; the others always have to be. */
  readonly signedIndex: boolean;
  readonly provenance: ProvenancePolicy | null;
}

/** Blobs fetched at a time. */
export const DEFAULT_CONCURRENCY = 6;
/** Age after which an index is stale, as the config file writes it. */
export const DEFAULT_SYNC_INTERVAL = "6h";

/** Repositories that ship with the program; `{arch}` is the machine's, e.g. `x86_64`. */
export const BUILT_IN_REPOSITORIES: Readonly<
  Record<string, { readonly url: string; readonly keys: readonly string[] }>
> = {
  bincache: {
    url: "https://meta.pkgforge.dev/bincache/{arch}-Linux.json.zstd",
    keys: ["RWSWp/oBUfND5B2fSmDlYaBXPimGV+r2s9skVRYTQ5cJ+7i6ff/1Nxcr"],
  },
  pkgcache: {
    url: "https://meta.pkgforge.dev/pkgcache/{arch}-Linux.json.zstd",
    keys: [],
  },
};
