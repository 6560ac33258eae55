import type { Target } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { manifestKeyOf, openSource, type PlaceCapabilities, withPlace } from "./open-place.ts";

/** Limits on how deep referrers of referrers are followed and how many are shown: a registry may send any number. */
const MAX_DEPTH = 16;
const MAX_REFERRERS = 10_000;

/** One referrer, with those below it. */
export interface FoundReferrer {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly sizeBytes: number;
  readonly artifactType: string | null;
  readonly annotations: Readonly<Record<string, string>>;
  /** What refers to it in turn; empty unless the query is recursive. */
  readonly referrers: readonly FoundReferrer[];
}

/** The referrers of an artifact. */
export interface ReferrersOutcome {
  readonly reference: string;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly referrers: readonly FoundReferrer[];
  /** True when the limits on depth and number left something out. */
  readonly truncated: boolean;
}

/** Which referrers to list. */
export interface ReferrersQuery {
  readonly reference: string;
  /** Null: of any type. */
  readonly artifactType: string | null;
  readonly recursive: boolean;
}

/** Lists what refers to an artifact, such as signatures and SBOMs, and, if recursive, what refers to those. */
export function listReferrers(cap: PlaceCapabilities, request: ReferrersQuery): Promise<ReferrersOutcome> {
  const { reference, artifactType, recursive } = request;
  return withPlace(openSource(cap, reference), async (opened) => {
    const { digest, mediaType } = await opened.place.resolve(manifestKeyOf(opened), cap.signal);
    const walk = new Walk(opened.place, { artifactType, depth: recursive ? MAX_DEPTH : 1, signal: cap.signal });
    const referrers = await walk.below(digest, 0);
    return { reference, digest, mediaType, referrers, truncated: walk.truncated };
  });
}

interface WalkOptions {
  readonly artifactType: string | null;
  readonly depth: number;
  readonly signal: AbortSignal;
}

class Walk {
  readonly #place: Target;
  readonly #options: WalkOptions;
  readonly #seen = new Set<Digest>();
  truncated = false;

  constructor(place: Target, options: WalkOptions) {
    this.#place = place;
    this.#options = options;
  }

  /** The type filters only the first level: the signature of an SBOM belongs with the SBOM that was asked for. */
  async below(subject: Digest, level: number): Promise<readonly FoundReferrer[]> {
    const artifactType = level === 0 ? this.#options.artifactType : null;
    const found = await this.#place.listReferrers(subject, { artifactType }, this.#options.signal);
    const referrers: FoundReferrer[] = [];
    for (const descriptor of found) {
      if (this.#seen.size >= MAX_REFERRERS) this.truncated = true;
      // A cycle, direct or through others, is shown once.
      else if (!this.#seen.has(descriptor.digest)) referrers.push(await this.#node(descriptor, level));
    }
    return referrers;
  }

  async #node(
    { mediaType, digest, size, artifactType, annotations }: Descriptor,
    level: number,
  ): Promise<FoundReferrer> {
    this.#seen.add(digest);
    const node = { mediaType, digest, sizeBytes: size, artifactType: artifactType ?? null, annotations };
    if (level + 1 < this.#options.depth) return { ...node, referrers: await this.below(digest, level + 1) };
    if (this.#options.depth > 1) this.truncated = true;
    return { ...node, referrers: [] };
  }
}
