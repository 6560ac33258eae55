import type { Descriptor } from "./descriptor.ts";
import { TITLE_ANNOTATION } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import type { ManifestDocument } from "./manifest.ts";
import { formatPlatform } from "./platform.ts";

/** A document and, for an index, the manifests in it that were read. */
export interface DiffSide {
  readonly document: ManifestDocument;
  readonly children: ReadonlyMap<Digest, ManifestDocument>;
}

/** One value on both sides; null: missing on that side. */
export interface Change<T> {
  readonly left: T | null;
  readonly right: T | null;
}

/** One difference between two documents. */
export type Difference =
  | ({ readonly kind: "type" | "artifactType" } & Change<string>)
  | ({ readonly kind: "subject" | "config" } & Change<Descriptor>)
  | ({ readonly kind: "annotation"; readonly key: string } & Change<string>)
  /** Layers are matched by digest, then by title, then untitled ones by position. */
  | ({ readonly kind: "layer"; readonly name: string } & Change<Descriptor>)
  /** The same layers in another order. */
  | { readonly kind: "order" }
  /** Entries are matched by digest, then by platform. `differences` is null unless both documents were read. */
  | ({
      readonly kind: "platform";
      readonly name: string;
      readonly differences: readonly Difference[] | null;
    } & Change<Descriptor>);

/** Compares two manifests or indexes. An empty result means equal content, though not necessarily equal bytes. */
export function diffDocuments(left: DiffSide, right: DiffSide): readonly Difference[] {
  const [one, other] = [contentOf(left.document), contentOf(right.document)];
  return [
    ...textChange("type", one.mediaType, other.mediaType),
    ...textChange("artifactType", one.artifactType, other.artifactType),
    ...descriptorChange("subject", one.subject, other.subject),
    ...descriptorChange("config", configOf(left.document), configOf(right.document)),
    ...layerChanges(layersOf(left.document), layersOf(right.document)),
    ...platformChanges(left, right),
    ...annotationChanges(one.annotations, other.annotations),
  ];
}

function contentOf(document: ManifestDocument) {
  return document.kind === "manifest" ? document.manifest : document.index;
}

function configOf(document: ManifestDocument): Descriptor | null {
  return document.kind === "manifest" ? document.manifest.config : null;
}

function layersOf(document: ManifestDocument): readonly Descriptor[] {
  return document.kind === "manifest" ? document.manifest.layers : [];
}

function childrenOf(document: ManifestDocument): readonly Descriptor[] {
  return document.kind === "index" ? document.index.manifests : [];
}

function textChange(kind: "type" | "artifactType", left: string | null, right: string | null): readonly Difference[] {
  return left === right ? [] : [{ kind, left, right }];
}

function descriptorChange(
  kind: "subject" | "config",
  left: Descriptor | null,
  right: Descriptor | null,
): readonly Difference[] {
  return isSame(left, right) ? [] : [{ kind, left, right }];
}

function annotationChanges(
  left: Readonly<Record<string, string>>,
  right: Readonly<Record<string, string>>,
): readonly Difference[] {
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].toSorted();
  return keys.flatMap((key): Difference[] => {
    const change = { left: annotationOf(left, key), right: annotationOf(right, key) };
    return change.left === change.right ? [] : [{ kind: "annotation", key, ...change }];
  });
}

function annotationOf(annotations: Readonly<Record<string, string>>, key: string): string | null {
  return Object.hasOwn(annotations, key) ? (annotations[key] ?? null) : null;
}

function layerChanges(left: readonly Descriptor[], right: readonly Descriptor[]): readonly Difference[] {
  const pairs = match(left, right, (layer) => layer.annotations[TITLE_ANNOTATION] ?? null);
  const changes = pairs.flatMap(({ name, ...change }): Difference[] =>
    isSame(change.left, change.right) ? [] : [{ kind: "layer", name, ...change }],
  );
  const isReordered = changes.length === 0 && left.some((layer, place) => layer.digest !== right[place]?.digest);
  return isReordered ? [{ kind: "order" }] : changes;
}

function platformChanges(left: DiffSide, right: DiffSide): readonly Difference[] {
  const name = ({ platform }: Descriptor) => (platform === undefined ? null : formatPlatform(platform));
  const pairs = match(childrenOf(left.document), childrenOf(right.document), name);
  return pairs.flatMap((pair): Difference[] => {
    if (isSame(pair.left, pair.right)) return [];
    const [one, other] = [childOf(left, pair.left), childOf(right, pair.right)];
    const differences =
      one === null || other === null ? null : diffDocuments({ ...left, document: one }, { ...right, document: other });
    return [{ kind: "platform", ...pair, differences }];
  });
}

function childOf({ children }: DiffSide, descriptor: Descriptor | null): ManifestDocument | null {
  return descriptor === null ? null : (children.get(descriptor.digest) ?? null);
}

interface Pair extends Change<Descriptor> {
  readonly name: string;
}

/** Pairs descriptors by digest, then by name, then unnamed ones by position; the rest have no counterpart. */
function match(
  left: readonly Descriptor[],
  right: readonly Descriptor[],
  nameOf: (descriptor: Descriptor) => string | null,
): readonly Pair[] {
  const free = new Set(right);
  const take = (isMatch: (descriptor: Descriptor) => boolean): Descriptor | null => {
    for (const descriptor of free) {
      if (!isMatch(descriptor)) continue;
      free.delete(descriptor);
      return descriptor;
    }
    return null;
  };
  const found = new Map<Descriptor, Descriptor>();
  const rules = [
    (one: Descriptor, other: Descriptor) => one.digest === other.digest && nameOf(one) === nameOf(other),
    (one: Descriptor, other: Descriptor) => nameOf(one) !== null && nameOf(one) === nameOf(other),
    (one: Descriptor, other: Descriptor) => nameOf(one) === null && nameOf(other) === null,
  ];
  for (const rule of rules) {
    for (const one of left) {
      const other = found.has(one) ? null : take((candidate) => rule(one, candidate));
      if (other !== null) found.set(one, other);
    }
  }
  const pairs = left.map(
    (one): Pair => ({ name: nameOf(one) ?? one.digest, left: one, right: found.get(one) ?? null }),
  );
  return [
    ...pairs,
    ...[...free].map((other): Pair => ({ name: nameOf(other) ?? other.digest, left: null, right: other })),
  ];
}

function isSame(left: Descriptor | null, right: Descriptor | null): boolean {
  if (left === null || right === null) return left === right;
  const facts = ({ mediaType, digest, size, artifactType, platform, annotations }: Descriptor) =>
    JSON.stringify([
      mediaType,
      digest,
      size,
      artifactType ?? null,
      platform === undefined ? null : formatPlatform(platform),
      Object.entries(annotations).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    ]);
  return facts(left) === facts(right);
}
