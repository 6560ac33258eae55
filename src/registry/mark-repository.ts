import { isObject } from "../base/json.ts";
import { addAll } from "../base/many.ts";
import { PkgError } from "../errors.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { parseManifestObject } from "./check-manifest.ts";
import { factsOf } from "./manifest-facts.ts";
import { Problem } from "./problem.ts";
import type { RepositoryView } from "./repository-view.ts";
import type { StoragePaths } from "./storage-paths.ts";

/** What counts as in use. */
export interface MarkOptions {
  readonly paths: StoragePaths;
  /** Whether manifests that no tag leads to are kept. */
  readonly untagged: "keep" | "remove";
  /** Manifests written at this time or later are always kept; milliseconds since 1970. */
  readonly youngSince: number;
}

/** The part of a repository that is in use. */
export interface Marked {
  /** Manifests that are kept. */
  readonly manifests: ReadonlySet<Digest>;
  /** All manifests and blobs that these name. */
  readonly named: ReadonlySet<Digest>;
}

/** What one manifest names. */
interface References {
  readonly subject: Digest | null;
  readonly named: readonly Digest[];
}

/**
 * Marks what the tags (or every manifest) lead to: children of image indexes, configs, layers, subjects, and the
 * referrers of what is kept.
 *
 * @throws {PkgError} LAYOUT_INVALID when a manifest cannot be read, as what it uses would be taken for garbage
 */
export async function markRepository(view: RepositoryView, options: MarkOptions): Promise<Marked> {
  const references = await readAllReferences(view, options.paths);
  const referrers = Map.groupBy(references.keys(), (digest) => references.get(digest)?.subject ?? null);
  const manifests = new Set<Digest>();
  const named = new Set<Digest>();
  const waiting = await rootsOf(view, options);
  for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
    const found = references.get(digest);
    if (found === undefined || manifests.has(digest)) continue;
    manifests.add(digest);
    for (const name of found.named) named.add(name);
    addAll(waiting, found.named);
    addAll(waiting, referrers.get(digest) ?? []);
  }
  return { manifests, named };
}

async function readAllReferences(view: RepositoryView, paths: StoragePaths): Promise<ReadonlyMap<Digest, References>> {
  const references = new Map<Digest, References>();
  for (const digest of view.byDigest.keys()) references.set(digest, await readReferences(paths, digest));
  return references;
}

async function rootsOf(view: RepositoryView, options: MarkOptions): Promise<Digest[]> {
  if (options.untagged === "keep") return [...view.byDigest.keys()];
  const young: Digest[] = [];
  for (const digest of view.byDigest.keys()) {
    const stats = await options.paths.files.stat(options.paths.blob(digest));
    if (stats !== null && Number(stats.mtimeMs) >= options.youngSince) young.push(digest);
  }
  return [...view.byTag.values(), ...young];
}

/** A manifest whose bytes are missing names nothing. */
async function readReferences(paths: StoragePaths, digest: Digest): Promise<References> {
  const bytes = await paths.files.read(paths.blob(digest));
  if (bytes === null) return { subject: null, named: [] };
  try {
    return { subject: factsOf(bytes).subject, named: digestsIn(parseManifestObject(bytes)) };
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    throw new PkgError("LAYOUT_INVALID", `Cannot collect garbage: manifest "${digest}" is not JSON`, { cause });
  }
}

/** Every digest anywhere in a document: manifests of unknown types may name what they use in any field. */
function digestsIn(document: unknown): readonly Digest[] {
  const found: Digest[] = [];
  const waiting: unknown[] = [document];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "string" && isDigest(value)) found.push(value);
    else if (Array.isArray(value)) addAll(waiting, value);
    else if (isObject(value)) addAll(waiting, Object.values(value));
  }
  return found;
}
