import { PkgError } from "../errors.ts";
import { namedUrl } from "../http/redirect.ts";
import type { HttpResponse } from "../http/request.ts";
import type { StreamedBody } from "../http/request-body.ts";
import { repositoryPath } from "./endpoints.ts";
import { registryError, withSource } from "./registry-error.ts";
import type { RequestSender } from "./request-sender.ts";
import type { UploadPlace, UploadState } from "./upload-place.ts";

/** The response to a request to start an upload or mount a blob. */
export type Started =
  | { readonly kind: "mounted" }
  | { readonly kind: "session"; readonly session: UploadSession }
  | { readonly kind: "refused"; readonly response: HttpResponse };

/** Statuses that are temporary and say nothing about the upload or mount. */
export const PASSING_STATUSES: readonly number[] = [429, 502, 503, 504];

const CANCEL_TIMEOUT_MS = 5_000;

/** An upload that a registry keeps open; its URL changes with every response. */
export class UploadSession {
  /** The minimum size of every chunk but the last, in bytes; 0 if the registry does not say. */
  readonly minChunkBytes: number;
  readonly #sender: RequestSender;
  readonly #place: UploadPlace;
  #url: URL;

  constructor(sender: RequestSender, place: UploadPlace, { url, minChunkBytes }: UploadState) {
    this.#sender = sender;
    this.#place = place;
    this.#url = url;
    this.minChunkBytes = minChunkBytes;
  }

  /** The URL for the next piece. */
  get url(): URL {
    return this.#url;
  }

  /**
   * The number of bytes that the registry holds; null if it does not know the upload, or does not say.
   *
   * @throws {PkgError} SERVER_BUSY, SERVER_FAILED if it may say later; those of the network
   */
  async held(signal: AbortSignal): Promise<number | null> {
    const response = await this.#send("GET", { signal });
    if (PASSING_STATUSES.includes(response.status)) throw await uploadRefused(response, this.#place);
    await response.discard();
    if (response.status !== 204 && response.status !== 200) return null;
    this.#follow(response);
    return heldOf(response);
  }

  /** Sends a chunk. Any status is returned; after a 202, the session continues at the URL in the response. */
  async patch(offset: number, body: StreamedBody, signal: AbortSignal): Promise<HttpResponse> {
    const response = await this.#send("PATCH", { body, offset, signal });
    if (response.status === 202) this.#follow(response);
    return response;
  }

  /** Completes the upload with the remaining bytes. */
  put(offset: number, body: StreamedBody, signal: AbortSignal): Promise<HttpResponse> {
    const { href, search } = this.#url;
    const url = new URL(`${href}${search === "" ? "?" : "&"}digest=${encodeURIComponent(this.#place.digest)}`);
    return this.#send("PUT", { body, offset, signal, url });
  }

  /** Cancels the upload if the registry allows that; otherwise it expires there. Never throws. */
  async cancel(): Promise<void> {
    try {
      const response = await this.#send("DELETE", { signal: AbortSignal.timeout(CANCEL_TIMEOUT_MS) });
      await response.discard();
    } catch (error) {
      if (!(error instanceof PkgError)) throw error;
    }
  }

  #send(
    method: "GET" | "PATCH" | "PUT" | "DELETE",
    request: {
      readonly signal: AbortSignal;
      readonly body?: StreamedBody;
      /** The offset of the body's first byte; 0 for a body that is the whole blob. */
      readonly offset?: number;
      readonly url?: URL;
    },
  ): Promise<HttpResponse> {
    const { body, offset = 0, signal, url = this.#url } = request;
    const type = body === undefined ? {} : { "content-type": "application/octet-stream" };
    const isPiece = body !== undefined && body.size > 0 && (method === "PATCH" || offset > 0);
    const range = isPiece ? { "content-range": `${offset}-${offset + body.size - 1}` } : {};
    const { endpoint, reference } = this.#place;
    return this.#sender.send({
      endpoint,
      reference,
      path: url,
      method,
      headers: { ...type, ...range },
      signal,
      ...(body === undefined ? {} : { body }),
    });
  }

  #follow(response: HttpResponse): void {
    if (response.header("location") !== null) this.#url = locationOf(response, this.#place);
  }
}

/**
 * Starts an upload, or mounts the blob from another repository.
 *
 * @throws {PkgError} those of the network; HTTP_UNEXPECTED for an answer without an address to continue at
 * @see OCI distribution-spec 1.1, "Pushing blobs", "Mounting a blob from another repository"
 */
export async function startUpload(
  sender: RequestSender,
  place: UploadPlace,
  { mountFrom, signal }: { readonly mountFrom: string | null; readonly signal: AbortSignal },
): Promise<Started> {
  const { endpoint, reference, digest } = place;
  const from = mountFrom === null ? null : repositoryPath({ ...reference, name: mountFrom });
  const query = from === null ? "" : `?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`;
  const response = await sender.send({
    endpoint,
    reference,
    path: `blobs/uploads/${query}`,
    method: "POST",
    headers: {},
    body: "",
    mountFrom: from,
    signal,
  });
  if (response.status === 201 && mountFrom !== null) {
    await response.discard();
    return { kind: "mounted" };
  }
  if (response.status !== 202) return { kind: "refused", response };
  await response.discard();
  const minChunkBytes = Number(response.header("oci-chunk-min-length") ?? 0) || 0;
  const state = { url: locationOf(response, place), minChunkBytes };
  return { kind: "session", session: new UploadSession(sender, place, state) };
}

/** The bytes held according to `Range: 0-N`, where N is the last byte; but an empty upload has `0-0`. */
export function heldOf(response: HttpResponse): number | null {
  const match = /^(?:bytes=)?0-(\d{1,15})$/.exec(response.header("range") ?? "");
  if (match === null) return null;
  const last = Number(match[1]);
  return last === 0 ? 0 : last + 1;
}

/** The error for a refusal at any step. */
export function uploadRefused(response: HttpResponse, { reference, digest }: UploadPlace): Promise<PkgError> {
  return registryError(response, `push blob "${reference.registry}/${reference.name}@${digest}"`);
}

function locationOf(response: HttpResponse, { digest }: UploadPlace): URL {
  const location = response.header("location") ?? "";
  const url = location === "" ? null : namedUrl(location, response.url);
  if (url !== null) return url;
  throw withSource(
    new PkgError(
      "HTTP_UNEXPECTED",
      `Cannot push blob "${digest}": the registry does not say where to, its Location is "${location}"`,
    ),
    response,
  );
}
