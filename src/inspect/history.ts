import type { Records } from "../capabilities/capabilities.ts";
import type { Installation } from "../package/installation.ts";
import { type Became, isSameRecord, whatBecame } from "../package/same-record.ts";
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
  /** Of a `relink`, how its record differs. */
  readonly became?: readonly Became[];
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
    packages: changes.map((change) => describe(generations, change)),
  }));
  return { generations: items.toReversed(), oldest: generations.oldest() };
}

/** The whole records are read only where the versions do not say what changed. */
function describe({ edition }: Generations, { name, before, after }: GenerationChange): HistoryChange {
  const isSame = before !== null && after !== null && before.version === after.version;
  const became = isSame ? whatBecame(edition(before.id), edition(after.id)) : [];
  return changeOf(name, { before, after, became });
}

/** What a record says of the version. */
type Versioned = { readonly version: string } | null;

/** What became of a package between two records of it. */
export function changeOf(
  name: string,
  {
    before,
    after,
    became,
  }: {
    readonly before: Versioned;
    readonly after: Versioned;
    /** Where the version is the same. */
    readonly became: readonly Became[];
  },
): HistoryChange {
  const versions = { version: after?.version ?? null, previousVersion: before?.version ?? null };
  if (before === null) return { action: "install", name, ...versions };
  if (after === null) return { action: "remove", name, ...versions };
  if (before.version !== after.version) return { action: "change", name, ...versions };
  return { action: "relink", name, ...versions, became };
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
      const became = one === null || other === null ? [] : whatBecame(one, other);
      return isSameRecord(one, other) ? [] : [changeOf(name, { before: one, after: other, became })];
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
