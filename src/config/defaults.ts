import type { Check, ProvenancePolicy } from "../package/policy.ts";
import { HOMEBREW_KEY } from "./formula-keys.ts";

/** What is at a repository's address: `index`, a document that lists packages; `homebrew`, formulae, whose packages are bottles. */
export type RepositoryKind = "index" | "homebrew";

/** A repository as configured, before its keys are parsed. */
export interface RepositorySettings {
  readonly kind: RepositoryKind;
  readonly url: string;
  /** minisign public keys; of formulae, RSA keys, each `ID:SPKI` or the SPKI alone. */
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
/** How long what was changed can be undone, as the config file writes it. */
export const DEFAULT_KEEP = "30d";
/** Former versions of an installed package that stay, however old they are. */
export const DEFAULT_KEEP_VERSIONS = 3;

/** A repository that ships with the program. */
export interface BuiltInRepository extends Pick<RepositorySettings, "kind" | "url" | "keys"> {
  /** Whether the keys sign the index itself, and not only its packages. */
  readonly signedIndex: boolean;
  /** Why it is disabled unless the config file enables it; null: it is not. */
  readonly whyDisabled: string | null;
}

const GONE = "its makers stopped serving it early in 2026";

/** Repositories that ship with the program, in their order; `{arch}` is the machine's, e.g. `x86_64`. */
export const BUILT_IN_REPOSITORIES: Readonly<Record<string, BuiltInRepository>> = {
  homebrew: {
    kind: "homebrew",
    url: "https://formulae.brew.sh/api",
    keys: [HOMEBREW_KEY],
    signedIndex: true,
    whyDisabled: null,
  },
  soarpkgs: {
    kind: "index",
    url: "https://github.com/pkgforge/soarpkgs/releases/latest/download/metadata-{arch}-linux.json.zstd",
    keys: ["RWQ109gKujRqohsA7RERlXFfeJi23EcHN3Dz8TxyPAywa5mLw/fbcbU4"],
    signedIndex: true,
    whyDisabled: null,
  },
  bincache: {
    kind: "index",
    url: "https://meta.pkgforge.dev/bincache/{arch}-Linux.json.zstd",
    keys: ["RWSWp/oBUfND5B2fSmDlYaBXPimGV+r2s9skVRYTQ5cJ+7i6ff/1Nxcr"],
    signedIndex: false,
    whyDisabled: GONE,
  },
  pkgcache: {
    kind: "index",
    url: "https://meta.pkgforge.dev/pkgcache/{arch}-Linux.json.zstd",
    keys: [],
    signedIndex: false,
    whyDisabled: GONE,
  },
};
