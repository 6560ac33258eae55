import type { BlobStore } from "../blobs/blob-store.ts";
import type { Config } from "../config/config.ts";
import type { HttpClient } from "../http/client.ts";
import type { Download, DownloadRequest } from "../http/download.ts";
import type { RetryPolicy } from "../http/retry.ts";
import type { RegistryClient } from "../oci/client.ts";
import type { Reference } from "../oci/reference.ts";
import type { Profile } from "../profile/profile.ts";
import type { EmitEvent } from "../report/events.ts";
import type { Installations } from "../store/installations.ts";
import type { PackageIndexes } from "../store/package-indexes.ts";

/** What operations may use of the world. Each declares the part it needs with `Pick`. */
export interface Capabilities {
  readonly config: Config;
  readonly emit: EmitEvent;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch; read once per operation. */
  readonly now: () => number;
  readonly network: () => Promise<Network>;
  readonly indexes: PackageIndexes;
  readonly state: () => Promise<State>;
}

export interface Network {
  readonly http: HttpClient;
  readonly registry: RegistryClient;
  readonly retry: RetryPolicy;
  /** A plain download, for packages that are in no registry; one attempt. */
  openDownload(request: DownloadRequest): Promise<Download>;
  /** Lets a host that a person named be reached although it is private or loopback. */
  trust(reference: Reference): void;
}

export interface State {
  readonly installations: Installations;
  readonly profile: Profile;
  readonly blobs: BlobStore;
  /** Runs `work` while no other process changes the installation state. */
  withLock<T>(work: () => Promise<T> | T): Promise<T>;
}
