import { PkgError } from "../errors.ts";
import type { RetryOptions } from "../http/retry.ts";
import type { ManifestKey, RawDocument, Source, Target } from "./content.ts";
import { Copying } from "./copy-graph.ts";
import { copyReferrers } from "./copy-referrers.ts";
import type { Descriptor, DescriptorPlatform } from "./descriptor.ts";
import { type Digest, isDigest } from "./digest.ts";
import { parseKnown } from "./graph.ts";
import { selectPlatform } from "./platform.ts";

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
  readonly retry: Omit<RetryOptions, "signal">;
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

/**
 * Copies a manifest or image index with all that it names, byte for byte: what is named before what names it, a config
 * before layers, the tag last. What is there is not sent, so that a copy that was cut off goes on where it was: a manifest
 * that is there is taken to have its blobs; what an index names is looked at one by one, as an index may be there in part.
 *
 * Documents of unknown types are copied as they are, alone. A manifest's `subject` is not copied with it.
 *
 * @throws {PkgError} PLATFORM_UNSUPPORTED; MANIFEST_INVALID for what nests too deeply or names too much; and those of
 * Source and Target
 */
export async function copy(source: Source, target: Target, options: CopyOptions): Promise<CopySummary> {
  if (options.to !== null && isDigest(options.to)) throw digestAsTag(options.to);
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const copying = new Copying(source, target, { ...options, signal, fail: (reason) => failed.abort(reason) });
  const root = await findRoot(source, { ...options, signal });
  const { to, referrers } = options;
  await copying.guard(async () => {
    await copying.copyRoot(root, referrers ? null : to);
    if (!referrers) return;
    await copyReferrers(copying, { source, target, signal });
    if (to !== null) await copying.tag(root, to);
  });
  const { digest, mediaType } = root;
  return Object.freeze({ digest, mediaType, ...copying.counts() });
}

async function findRoot(source: Source, { from, platform, signal }: CopyOptions): Promise<RawDocument> {
  const document = await source.fetchDocument(from, signal);
  if (platform === "all") return document;
  const parsed = parseKnown(document);
  if (parsed?.kind !== "index") return document;
  const { digest } = selectPlatform(parsed.index, platform);
  return source.fetchDocument(digest, signal);
}

function digestAsTag(text: string): PkgError {
  return new PkgError("REFERENCE_INVALID", `Cannot copy to "${text}": it is a digest, expected a tag or nothing`, {
    hint: "A digest is given by the content; leave it out",
  });
}
