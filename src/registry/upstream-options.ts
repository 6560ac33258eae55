import type { RegistryClient } from "../registry-client/registry-client.ts";
import type { Storage } from "./storage.ts";
import type { Uploads } from "./uploads.ts";

/** What a person sets for the upstream. */
export interface UpstreamSettings {
  /** The client that asks it by the name in `registry`. */
  readonly client: RegistryClient;
  /** e.g. `ghcr.io`, `127.0.0.1:5000`. */
  readonly registry: string;
  /** Its scheme and name, e.g. `https://ghcr.io`: what is fetched from there is kept for no other. */
  readonly origin: string;
  /** How long until a tag is asked for again, in milliseconds. */
  readonly tagAgeMs: number;
  /** Called with the reason when older content, or none, is served. */
  readonly onWarning: (message: string) => void;
}

/** What a cache needs to fetch from its upstream. */
export interface UpstreamOptions extends UpstreamSettings {
  readonly storage: Storage;
  readonly uploads: Uploads;
  readonly maxBlobBytes: number;
  /** Aborting it ends every fetch. */
  readonly signal: AbortSignal;
  /** Milliseconds, from any start. */
  readonly now: () => number;
}
