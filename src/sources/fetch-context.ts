import type { EmitEvent } from "../base/events.ts";
import type { RetrySettings } from "../base/retry.ts";
import type { BlobStore, StoredBlob } from "../blobs/blob-store.ts";

/** What fetching from a source takes, and what it tells. */
export interface FetchContext {
  readonly blobs: BlobStore;
  readonly retry: RetrySettings;
  readonly emit: EmitEvent;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Called with blobs that a failure left in the store and that are of no use. */
  readonly discard: (blobs: readonly Pick<StoredBlob, "digest">[]) => void;
  /** Called when nothing arrives any more and only the disk is waited for. */
  readonly arrived?: () => void;
}
