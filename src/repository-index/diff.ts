import {
  countPackages,
  diffIndexes,
  type GonePackage,
  gonePackages,
  type IndexDiff,
  type NewestChange,
} from "../index/diff.ts";
import { readDocument } from "../index/read-document.ts";
import { comparePreference } from "../package/version.ts";
import { type IndexFile, type IndexFileCapabilities, readIndexFile } from "./index-file.ts";

/** Two indexes to compare. */
export interface DiffIndexRequest {
  /** A directory, a file, an address or a reference. */
  readonly before: string;
  /** The same. */
  readonly after: string;
  /** Where relative paths begin. */
  readonly directory: string;
}

/** How two indexes differ. */
export interface DiffIndexOutcome {
  readonly before: DiffedIndex;
  readonly after: DiffedIndex;
  /** True when a reader finds the same packages in both, signed by the same keys. */
  readonly identical: boolean;
  readonly changes: IndexDiff;
  /** Packages that only the earlier one has, with their newest version. */
  readonly gone: readonly GonePackage[];
}

/** One of the two indexes. */
export interface DiffedIndex {
  /** As it was typed. */
  readonly source: string;
  readonly repository: string;
  readonly serial: number;
  readonly packageCount: number;
  /** One for each version of a package, and each platform of it. */
  readonly entryCount: number;
}

/**
 * Compares what a reader finds in two package indexes.
 *
 * @throws {PkgError} as readIndexFile and readDocument
 */
export async function diffPackageIndex(
  cap: IndexFileCapabilities,
  request: DiffIndexRequest,
): Promise<DiffIndexOutcome> {
  const files = [request.before, request.after].map((source) => readIndexFile(cap, source, request.directory));
  const [before, after] = await Promise.all(files.map(async (file) => parse(await file)));
  if (before === undefined || after === undefined) throw new Error("two indexes were read");
  const changes = diffIndexes(before, after);
  const lists = [changes.added, changes.removed, changes.replaced, changes.edited];
  const identical = changes.keySetChange === null && lists.every((list) => list.length === 0);
  return {
    before: { source: request.before, ...before.facts },
    after: { source: request.after, ...after.facts },
    identical,
    changes,
    gone: gonePackages(before.entries, after.entries),
  };
}

/** True when the newest version of a package is an older one than before. */
export function goesBack({ before, after }: Pick<NewestChange, "before" | "after">): boolean {
  return comparePreference(before, after) < 0;
}

async function parse({ bytes }: IndexFile) {
  const { header, entries } = await readDocument(bytes);
  const { repository, serial, keySets } = header;
  const facts = { repository, serial, packageCount: countPackages(entries), entryCount: entries.length };
  return { facts, entries, keySet: keySets.at(-1) ?? null };
}
