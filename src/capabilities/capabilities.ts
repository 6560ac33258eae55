import type { EmitEvent } from "../base/events.ts";
import type { RetrySettings } from "../base/retry.ts";
import type { BlobStore } from "../blobs/blob-store.ts";
import type { Config } from "../config/config.ts";
import type { CredentialStore } from "../credentials/credentials-store.ts";
import type { Network } from "../network/network.ts";
import type { Profile } from "../profile/profile.ts";
import type { Installations } from "../state/installations.ts";
import type { PackageIndexes } from "../state/package-indexes.ts";
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
  readonly state: () => Promise<State>;
  /** What is remembered about the indexes; opened only by operations that sync. */
  readonly trust: () => Promise<TrustStore>;
}

export interface State {
  readonly installations: Installations;
  readonly profile: Profile;
  readonly blobs: BlobStore;
  /** Runs `work` while no other process changes the installation state. */
  withLock<T>(work: () => Promise<T> | T): Promise<T>;
}
