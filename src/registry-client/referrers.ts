import { hasCode, PkgError } from "../errors.ts";
import type { HttpResponse } from "../http/request.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { isHtml, OCI_INDEX } from "../oci/media-types.ts";
import { decodeReferrers, parseReferrersIndex, type ReferrersIndex } from "../oci/referrers-index.ts";
import { MAX_PAGE_BYTES, readPages } from "./pages.ts";
import { type ReferrersTagRequest, readReferrersTag } from "./referrers-tag.ts";
import { verifyReferrers } from "./referrers-verify.ts";
import { registryError } from "./registry-error.ts";
import type { RequestSender } from "./request-sender.ts";

/** A request for a subject's referrers at one endpoint. */
export interface ReferrersRequest extends ReferrersTagRequest {
  /** Null: any type. */
  readonly artifactType: string | null;
  /**
   * Whether each referrer is fetched to check that it refers to the subject. Absent: only for the list under the
   * fallback tag, which anyone who may push can write, and not for the registry's own list.
   */
  readonly verifySubject?: boolean;
  /** Collects the bases of endpoints that redirect the request to something that fails; they are not asked again. */
  readonly misled?: Set<string>;
}

const MAX_REFERRERS = 100_000;

/** Statuses of registries that do not know the request. */
const UNKNOWN_REQUEST: readonly number[] = [400, 404, 405, 406, 410, 501];

/**
 * Lists the manifests that refer to a digest, from one endpoint: by the referrers API, else by the fallback tag.
 *
 * @throws {PkgError} HTTP_UNEXPECTED for a list that breaks off or does not end; REDIRECT_FORBIDDEN, BODY_TOO_LARGE,
 * DIGEST_MISMATCH, and those of registryError and the network
 * @see OCI distribution-spec 1.1, "Listing Referrers"
 */
export async function readReferrers(sender: RequestSender, request: ReferrersRequest): Promise<readonly Descriptor[]> {
  const { verifySubject, artifactType } = request;
  const own = await readOwnList(sender, request);
  const list = own ?? (await readTaggedList(sender, request));
  const isVerified = verifySubject ?? own === null;
  const referrers = isVerified ? await verifyReferrers(sender, request, list.referrers) : list.referrers;
  if (artifactType === null) return referrers;
  // If the registry has filtered, an entry without a type matched by what the registry knows about it.
  const filtered = list.isFiltered ? artifactType : undefined;
  return referrers.filter((referrer) => (referrer.artifactType ?? filtered) === artifactType);
}

/**
 * True if the endpoint really has the referrers API, whatever it claims.
 *
 * @throws {PkgError} those of registryError and the network
 */
export async function hasReferrersApi(sender: RequestSender, request: ReferrersTagRequest): Promise<boolean> {
  const response = await askRegistry(sender, { ...request, artifactType: null });
  return response !== null && (await readIndex(response, request.subject)) !== null;
}

interface ReferrersList {
  readonly referrers: readonly Descriptor[];
  /** True if the registry filtered by artifact type. */
  readonly isFiltered: boolean;
}

/** The registry's own list; null if it has none. */
async function readOwnList(sender: RequestSender, request: ReferrersRequest): Promise<ReferrersList | null> {
  const first = await askRegistry(sender, request);
  if (first === null) return null;
  const pages = { ...request, path: pathOf(request), first, accept: OCI_INDEX, what: whatOf(request) };
  const entries: unknown[] = [];
  let isFiltered = true;
  for await (const response of readPages(sender, pages)) {
    if (response.status !== 200) throw await registryError(response, whatOf(request));
    const index = await readIndex(response, request.subject);
    if (index === null && response === first) return null;
    if (index === null) throw unexpected(request, `"${response.url.href}" is not an image index`);
    for (const entry of index.entries) entries.push(entry);
    if (entries.length > MAX_REFERRERS) throw unexpected(request, `it has more than ${MAX_REFERRERS} entries`);
    isFiltered &&= isFilteredByType(response);
  }
  return { referrers: decodeReferrers(entries, request.subject), isFiltered };
}

/** The list that writers maintain under the fallback tag; anything else there counts as an empty list. */
async function readTaggedList(sender: RequestSender, request: ReferrersRequest): Promise<ReferrersList> {
  const found = await readReferrersTag(sender, request);
  const entries = found.kind === "index" ? found.index.entries : [];
  if (entries.length > MAX_REFERRERS) throw unexpected(request, `it has more than ${MAX_REFERRERS} entries`);
  return { referrers: decodeReferrers(entries, request.subject), isFiltered: false };
}

/**
 * The first page; null if the registry does not know the request, or redirects it to something that is not a registry.
 */
async function askRegistry(sender: RequestSender, request: ReferrersRequest): Promise<HttpResponse | null> {
  const { endpoint, misled } = request;
  if (misled?.has(endpoint.base.href)) return null;
  const response = await answerOf(sender, request);
  if (response?.status === 200) return response;
  if (response === null || response.url.origin !== endpoint.base.origin) {
    await response?.discard();
    misled?.add(endpoint.base.href);
    return null;
  }
  if (UNKNOWN_REQUEST.includes(response.status)) {
    await response.discard();
    return null;
  }
  const error = await registryError(response, whatOf(request));
  if (error.code === "HTTP_NOT_FOUND") return null;
  throw error;
}

/** Null if a redirect leads to an error: GHCR redirects to a web API, whose errors say nothing about the registry. */
async function answerOf(sender: RequestSender, request: ReferrersRequest): Promise<HttpResponse | null> {
  const asked = { ...request, path: pathOf(request), headers: { accept: OCI_INDEX } };
  try {
    return await sender.send({ ...asked, maxRedirects: 0 });
  } catch (error) {
    if (!hasCode(error, "REDIRECT_FORBIDDEN")) throw error;
  }
  try {
    return await sender.send(asked);
  } catch (error) {
    if (error instanceof PkgError && error.code !== "INTERRUPTED") return null;
    throw error;
  }
}

async function readIndex(response: HttpResponse, subject: Digest): Promise<ReferrersIndex | null> {
  const contentType = response.header("content-type");
  if (!isHtml(contentType)) return parseReferrersIndex(await response.readBytes(MAX_PAGE_BYTES), contentType, subject);
  await response.discard();
  return null;
}

function isFilteredByType(response: HttpResponse): boolean {
  const applied = response.header("oci-filters-applied") ?? "";
  return applied.split(",").some((filter) => filter.trim() === "artifactType");
}

function pathOf({ subject, artifactType }: ReferrersRequest): string {
  const query = artifactType === null ? "" : `?${new URLSearchParams({ artifactType })}`;
  return `referrers/${subject}${query}`;
}

function whatOf({ reference, subject }: ReferrersRequest): string {
  return `list referrers of "${reference.registry}/${reference.name}@${subject}"`;
}

function unexpected(request: ReferrersRequest, problem: string): PkgError {
  return new PkgError("HTTP_UNEXPECTED", `Cannot ${whatOf(request)}: the list is wrong, ${problem}`);
}
