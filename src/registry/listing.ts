import type { Exchange } from "./exchange.ts";
import { Problem } from "./problem.ts";

/** The most names in one answer, whatever was asked for. */
export const MAX_PAGE_NAMES = 10_000;

/** One page of a sorted list, and the header that leads to the next. */
export interface Page<T> {
  readonly entries: readonly T[];
  readonly headers: Readonly<Record<string, string>>;
}

/** The list that a page is cut from. */
export interface Listing<T> {
  /** The path of the list, without the query: `/v2/a/tags/list`. */
  readonly path: string;
  /** In byte order of their keys. */
  readonly entries: readonly T[];
  readonly keyOf: (entry: T) => string;
}

/**
 * The entries after `last`, at most `n` of them (OCI distribution-spec 1.1, "Listing Tags").
 *
 * @throws {Problem} SIZE_INVALID
 */
export function pageOf<T>({ query }: Exchange, { path, entries, keyOf }: Listing<T>): Page<T> {
  const last = query.get("last");
  const rest = last === null ? entries : entries.filter((entry) => keyOf(entry) > last);
  const page = rest.slice(0, pageSize(query));
  const end = page.at(-1);
  if (end === undefined || page.length === rest.length) return { entries: page, headers: {} };
  return { entries: page, headers: { link: nextLink(path, query, keyOf(end)) } };
}

/** How many entries were asked for with `n`. @throws {Problem} SIZE_INVALID */
export function pageSize(query: URLSearchParams): number {
  const text = query.get("n");
  if (text === null) return MAX_PAGE_NAMES;
  // Clients that want everything ask for more than any number of digits here.
  if (/^\d+$/.test(text)) return Math.min(Number(text), MAX_PAGE_NAMES);
  throw new Problem("SIZE_INVALID", `page size "${text}" is not a number`);
}

/** The `Link` header that leads to the page after `last`; the rest of the query is kept. */
export function nextLink(path: string, query: URLSearchParams, last: string): string {
  const next = new URLSearchParams(query);
  next.set("last", last);
  return `<${path}?${next}>; rel="next"`;
}
