import { MAX_MANIFEST_BYTES } from "../base/limits.ts";
import { addAll } from "../base/many.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { digestsIn, isForeignLayer, namedIn, parseKnown } from "../oci/graph.ts";
import { documentKind } from "../oci/media-types.ts";
import { readBlobBytes } from "./documents.ts";
import type { LayoutFiles } from "./files.ts";
import type { LayoutIndex } from "./index-json.ts";
import type { LayoutProblem } from "./problem.ts";

/** What is reachable from an index. */
export interface Reached {
  /** The size in bytes of each blob that exists. */
  readonly blobs: ReadonlyMap<Digest, number>;
  readonly problems: readonly LayoutProblem[];
  /** Documents of unknown types that name other content: nothing tells whether all of it is there. */
  readonly unknown: readonly UnknownDocument[];
}

/** A document whose type is not known, so that what it needs is not known either. */
export interface UnknownDocument {
  readonly digest: Digest;
  readonly mediaType: string;
}

/** Where a walk starts, and what it skips. */
export interface WalkRequest {
  readonly index: LayoutIndex;
  /** Blobs known to be damaged, which are not read. */
  readonly damaged: ReadonlySet<Digest>;
  readonly signal: AbortSignal;
}

interface Step {
  readonly descriptor: Descriptor;
  readonly by: Digest | null;
  /** True where a manifest or an index is expected, whatever the media type. */
  readonly isDocument: boolean;
}

/** Follows every reference from an index, each digest once. */
export async function walkLayout(files: LayoutFiles, { index, damaged, signal }: WalkRequest): Promise<Reached> {
  const blobs = new Map<Digest, number>();
  const problems: LayoutProblem[] = [];
  const unknown: UnknownDocument[] = [];
  const seen = new Set<Digest>();
  const queue: Step[] = index.manifests.map(({ descriptor }) => ({ descriptor, by: null, isDocument: true }));
  for (let step = queue.pop(); step !== undefined; step = queue.pop()) {
    const { digest, mediaType } = step.descriptor;
    if (seen.has(digest)) continue;
    seen.add(digest);
    const size = await sizeOf(files, digest);
    if (size === null) {
      if (!isForeignLayer(step.descriptor)) problems.push({ kind: "missing", digest, by: step.by });
      continue;
    }
    blobs.set(digest, size);
    addAll(problems, sizeProblem(step, size));
    if (damaged.has(digest)) continue;
    if (documentKind(mediaType) === null) {
      if (step.isDocument && (await keepNamed(files, { digest, size, signal }, blobs)))
        unknown.push({ digest, mediaType });
      continue;
    }
    const read = await readNamed(files, step.descriptor, signal);
    addAll(problems, read.problems);
    for (const descriptor of read.blobs) queue.push({ descriptor, by: digest, isDocument: read.isIndex });
    for (const descriptor of read.manifests) queue.push({ descriptor, by: digest, isDocument: true });
  }
  return { blobs, problems, unknown };
}

/** Null if the blob is missing, or is not a plain file: the check that lists the files reports that. */
async function sizeOf(files: LayoutFiles, digest: Digest): Promise<number | null> {
  try {
    return await files.blobSize(digest);
  } catch (error) {
    if (hasCode(error, "LAYOUT_INVALID")) return null;
    throw error;
  }
}

function sizeProblem({ descriptor, by }: Step, found: number): readonly LayoutProblem[] {
  const { digest, size } = descriptor;
  return found === size ? [] : [{ kind: "size", digest, by, expected: size, found }];
}

/**
 * Counts the blobs that a document of an unknown type names as reached, with what those name in turn, and reports none
 * of them: nothing tells whether they have to be there.
 *
 * @returns true if it names anything
 */
async function keepNamed(
  files: LayoutFiles,
  { digest, size, signal }: { readonly digest: Digest; readonly size: number; readonly signal: AbortSignal },
  blobs: Map<Digest, number>,
): Promise<boolean> {
  let namesAny = false;
  const queue: { readonly digest: Digest; readonly size: number }[] = [{ digest, size }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next.size > MAX_MANIFEST_BYTES) continue;
    for (const named of digestsIn(await readBlobBytes(files, next.digest, signal))) {
      namesAny = true;
      const found = blobs.has(named) ? null : await sizeOf(files, named);
      if (found === null) continue;
      blobs.set(named, found);
      queue.push({ digest: named, size: found });
    }
  }
  return namesAny;
}

async function readNamed(files: LayoutFiles, { digest, mediaType }: Descriptor, signal: AbortSignal) {
  try {
    const document = parseKnown({ bytes: await readBlobBytes(files, digest, signal), mediaType, digest });
    const named = document === null ? { blobs: [], manifests: [] } : namedIn(document);
    return { ...named, isIndex: document?.kind === "index", problems: [] };
  } catch (error) {
    const none = { blobs: [], manifests: [], isIndex: false };
    if (hasCode(error, "DIGEST_MISMATCH")) return { ...none, problems: [{ kind: "corrupt", digest } as const] };
    if (!(error instanceof PkgError) || !hasCode(error, "MANIFEST_INVALID", "NOT_A_REGISTRY", "HTTP_NOT_FOUND"))
      throw error;
    return { ...none, problems: [{ kind: "invalid", digest, reason: error.message } as const] };
  }
}
