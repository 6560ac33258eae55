import type { RetrySettings } from "../base/retry.ts";
import type { ManifestKey, RawDocument } from "./content.ts";
import type { Descriptor, DescriptorPlatform } from "./descriptor.ts";
import type { Digest } from "./digest.ts";

export interface CopyOptions {
  /** What to copy: a tag or a digest of the source. */
  readonly from: ManifestKey;
  /** The tag at the target; null: none, it is found by its digest. */
  readonly to: string | null;
  /** One manifest of an image index, which is then what the tag names; or all, the index itself. */
  readonly platform: DescriptorPlatform | "all";
  /** Also what refers to what is copied, and what refers to that. */
  readonly referrers: boolean;
  /** Pieces of work at a time, at least 1. */
  readonly concurrency: number;
  /** The source's repository, where source and target are of one registry: blobs are mounted from it. */
  readonly mountFrom: string | null;
  /** How a blob that breaks off is gone on with. */
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
  readonly hooks?: CopyHooks;
}

/** Told what happens; none may throw. */
export interface CopyHooks {
  readonly onBlob?: (blob: Descriptor, how: "existed" | "mounted" | "sent") => void;
  /** Bytes of a blob that the target holds so far. */
  readonly onProgress?: (blob: Descriptor, bytes: number) => void;
  readonly onManifest?: (manifest: Omit<RawDocument, "bytes">, how: "existed" | "sent") => void;
  /** A layer that its makers do not let be distributed, and that the source does not have. */
  readonly onSkipped?: (blob: Descriptor) => void;
}

export interface CopySummary {
  /** Of what was copied: of one manifest where a platform was chosen. */
  readonly digest: Digest;
  readonly mediaType: string;
  readonly manifests: { readonly sent: number; readonly existed: number };
  readonly blobs: { readonly sent: number; readonly existed: number; readonly mounted: number };
  /** Bytes of blobs and manifests, repeats included. */
  readonly bytesSent: number;
}
