import type { EmitEvent } from "../base/events.ts";
import type { RetrySettings } from "../base/retry.ts";
import type { BlobStore } from "../blobs/blob-store.ts";
import type { Config } from "../config/config.ts";
import type { CredentialStore } from "../credentials/credentials-store.ts";
import type { PackageIndexes } from "../index-database/package-indexes.ts";
import type { Network } from "../network/network.ts";
import type { Profile } from "../profile/profile.ts";
import type { Generations } from "../state/generations.ts";
import type { Installations } from "../state/installations.ts";
import type { Journal } from "../state/journal.ts";
import type { TrustStore } from "../state/trust.ts";

/** What operations may use of the outside world. Each operation declares the part that it needs with `Pick`. */
export interface Capabilities {
  readonly config: Config;
  readonly emit: EmitEvent;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch; read once per operation. */
  readonly now: () => number;
  /** How reading a blob is retried, from the point where it broke off. */
  readonly retry: RetrySettings;
  readonly network: () => Promise<Network>;
  /** The registry credentials that this machine keeps; nothing is read before one is asked for. */
  readonly credentials: () => Promise<CredentialStore>;
  readonly indexes: PackageIndexes;
  /** What is installed, to read: as this run has opened it to change it, else as it is now, for which nothing is written. */
  readonly records: () => Promise<Records>;
  /** What is installed, to change it; what a killed process left half done is finished or undone first. */
  readonly state: (use?: StateUse) => Promise<State>;
  /** What is remembered about the indexes, to read. */
  readonly pins: () => Promise<Pick<TrustStore, "get" | "floors">>;
  /** What is remembered about the indexes, to change it; opened only by operations that sync. */
  readonly trust: () => Promise<TrustStore>;
}

/** How the state is going to be used. */
export interface StateUse {
  /** True for what frees room: it may use the room that is kept for that, so it works on a full disk. */
  readonly freesRoom: boolean;
}

/** What is installed, to read. */
export interface Records {
  readonly installations: Installations;
  /** What the profile has been. */
  readonly generations: Generations;
  /** Forgets generations; what they alone needed may then leave the store. The caller must hold the lock, but for a dry run. */
  readonly forget: Journal["forget"];
  readonly profile: Pick<
    Profile,
    "conflicts" | "verify" | "unrecorded" | "kept" | "holds" | "purgeable" | "strays" | "damage" | "oldVersions"
  >;
}

/** What is installed, to change it. */
export interface State extends Records {
  readonly profile: Profile;
  readonly blobs: BlobStore;
  /** Runs `work` while no other process changes the installation state. */
  withLock<T>(work: () => Promise<T> | T): Promise<T>;
}
