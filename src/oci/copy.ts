import { PkgError } from "../errors.ts";
import { chooseEntry, nameIn } from "./choose-entry.ts";
import type { RawDocument, Source, Target } from "./content.ts";
import { Copying } from "./copy-graph.ts";
import { type CopyOptions, type CopySettings, type CopySummary, copySettings } from "./copy-options.ts";
import { copyReferrers } from "./copy-referrers.ts";
import { isDigest } from "./digest.ts";
import { parseKnown } from "./graph.ts";

/**
 * Copies a manifest or image index with everything it names, byte for byte: content before the documents that name it,
 * a config before layers, the tag last. What the target has is not sent, so an interrupted copy resumes. A manifest
 * that exists is taken to have its blobs; the entries of an index are checked one by one, as it may have been copied in
 * part.
 *
 * A document of an unknown type is copied if it names nothing; otherwise the copy would lack what it names. A manifest's
 * `subject` is not copied with it.
 *
 * @throws {PkgError} PLATFORM_UNSUPPORTED; MANIFEST_INVALID if documents nest too deeply, name too much, or are of an
 * unknown type and name other content; and those of Source and Target
 */
export async function copy(source: Source, target: Target, options: CopyOptions): Promise<CopySummary> {
  return copyWith(source, target, copySettings(options));
}

async function copyWith(source: Source, target: Target, options: CopySettings): Promise<CopySummary> {
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

async function findRoot(source: Source, { from, platform, signal }: CopySettings): Promise<RawDocument> {
  const document = await source.fetchDocument(from, signal);
  if (platform === "all") return document;
  const parsed = parseKnown(document);
  if (parsed?.kind !== "index") return document;
  const { index } = parsed;
  const name = nameIn(source, from);
  const { digest } = await chooseEntry({ source, index, wanted: platform, name, signal });
  return source.fetchDocument(digest, signal);
}

function digestAsTag(text: string): PkgError {
  return new PkgError("REFERENCE_INVALID", `Cannot copy to "${text}": it is a digest, expected a tag or nothing`, {
    hint: "The content determines the digest; leave it out",
  });
}
