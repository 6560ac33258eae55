import { DEFAULT_RETRY, type RetrySettings, uninterrupted } from "../base/retry.ts";
import type { ManifestKey, RawDocument } from "./content.ts";
import type { Descriptor, DescriptorPlatform } from "./descriptor.ts";
import { type Digest, isDigest } from "./digest.ts";

/** What is copied, and how. */
export interface CopyOptions {
  /** What to copy: a tag or a digest of the source. */
  readonly from: ManifestKey;
  /** The tag at the target; null: none, it is found by its digest. Default: the tag `from`; none where that is a digest. */
  readonly to?: string | null;
  /** One manifest of an image index, which is then what the tag names; or all, the index itself, which is the default. */
  readonly platform?: DescriptorPlatform | "all";
  /** Also what refers to what is copied, and what refers to that. Default: false. */
  readonly referrers?: boolean;
  /** Pieces of work at a time, at least 1. Default: 4. */
  readonly concurrency?: number;
  /** The source's repository, where source and target are of one registry: blobs are mounted from it. Default: null, none. */
  readonly mountFrom?: string | null;
  /** How a blob that breaks off is resumed. Default: DEFAULT_RETRY. */
  readonly retry?: RetrySettings;
  /** Default: nothing interrupts. */
  readonly signal?: AbortSignal;
  readonly hooks?: CopyHooks;
}

/** What copy() does unless its options say otherwise. */
export const COPY_DEFAULTS = Object.freeze({
  platform: "all",
  referrers: false,
  concurrency: 4,
  mountFrom: null,
  retry: DEFAULT_RETRY,
} as const);

/** The options with their defaults. */
export type CopySettings = Required<Omit<CopyOptions, "hooks">> & Pick<CopyOptions, "hooks">;

/** The options of a copy, completed with the defaults. */
export function copySettings({ from, hooks, ...options }: CopyOptions): CopySettings {
  const { platform = COPY_DEFAULTS.platform, referrers = COPY_DEFAULTS.referrers } = options;
  const { concurrency = COPY_DEFAULTS.concurrency, mountFrom = COPY_DEFAULTS.mountFrom } = options;
  const { to = isDigest(from) ? null : from, retry = COPY_DEFAULTS.retry, signal = uninterrupted() } = options;
  const settings = { from, to, platform, referrers, concurrency, mountFrom, retry, signal };
  return hooks === undefined ? settings : { ...settings, hooks };
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

/** What a copy did. */
export interface CopySummary {
  /** Of what was copied: of one manifest where a platform was chosen. */
  readonly digest: Digest;
  readonly mediaType: string;
  readonly manifests: { readonly sent: number; readonly existed: number };
  readonly blobs: { readonly sent: number; readonly existed: number; readonly mounted: number };
  /** Bytes of blobs and manifests, repeats included. */
  readonly bytesSent: number;
}
