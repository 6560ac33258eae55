/** One page of a list. */
export interface Cut<T> {
  readonly entries: readonly T[];
  /** The number of the page that they are on, from 1. */
  readonly page: number;
  readonly pages: number;
  /** How many entries there are on all pages. */
  readonly total: number;
}

/** The entries of the page that is wanted; a number beyond the last page means the last page. */
export function cutPage<T>(all: readonly T[], wanted: number, perPage: number): Cut<T> {
  const pages = Math.max(1, Math.ceil(all.length / perPage));
  const page = Math.min(wanted, pages);
  return { entries: all.slice((page - 1) * perPage, page * perPage), page, pages, total: all.length };
}
