import { PkgError } from "../errors.ts";
import type { HttpResponse } from "../http/client.ts";
import { asObject } from "./decode-descriptor.ts";
import type { Endpoint } from "./endpoints.ts";
import type { Exchange } from "./exchange.ts";
import { isHtml } from "./media-types.ts";
import { isTag, type Reference } from "./reference.ts";
import { registryError } from "./registry-error.ts";

const MAX_PAGE_BYTES = 4 * 1024 * 1024;
const MAX_LINK_CHARACTERS = 8 * 1024;
const MAX_TAG_PAGES = 1000;
const TAGS_PER_PAGE = 1000;

/** One page of a tag list; `next` is null on the last. */
interface TagPage {
  readonly tags: readonly string[];
  readonly next: URL | null;
}

/**
 * Reads all tags of a repository from one endpoint, page by page.
 *
 * @throws {PkgError} REDIRECT_FORBIDDEN when a page leads to another host; HTTP_UNEXPECTED for a list that is none or
 * does not end; NOT_A_REGISTRY, BODY_TOO_LARGE, and those of registryError and the network
 * @see OCI distribution-spec 1.1, "Listing Tags"
 */
export async function readTags(
  exchange: Exchange,
  request: { readonly endpoint: Endpoint; readonly reference: Reference; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { endpoint, reference } = request;
  const what = `list tags of "${reference.registry}/${reference.name}"`;
  const tags: string[] = [];
  const seen = new Set<string>();
  for (let path: string | URL | null = `tags/list?n=${TAGS_PER_PAGE}`; path !== null; ) {
    const address: string = path.toString();
    if (seen.has(address) || seen.size === MAX_TAG_PAGES) throw endless(what, address);
    seen.add(address);
    const response = await exchange.get({ ...request, path, headers: { accept: "application/json" } });
    if (response.status !== 200) throw await registryError(response, what);
    const page = await readPage(response, endpoint.base.origin);
    tags.push(...page.tags);
    path = page.next;
  }
  return tags;
}

async function readPage(response: HttpResponse, origin: string): Promise<TagPage> {
  const page = response.url.href;
  if (isHtml(response.header("content-type"))) {
    await response.discard();
    throw new PkgError("NOT_A_REGISTRY", `Cannot list tags: expected a list, found a web page at "${page}"`);
  }
  const next = nextPage(response.header("link"), response.url);
  if (next !== null && next.origin !== origin) {
    await response.discard();
    throw new PkgError("REDIRECT_FORBIDDEN", `Cannot list tags: "${page}" continues on another host, "${next.origin}"`);
  }
  return { tags: decodeTags(await response.readBytes(MAX_PAGE_BYTES), page), next };
}

function decodeTags(bytes: Buffer, page: string): readonly string[] {
  let tags: unknown;
  try {
    tags = asObject(JSON.parse(bytes.toString("utf8")))?.["tags"];
  } catch (cause) {
    throw unexpected(page, "it is not JSON", cause);
  }
  // Registries in Go write null for an empty list.
  if (tags === null) return [];
  if (!Array.isArray(tags)) throw unexpected(page, "it has no list of tags");
  return tags.map((tag: unknown) => {
    if (typeof tag === "string" && isTag(tag)) return tag;
    throw unexpected(page, `${JSON.stringify(tag)} is no tag`);
  });
}

/** The target of the link whose relation is `next` (RFC 8288, section 3), resolved against the page. */
function nextPage(header: string | null, page: URL): URL | null {
  const links = (header ?? "").slice(0, MAX_LINK_CHARACTERS).matchAll(/<([^>]*)>([^,<]*)/g);
  for (const [, target = "", parameters = ""] of links) {
    if (!/;\s*rel\s*=\s*"?(?:[^";]*\s)?next(?=[\s";]|$)/i.test(parameters)) continue;
    if (URL.canParse(target, page)) return new URL(target, page);
  }
  return null;
}

function unexpected(page: string, problem: string, cause?: unknown): PkgError {
  return new PkgError("HTTP_UNEXPECTED", `Cannot list tags: answer of "${page}" is wrong, ${problem}`, { cause });
}

function endless(what: string, page: string): PkgError {
  return new PkgError("HTTP_UNEXPECTED", `Cannot ${what}: the list does not end, stopped at "${page}"`);
}
