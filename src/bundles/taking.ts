import type { EmitEvent } from "../base/events.ts";
import type { RetrySettings } from "../base/retry.ts";
import type { BundledDownload } from "../bundle-format/table.ts";
import type { Network } from "../network/network.ts";
import type { Target } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import type { Machine } from "../package/machine.ts";

/** What a package brought into a bundle. */
export interface TakenContents {
  /** The manifest that stands for it. */
  readonly main: Digest;
  /** All manifests, with those that refer to it. */
  readonly manifests: readonly Digest[];
  /** Image indexes that lead to it, and to more than is here. */
  readonly documents: readonly { readonly digest: Digest; readonly bytes: Buffer }[];
  /** What names it in its repository; null: it is at an address. */
  readonly place: { readonly name: string; readonly tags: Readonly<Record<string, Digest>> } | null;
  readonly download: BundledDownload | null;
}

export interface TakingContext {
  readonly network: () => Promise<Network>;
  /** The machine that the package is for. */
  readonly machine: Machine;
  readonly target: Target;
  readonly concurrency: number;
  readonly retry: RetrySettings;
  readonly emit: EmitEvent;
  readonly signal: AbortSignal;
}
