import type { Records } from "../capabilities/capabilities.ts";
import type { Installation } from "../package/installation.ts";
import { isSameRecord } from "../package/same-record.ts";
import { knownGeneration } from "../state/find-generation.ts";
import type { GenerationChange, Generations } from "../state/generations.ts";

/** What happened to the package of one name. */
export interface HistoryChange {
  /** `relink`: the version stays, and its links, its pin or why it is there are others. */
  readonly action: "install" | "remove" | "change" | "relink";
  readonly name: string;
  /** Null: it is not installed any more. */
  readonly version: string | null;
  readonly previousVersion: string | null;
}

/** A generation, as `pkg history` shows it. */
export interface HistoryItem {
  readonly number: number;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly command: string;
  /** The generation whose state it has brought back; null: it is no undo. */
  readonly stateOf: number | null;
  readonly isCurrent: boolean;
  readonly packages: readonly HistoryChange[];
}

/** What `pkg history` returns, the last generation first. */
export interface HistoryOutcome {
  readonly generations: readonly HistoryItem[];
  /** The oldest state that can be brought back. */
  readonly oldest: number;
}

/** The generations that are kept. */
export async function history({ records }: { readonly records: () => Promise<Records> }): Promise<HistoryOutcome> {
  const { generations } = await records();
  const current = generations.current();
  const items = generations.list().map(({ changes, ...item }) => ({
    ...item,
    isCurrent: item.number === current,
    packages: changes.map(describe),
  }));
  return { generations: items.toReversed(), oldest: generations.oldest() };
}

function describe({ name, before, after }: GenerationChange): HistoryChange {
  return changeOf(name, before, after);
}

/** What became of a package between two records of it. */
export function changeOf(
  name: string,
  before: { readonly version: string } | null,
  after: { readonly version: string } | null,
): HistoryChange {
  const versions = { version: after?.version ?? null, previousVersion: before?.version ?? null };
  if (before === null) return { action: "install", name, ...versions };
  if (after === null) return { action: "remove", name, ...versions };
  return { action: before.version === after.version ? "relink" : "change", name, ...versions };
}

/** What `pkg diff` returns. */
export interface HistoryDiff {
  readonly fromGeneration: number;
  readonly toGeneration: number;
  readonly packages: readonly HistoryChange[];
}

/**
 * What differs between two generations.
 *
 * @param from null: the one before `to`
 * @param to null: the current one
 * @throws {PkgError} VERSION_NOT_FOUND for one that is not kept
 */
export async function diffGenerations(
  { records }: { readonly records: () => Promise<Records> },
  from: number | null,
  to: number | null,
): Promise<HistoryDiff> {
  const { generations, installations } = await records();
  const last = knownGeneration(generations, to ?? generations.current());
  const first = knownGeneration(generations, from ?? Math.max(last - 1, generations.oldest()));
  const [before, after] = [first, last].map((number) => stateAt(generations, number, installations.get));
  const names = [...generations.changedSince(Math.min(first, last)).keys()].toSorted();
  return {
    ...{ fromGeneration: first, toGeneration: last },
    packages: names.flatMap((name) => {
      const [one, other] = [before?.(name) ?? null, after?.(name) ?? null];
      return isSameRecord(one, other) ? [] : [changeOf(name, one, other)];
    }),
  };
}

function stateAt(
  generations: Generations,
  number: number,
  now: (name: string) => Installation | null,
): (name: string) => Installation | null {
  const then = generations.changedSince(number);
  return (name) => {
    const was = then.get(name);
    return was === undefined ? now(name) : was;
  };
}
