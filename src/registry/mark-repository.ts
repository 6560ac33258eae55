import { readFile } from "node:fs/promises";
import { isObject } from "../base/json.ts";
import { PkgError } from "../errors.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { parseObject } from "./check-manifest.ts";
import { modifiedAt, orNull } from "./files.ts";
import type { Layout } from "./layout.ts";
import { factsOf } from "./manifest-facts.ts";
import { Problem } from "./problem.ts";
import type { RepositoryView } from "./repository-view.ts";

export interface MarkOptions {
  readonly layout: Layout;
  /** Whether a manifest that no tag leads to stays all the same. */
  readonly untagged: "keep" | "remove";
  /** Manifests written since then stay in any case; milliseconds since 1970. */
  readonly youngSince: number;
}

/** What of a repository is in use. */
export interface Marked {
  /** Manifests that stay. */
  readonly manifests: ReadonlySet<Digest>;
  /** All that they name, manifests and blobs. */
  readonly named: ReadonlySet<Digest>;
}

interface Document {
  readonly subject: Digest | null;
  readonly named: readonly Digest[];
}

/**
 * Marks what the tags (or every manifest) lead to: children of image indexes, configs, layers, subjects, and the
 * referrers of what stays.
 *
 * @throws {PkgError} LAYOUT_INVALID when a manifest cannot be read, as what it uses would be taken for garbage
 */
export async function markRepository(view: RepositoryView, options: MarkOptions): Promise<Marked> {
  const documents = await readDocuments(view, options.layout);
  const referrers = Map.groupBy(documents.keys(), (digest) => documents.get(digest)?.subject ?? null);
  const manifests = new Set<Digest>();
  const named = new Set<Digest>();
  const waiting = await rootsOf(view, options);
  for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
    const document = documents.get(digest);
    if (document === undefined || manifests.has(digest)) continue;
    manifests.add(digest);
    for (const name of document.named) named.add(name);
    waiting.push(...document.named, ...(referrers.get(digest) ?? []));
  }
  return { manifests, named };
}

async function readDocuments(view: RepositoryView, layout: Layout): Promise<ReadonlyMap<Digest, Document>> {
  const documents = new Map<Digest, Document>();
  for (const digest of view.byDigest.keys()) documents.set(digest, await readDocument(layout, digest));
  return documents;
}

async function rootsOf(view: RepositoryView, options: MarkOptions): Promise<Digest[]> {
  if (options.untagged === "keep") return [...view.byDigest.keys()];
  const young: Digest[] = [];
  for (const digest of view.byDigest.keys()) {
    const writtenAt = await modifiedAt(options.layout.blob(digest));
    if (writtenAt !== null && writtenAt >= options.youngSince) young.push(digest);
  }
  return [...view.byTag.values(), ...young];
}

/** One whose bytes are gone names nothing any more. */
async function readDocument(layout: Layout, digest: Digest): Promise<Document> {
  const bytes = await orNull(readFile(layout.blob(digest)));
  if (bytes === null) return { subject: null, named: [] };
  try {
    return { subject: factsOf(bytes).subject, named: digestsIn(parseObject(bytes)) };
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    throw new PkgError("LAYOUT_INVALID", `Cannot collect garbage: manifest "${digest}" is not JSON`, { cause });
  }
}

/** Every digest in a document, wherever it stands: types that are not known may name what they use anywhere. */
function digestsIn(document: unknown): readonly Digest[] {
  const found: Digest[] = [];
  const waiting: unknown[] = [document];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "string" && isDigest(value)) found.push(value);
    else if (Array.isArray(value)) waiting.push(...value);
    else if (isObject(value)) waiting.push(...Object.values(value));
  }
  return found;
}
