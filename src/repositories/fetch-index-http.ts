import { decodePercents } from "../base/percents.ts";
import { retry } from "../base/retry.ts";
import { hasCode, PkgError } from "../errors.ts";
import { statusError } from "../http/status.ts";
import { INDEX_FILE_NAMES } from "../index/index-artifact.ts";
import { MAX_SIGNATURE_LIST_BYTES } from "../verify/signature-list.ts";
import { downloadIndex, retriesFor } from "./download-index.ts";
import {
  type FetchedIndex,
  type FetchIndexRequest,
  type IndexReader,
  missingSignatures,
  signedNames,
} from "./fetched-index.ts";

/** Fetches an index from an address, or the directory at one that ends in "/"; `.sig` is added for its signatures. */
export async function fetchHttpIndex(
  reader: IndexReader,
  request: FetchIndexRequest,
  address: URL,
): Promise<FetchedIndex | null> {
  const candidates = candidatesOf(address, request.files);
  for (const candidate of candidates.slice(0, -1)) {
    try {
      return await fetchCandidate(reader, request, candidate);
    } catch (error) {
      if (!hasCode(error, "HTTP_NOT_FOUND")) throw error;
    }
  }
  try {
    return await fetchCandidate(reader, request, candidates.at(-1) ?? { url: address });
  } catch (error) {
    throw request.files === undefined || !hasCode(error, "HTTP_NOT_FOUND") ? error : noneOf(request.files, error);
  }
}

function noneOf(files: readonly string[], { code, message }: PkgError): PkgError {
  const hint = `Its url has to be the address below which ${files.join(" or ")} is: check it with \`pkg repo list\``;
  return new PkgError(code, message, { hint });
}

interface Candidate {
  readonly url: URL;
  /** Which of the request's files it is. */
  readonly file?: string;
}

function candidatesOf(address: URL, files: readonly string[] | undefined): readonly Candidate[] {
  const directory = address.pathname.replace(/\/*$/, "/");
  if (files !== undefined) return files.map((file) => ({ url: withPath(address, `${directory}${file}`), file }));
  if (!address.pathname.endsWith("/")) return [{ url: address }];
  return INDEX_FILE_NAMES.map((name) => ({ url: withPath(address, `${address.pathname}${name}`) }));
}

/** What is known of one file says nothing about another. */
async function fetchCandidate(
  reader: IndexReader,
  request: FetchIndexRequest,
  { url, file }: Candidate,
): Promise<FetchedIndex | null> {
  const known = request.known?.file === file ? request.known : null;
  const fetched = await fetchFrom(reader, { ...request, known }, url);
  return fetched === null || file === undefined ? fetched : { ...fetched, file };
}

/** Replaces the path, and keeps what follows it, such as a query. */
function withPath(address: URL, pathname: string): URL {
  const url = new URL(address);
  url.pathname = pathname;
  return url;
}

async function fetchFrom(reader: IndexReader, request: FetchIndexRequest, url: URL): Promise<FetchedIndex | null> {
  const download = await downloadIndex(reader, request, url);
  if (download === null) return null;
  const signatures = () => retry(() => requestSignatures(reader, request, url), retriesFor(reader));
  return { download, signatures, fileNames: signedNames(fileNameOf(url)), isOneMoment: false };
}

async function requestSignatures(
  { network, signal }: IndexReader,
  { task, namedBy }: FetchIndexRequest,
  index: URL,
): Promise<Buffer> {
  const url = withPath(index, `${index.pathname}.sig`);
  const response = await (await network()).request({ url, signal }, { task, namedBy });
  if (response.status === 404) {
    await response.discard();
    throw missingSignatures(task);
  }
  if (response.status !== 200) throw await statusError(response, task);
  return response.readBytes(MAX_SIGNATURE_LIST_BYTES);
}

function fileNameOf({ pathname }: URL): string {
  const name = pathname.slice(pathname.lastIndexOf("/") + 1);
  return decodePercents(name);
}
