import type { RegistryClient } from "../registry-client/registry-client.ts";
import type { Storage } from "./storage.ts";
import type { Uploads } from "./uploads.ts";

/** What a person says of the upstream. */
export interface UpstreamSettings {
  /** Asks it; its name is `registry`. */
  readonly client: RegistryClient;
  /** e.g. `ghcr.io`, `127.0.0.1:5000`. */
  readonly registry: string;
  /** Milliseconds for which a tag is not asked for again. */
  readonly tagAgeMs: number;
  /** Told why something older, or something less, is served. */
  readonly onWarning: (message: string) => void;
}

export interface UpstreamOptions extends UpstreamSettings {
  readonly storage: Storage;
  readonly uploads: Uploads;
  readonly maxBlobBytes: number;
  /** Ends whatever is being fetched. */
  readonly signal: AbortSignal;
  /** Milliseconds, from any start. */
  readonly now: () => number;
}
