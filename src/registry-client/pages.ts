import { asObject, parseJson } from "../base/json.ts";
import { jsonProblem } from "../base/strict-json.ts";
import { PkgError } from "../errors.ts";
import { namedUrl } from "../http/redirect.ts";
import type { HttpResponse } from "../http/request.ts";
import { isHtml } from "../oci/media-types.ts";
import type { Reference } from "../oci/reference.ts";
import { foundWebPage } from "../oci/web-page.ts";
import type { Endpoint } from "./endpoints.ts";
import { registryError } from "./registry-error.ts";
import type { RequestSender } from "./request-sender.ts";

/** The largest page of a list that is read, in bytes. */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;
const MAX_LINK_CHARACTERS = 8 * 1024;
const MAX_PAGES = 1000;
const MAX_ENTRIES = 1_000_000;
/** Some registries refuse a larger number. */
const ENTRIES_PER_PAGE = 1000;

/** Which part of a list to read. */
export interface ListRange {
  /** The entry to start after, in the registry's order; null or absent: from the start. */
  readonly last?: string | null;
  /** The maximum number of entries; null or absent: all. */
  readonly limit?: number | null;
}

/** A request for the pages of a list. */
export interface PagesRequest {
  readonly endpoint: Endpoint;
  readonly reference: Reference;
  /** The path or URL of the first page. */
  readonly path: string | URL;
  /** The response for the first page, if it has been requested already. */
  readonly first?: HttpResponse;
  readonly accept: string;
  /** What is being done, for messages that start with "Cannot". */
  readonly what: string;
  readonly signal: AbortSignal;
}

/**
 * The responses for a list's pages, following `Link` headers with the relation `next`. A response with a status other
 * than 200 is the last. The caller must read each body before it asks for the next page.
 *
 * @throws {PkgError} REDIRECT_FORBIDDEN if a page leads to another origin; HTTP_UNEXPECTED for a list that does not
 * end; and those of the network
 * @see RFC 8288, section 3
 */
export async function* readPages(sender: RequestSender, request: PagesRequest): AsyncGenerator<HttpResponse, void> {
  const { what, accept } = request;
  const seen = new Set<string>();
  for (let path: string | URL | null = request.path; path !== null; ) {
    const address: string = path.toString();
    if (seen.has(address) || seen.size === MAX_PAGES) throw endless(what, address);
    seen.add(address);
    const isAnswered = seen.size === 1 && request.first !== undefined;
    const response: HttpResponse = isAnswered
      ? request.first
      : await sender.send({ ...request, path, headers: { accept } });
    path = response.status === 200 ? await nextPage(response, request) : null;
    yield response;
  }
}

/** A request for a list of names. */
export interface ListRequest extends PagesRequest, ListRange {
  /** The field of a page that holds the entries. */
  readonly field: "tags" | "repositories";
  readonly isEntry: (text: string) => boolean;
}

/**
 * Reads a list of names, page by page, up to its limit. Entries that are no valid names are left out, with a warning.
 *
 * @throws {PkgError} HTTP_UNEXPECTED for an answer that is not a list or has too many entries; NOT_A_REGISTRY,
 * BODY_TOO_LARGE, those of readPages and of registryError
 */
export async function readList(sender: RequestSender, request: ListRequest): Promise<readonly string[]> {
  const { limit = null, last = null } = request;
  const entries: string[] = [];
  for await (const response of readPages(sender, request)) {
    if (response.status !== 200) throw await registryError(response, request.what);
    const page = await readPage(sender, response, request);
    // A registry that ignores ranges always returns the whole list, in the same order.
    for (const entry of page.slice(last === null ? 0 : page.indexOf(last) + 1)) entries.push(entry);
    if (limit !== null && entries.length >= limit) return entries.slice(0, limit);
    if (entries.length > MAX_ENTRIES) throw tooLong(request);
  }
  return entries;
}

/** The query for a part of a list. */
export function rangeQuery({ last, limit }: ListRange): string {
  const query = new URLSearchParams({ n: String(Math.min(limit ?? ENTRIES_PER_PAGE, ENTRIES_PER_PAGE)) });
  if (last !== undefined && last !== null) query.set("last", last);
  return query.toString();
}

async function readPage(
  sender: RequestSender,
  response: HttpResponse,
  request: ListRequest,
): Promise<readonly string[]> {
  const page = response.url.href;
  if (isHtml(response.header("content-type"))) {
    await response.discard();
    throw foundWebPage(request.what, "a list", ` at "${response.url.origin}${response.url.pathname}"`);
  }
  const bytes = await response.readBytes(MAX_PAGE_BYTES);
  const wrong = (problem: string, cause?: unknown) =>
    new PkgError("HTTP_UNEXPECTED", `Cannot ${request.what}: answer of "${page}" is wrong, ${problem}`, { cause });
  const onOdd = (odd: readonly unknown[]) => {
    if (odd.length > 0) sender.warn(oddEntries(odd, request));
  };
  return decodeEntries(bytes, request, { wrong, onOdd });
}

interface PageFaults {
  readonly wrong: (problem: string, cause?: unknown) => PkgError;
  /** Called with the entries that are no valid names. */
  readonly onOdd: (entries: readonly unknown[]) => void;
}

function decodeEntries(
  bytes: Buffer,
  { field, isEntry }: ListRequest,
  { wrong, onOdd }: PageFaults,
): readonly string[] {
  const document = parseJson(bytes.toString("utf8"), (cause) => wrong(jsonProblem(cause), cause));
  const page = asObject(document);
  const entries = page?.[field];
  // Registries in Go write null for an empty list, or leave it out.
  if (entries === null || (entries === undefined && typeof page?.["name"] === "string")) return [];
  if (!Array.isArray(entries)) throw wrong(`it has no list of ${field}`);
  const isValid = (entry: unknown) => typeof entry === "string" && isEntry(entry);
  onOdd(entries.filter((entry: unknown) => !isValid(entry)));
  return entries.filter((entry: unknown): entry is string => isValid(entry));
}

const MAX_SHOWN = 3;

/** Says which entries are left out: nothing can be fetched by such a name, and the others can. */
function oddEntries(odd: readonly unknown[], { what, field }: ListRequest): string {
  const shown = odd.slice(0, MAX_SHOWN).map((entry) => JSON.stringify(entry)?.slice(0, 100));
  const more = odd.length > MAX_SHOWN ? ` and ${odd.length - MAX_SHOWN} more` : "";
  return `Left out ${shown.join(", ")}${more} of the ${field} (${what}): no reference can have such a name`;
}

/** The target of the link with the relation `next`, resolved against the page. */
async function nextPage(response: HttpResponse, { endpoint, what }: PagesRequest): Promise<URL | null> {
  const next = nextLink(response.header("link"), response.url);
  if (next === null || next.origin === endpoint.base.origin) return next;
  await response.discard();
  throw new PkgError(
    "REDIRECT_FORBIDDEN",
    `Cannot ${what}: "${response.url.href}" continues on another host, "${next.origin}"`,
  );
}

/** A quoted parameter may hold commas, and some registries leave the angle brackets out. */
const LINK = /<([^>]*)>((?:"(?:[^"\\]|\\.)*"|[^,<"])*)/g;
const BARE_LINK = /^\s*([^<>\s;,]+)\s*(;.*)$/s;

function nextLink(header: string | null, page: URL): URL | null {
  const text = (header ?? "").slice(0, MAX_LINK_CHARACTERS);
  const links = text.includes("<") ? [...text.matchAll(LINK)] : [BARE_LINK.exec(text) ?? []];
  for (const [, target = "", parameters = ""] of links) {
    if (!isNext(parameters, links.length)) continue;
    const url = target === "" ? null : namedUrl(target, page);
    if (url !== null) return url;
  }
  return null;
}

/** Some registries do not say what their only link is for. */
function isNext(parameters: string, links: number): boolean {
  if (links === 1 && !/;\s*rel\s*=/i.test(parameters)) return true;
  return /;\s*rel\s*=\s*"?(?:[^";]*\s)?next(?=[\s";]|$)/i.test(parameters);
}

function tooLong({ what }: ListRequest): PkgError {
  return new PkgError("HTTP_UNEXPECTED", `Cannot ${what}: the list has more than ${MAX_ENTRIES} entries`);
}

function endless(what: string, page: string): PkgError {
  return new PkgError("HTTP_UNEXPECTED", `Cannot ${what}: the list does not end, stopped at "${page}"`);
}
