import { DEFAULT_RETRY, type RetrySettings, uninterrupted } from "../base/retry.ts";
import type { ManifestKey, RawDocument } from "./content.ts";
import type { Descriptor, DescriptorPlatform } from "./descriptor.ts";
import { type Digest, isDigest } from "./digest.ts";

/** What to copy, and how. */
export interface CopyOptions {
  /** What to copy: a tag or a digest of the source. */
  readonly from: ManifestKey;
  /** The tag at the target; null: none, only the digest. Default: the tag `from`, or none if that is a digest. */
  readonly to?: string | null;
  /** Copies only this platform's manifest of an image index, and tags that. Default: "all", the whole index. */
  readonly platform?: DescriptorPlatform | "all";
  /** Whether to copy referrers too, and their referrers in turn. Default: false. */
  readonly referrers?: boolean;
  /** How many transfers run at a time, at least 1. Default: 4. */
  readonly concurrency?: number;
  /** The source's repository if it is in the target's registry: blobs are mounted from it. Default: null, none. */
  readonly mountFrom?: string | null;
  /** How an interrupted blob is resumed. Default: DEFAULT_RETRY. */
  readonly retry?: RetrySettings;
  /** Default: never aborted. */
  readonly signal?: AbortSignal;
  readonly hooks?: CopyHooks;
}

/** The defaults of copy()'s options. */
export const COPY_DEFAULTS = Object.freeze({
  platform: "all",
  referrers: false,
  concurrency: 4,
  mountFrom: null,
  retry: DEFAULT_RETRY,
} as const);

/** The options of a copy, with defaults filled in. */
export type CopySettings = Required<Omit<CopyOptions, "hooks">> & Pick<CopyOptions, "hooks">;

/** Fills in the defaults of a copy's options. */
export function copySettings({ from, hooks, ...options }: CopyOptions): CopySettings {
  const { platform = COPY_DEFAULTS.platform, referrers = COPY_DEFAULTS.referrers } = options;
  const { concurrency = COPY_DEFAULTS.concurrency, mountFrom = COPY_DEFAULTS.mountFrom } = options;
  const { to = isDigest(from) ? null : from, retry = COPY_DEFAULTS.retry, signal = uninterrupted() } = options;
  const settings = { from, to, platform, referrers, concurrency, mountFrom, retry, signal };
  return hooks === undefined ? settings : { ...settings, hooks };
}

/** Callbacks that report a copy's progress; they must not throw. */
export interface CopyHooks {
  readonly onBlob?: (blob: Descriptor, how: "existed" | "mounted" | "sent") => void;
  /** Called with the bytes of a blob that the target holds so far, and how many of them an earlier run left there. */
  readonly onProgress?: (blob: Descriptor, bytes: number, resumedBytes?: number) => void;
  readonly onManifest?: (manifest: Omit<RawDocument, "bytes">, how: "existed" | "sent") => void;
  /** Called for a non-distributable layer that the source does not have, and that is therefore skipped. */
  readonly onSkipped?: (blob: Descriptor) => void;
}

/** What a copy did. */
export interface CopySummary {
  /** The digest of what was copied: of the one manifest if a platform was chosen. */
  readonly digest: Digest;
  readonly mediaType: string;
  readonly manifests: { readonly sent: number; readonly existed: number };
  readonly blobs: { readonly sent: number; readonly existed: number; readonly mounted: number };
  /** Bytes of blobs and manifests, repeats included. */
  readonly bytesSent: number;
}
