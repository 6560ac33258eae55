/** No name that can be installed is longer. */
const MAX_WORD_LENGTH = 128;
/** More mistakes than this are another word. */
const MAX_DISTANCE = 4;

/** How many characters a candidate for `word` may be longer or shorter than it: at most a third of it, and at most 4. */
export function allowedDistance(word: string): number {
  return Math.min(MAX_DISTANCE, Math.max(1, Math.floor(word.length / 3)));
}

/**
 * At most `limit` candidates closest to `word` by edit distance, nearest first; those that differ by more than
 * `allowedDistance` are left out. The time for each candidate has a bound, however long it is and whatever it says.
 */
export function nearest(word: string, candidates: Iterable<string>, limit: number): readonly string[] {
  const allowed = allowedDistance(word);
  if (word.length > MAX_WORD_LENGTH) return [];
  const lower = word.toLowerCase();
  const scored: { readonly text: string; readonly distance: number }[] = [];
  for (const text of candidates) {
    if (Math.abs(text.length - word.length) > allowed) continue;
    const distance = editDistance(lower, text.toLowerCase(), allowed);
    if (distance <= allowed) scored.push({ text, distance });
  }
  scored.sort((a, b) => a.distance - b.distance || (a.text < b.text ? -1 : 1));
  return scored.slice(0, limit).map(({ text }) => text);
}

/**
 * Optimal string alignment distance (a swap of neighbours counts one), or `limit + 1` as soon as it must exceed `limit`.
 * Only the cells within `limit` of the diagonal are computed (Ukkonen): the others cannot lie on a path that is short enough.
 */
export function editDistance(a: string, b: string, limit: number): number {
  const tooMany = limit + 1;
  if (Math.abs(a.length - b.length) > limit) return tooMany;
  let beforePrevious: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => Math.min(index, tooMany));
  for (let i = 1; i <= a.length; i++) {
    const row = nextRow({ a, b, i, limit }, previous, beforePrevious);
    if (row.least > limit) return tooMany;
    beforePrevious = previous;
    previous = row.cells;
  }
  return Math.min(previous[b.length] ?? tooMany, tooMany);
}

interface RowRequest {
  readonly a: string;
  readonly b: string;
  readonly i: number;
  readonly limit: number;
}

/** The cells of row `i` within the band, and the least of them; a cell outside of it is undefined. */
function nextRow({ a, b, i, limit }: RowRequest, previous: readonly number[], beforePrevious: readonly number[]) {
  const tooMany = limit + 1;
  const cells = new Array<number>(b.length + 1);
  const from = Math.max(1, i - limit);
  if (from === 1) cells[0] = i;
  let least = from === 1 ? i : tooMany;
  for (let j = from; j <= Math.min(b.length, i + limit); j++) {
    const cost = a[i - 1] === b[j - 1] ? 0 : 1;
    const step = Math.min(previous[j] ?? tooMany, cells[j - 1] ?? tooMany) + 1;
    let best = Math.min(step, (previous[j - 1] ?? tooMany) + cost);
    if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
      best = Math.min(best, (beforePrevious[j - 2] ?? tooMany) + 1);
    }
    cells[j] = best;
    least = Math.min(least, best);
  }
  return { cells, least };
}
