/** One command that was run, and what it used. */
export interface Run {
  /** How often people run its like, beside others. */
  readonly weight: number;
  /** The names of the chunks that it loaded. */
  readonly chunks: ReadonlySet<string>;
}

/** Chunks that become one script. */
interface Group {
  readonly names: readonly string[];
  readonly bytes: number;
  /** The runs that would read it. */
  readonly readers: ReadonlySet<Run>;
}

/** To find, read and run a script takes as long as so many bytes of it. */
const SCRIPT_BYTES = 6_000;

/**
 * Which chunks are one script, so that the runs read little that they do not use, in few scripts: at first, all that the same
 * runs use; then any two are put together while that saves more than it costs. What no run uses is in none.
 *
 * @param sizes the bytes of each chunk
 */
export function groupChunks(sizes: ReadonlyMap<string, number>, runs: readonly Run[]): readonly (readonly string[])[] {
  let groups = usedTogether(sizes, runs);
  for (let pair = bestPair(groups); pair !== null; pair = bestPair(groups)) {
    const [one, other] = pair;
    groups = groups.flatMap((group) => (group === other ? [] : group === one ? together(one, other) : group));
  }
  return groups.map(({ names }) => names);
}

function usedTogether(sizes: ReadonlyMap<string, number>, runs: readonly Run[]): readonly Group[] {
  const readersOf = (name: string) => runs.filter(({ chunks }) => chunks.has(name));
  const used = [...sizes.keys()].map((name) => ({ name, readers: readersOf(name) }));
  const alike = Map.groupBy(used, ({ readers }) => readers.map((run) => runs.indexOf(run)).join());
  return [...alike.values()].flatMap((chunks): readonly Group[] => {
    const [first] = chunks;
    const names = chunks.map(({ name }) => name);
    const bytes = names.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
    return first === undefined || first.readers.length === 0 ? [] : [{ names, bytes, readers: new Set(first.readers) }];
  });
}

/** The two that it pays most to put together; null: none. */
function bestPair(groups: readonly Group[]): readonly [Group, Group] | null {
  let best: readonly [Group, Group] | null = null;
  let most = 0;
  for (const [index, one] of groups.entries())
    for (const other of groups.slice(index + 1)) {
      const saved = savedBy(one, other);
      if (saved > most) [best, most] = [[one, other], saved];
    }
  return best;
}

/** Who reads both has one script less to read; who reads one would read the bytes of the other too. */
function savedBy(one: Group, other: Group): number {
  let saved = 0;
  for (const run of one.readers) saved += run.weight * (other.readers.has(run) ? SCRIPT_BYTES : -other.bytes);
  for (const run of other.readers) if (!one.readers.has(run)) saved -= run.weight * one.bytes;
  return saved;
}

function together(one: Group, other: Group): Group {
  return {
    names: [...one.names, ...other.names],
    bytes: one.bytes + other.bytes,
    readers: one.readers.union(other.readers),
  };
}
