import { diffIndexes, type IndexDiff } from "../index/diff.ts";
import { readDocument } from "../index/read-document.ts";
import { type IndexFileCapabilities, readIndexFile } from "./index-file.ts";

export interface DiffIndexRequest {
  /** Each a directory, file, address or reference. */
  readonly before: string;
  readonly after: string;
  readonly directory: string;
}

export interface DiffIndexOutcome {
  readonly before: DiffedIndex;
  readonly after: DiffedIndex;
  /** True when a reader finds the same packages by the same keys. */
  readonly identical: boolean;
  readonly changes: IndexDiff;
}

export interface DiffedIndex {
  readonly source: string;
  readonly repository: string;
  readonly serial: number;
  readonly entries: number;
}

/**
 * Tells what a reader finds in one index other than in another.
 *
 * @throws {PkgError} as readIndexFile and readDocument
 */
export async function diffPackageIndex(
  cap: IndexFileCapabilities,
  request: DiffIndexRequest,
): Promise<DiffIndexOutcome> {
  const [before, after] = await Promise.all(
    [request.before, request.after].map((source) => read(cap, source, request)),
  );
  if (before === undefined || after === undefined) throw new Error("two indexes were read");
  const changes = diffIndexes(before, after);
  const lists = [changes.added, changes.removed, changes.replaced, changes.edited];
  const identical = changes.keySet === null && lists.every((list) => list.length === 0);
  return { before: before.facts, after: after.facts, identical, changes };
}

async function read(cap: IndexFileCapabilities, source: string, { directory }: DiffIndexRequest) {
  const { header, entries } = await readDocument((await readIndexFile(cap, source, directory)).bytes);
  const { repository, serial, keySets } = header;
  return { facts: { source, repository, serial, entries: entries.length }, entries, keySet: keySets.at(-1) ?? null };
}
