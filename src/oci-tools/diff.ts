import { mapConcurrently } from "../base/concurrency.ts";
import type { WorkOptions } from "../base/work-options.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Target } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Change, type Difference, type DiffSide, diffDocuments } from "../oci/diff.ts";
import type { Digest } from "../oci/digest.ts";
import type { ManifestDocument } from "../oci/manifest.ts";
import { documentKind } from "../oci/media-types.ts";
import { contentOf, type InspectedEntry, inspectEntry } from "./manifest.ts";
import { manifestKeyOf, type OpenedPlace, openSource, type PlaceCapabilities, withPlace } from "./open-place.ts";

/** More than any image has platforms; the limit bounds the requests, as an index may list any number of manifests. */
const MAX_CHILDREN = 256;

/** How two references differ. */
export interface DiffOutcome {
  readonly left: { readonly reference: string; readonly digest: Digest };
  readonly right: { readonly reference: string; readonly digest: Digest };
  /** True when both name the same bytes. */
  readonly identical: boolean;
  readonly differences: readonly ShownDifference[];
}

/** What diffReferences() uses of the outside world. */
export type DiffCapabilities = PlaceCapabilities & Pick<Capabilities, "config">;

/** How the documents of a side are fetched. */
type FetchOptions = Pick<WorkOptions, "concurrency" | "signal">;

/** A difference as it is shown to people. */
export type ShownDifference =
  | Extract<Difference, { readonly kind: "type" | "artifactType" | "annotation" | "order" }>
  | ({ readonly kind: "subject" | "config" } & Change<InspectedEntry>)
  | ({ readonly kind: "layer"; readonly name: string } & Change<InspectedEntry>)
  | ({
      readonly kind: "platform";
      readonly name: string;
      readonly differences: readonly ShownDifference[] | null;
    } & Change<InspectedEntry>);

/** Compares what two references name: types, files, sizes, annotations, platforms. */
export async function diffReferences(
  cap: DiffCapabilities,
  request: { readonly left: string; readonly right: string },
): Promise<DiffOutcome> {
  const options = { concurrency: cap.config.concurrency, signal: cap.signal };
  const read = (text: string) => readSide(openSource(cap, text), options);
  const [left, right] = await Promise.all([read(request.left), read(request.right)]);
  const [one, other] = [contentOf(left.document).digest, contentOf(right.document).digest];
  return {
    left: { reference: request.left, digest: one },
    right: { reference: request.right, digest: other },
    identical: one === other,
    differences: one === other ? [] : diffDocuments(left, right).map(describeDifference),
  };
}

function describeDifference(difference: Difference): ShownDifference {
  switch (difference.kind) {
    case "subject":
    case "config":
    case "layer":
      return { ...difference, ...shownSides(difference) };
    case "platform": {
      const differences = difference.differences?.map(describeDifference) ?? null;
      return { ...difference, ...shownSides(difference), differences };
    }
    default:
      return difference;
  }
}

function shownSides({ left, right }: Change<Descriptor>): Change<InspectedEntry> {
  return {
    left: left === null ? null : inspectEntry(left),
    right: right === null ? null : inspectEntry(right),
  };
}

function readSide(opening: Promise<OpenedPlace>, options: FetchOptions): Promise<DiffSide> {
  return withPlace(opening, async (opened) => {
    const document = await opened.place.fetchManifest(manifestKeyOf(opened), options.signal);
    return { document, children: await readChildren(opened.place, document, options) };
  });
}

async function readChildren(
  place: Target,
  document: ManifestDocument,
  { concurrency, signal }: FetchOptions,
): Promise<ReadonlyMap<Digest, ManifestDocument>> {
  const entries = document.kind === "index" ? document.index.manifests : [];
  const known = entries.filter(({ mediaType }) => documentKind(mediaType) !== null).slice(0, MAX_CHILDREN);
  const children = await mapConcurrently(known, concurrency, async ({ digest }) => {
    return [digest, await place.fetchManifest(digest, signal)] as const;
  });
  return new Map(children);
}
