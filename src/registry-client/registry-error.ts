import { asObject, parseJsonOrNull } from "../base/json.ts";
import { MAX_ERROR_BODY_BYTES } from "../base/limits.ts";
import { hasCode, PkgError, reworded } from "../errors.ts";
import type { HttpResponse } from "../http/request.ts";
import { statusError } from "../http/status.ts";

/** Codes that mean absence, whatever the status they come with (OCI distribution-spec 1.1, "Error Codes"). */
const ABSENCE_CODES: readonly unknown[] = ["NAME_UNKNOWN", "MANIFEST_UNKNOWN", "BLOB_UNKNOWN"];

/**
 * Turns a registry's refusal into an error, as http/status.ts does, except that a body that reports absence gives
 * HTTP_NOT_FOUND even if the status is 401 or 403.
 *
 * @param what what was being done, for a message that starts with "Cannot"
 */
export async function registryError(response: HttpResponse, what: string): Promise<PkgError> {
  return (await readRefusal(response, what)).error;
}

/** A refusal with the error codes in its body, e.g. `MANIFEST_BLOB_UNKNOWN`. */
export interface Refusal {
  readonly error: PkgError;
  readonly codes: readonly unknown[];
}

/** As registryError, for callers that report some refusals in their own words. */
export async function readRefusal(response: HttpResponse, what: string): Promise<Refusal> {
  const body = await readBody(response);
  const error = await statusError(replay(response, body), what);
  const codes = errorCodes(body);
  const isRefusal = hasCode(error, "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN", "HTTP_UNEXPECTED");
  if (!isRefusal) return { error, codes };
  if (!codes.some((code) => ABSENCE_CODES.includes(code))) return { error: withLogin(error, response), codes };
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return { error: new PkgError("HTTP_NOT_FOUND", error.message, hint), codes };
}

/** Adds to the hint that private content requires a login. */
function withLogin(error: PkgError, response: HttpResponse): PkgError {
  if (!hasCode(error, "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN") || error.hint === undefined) return error;
  const hint = `${error.hint}, or run \`pkg login ${response.url.host}\``;
  return new PkgError(error.code, error.message, { hint, cause: error.cause });
}

/** Adds the server that sent the wrong content to an error's message. */
export function withSource(error: PkgError, { url: { origin, pathname } }: Pick<HttpResponse, "url">): PkgError {
  return reworded(error, `${error.message}; it was sent by "${origin}${pathname}"`);
}

/** Reads the body; if that fails, the status alone will do. */
async function readBody(response: HttpResponse): Promise<Buffer> {
  try {
    return await response.readBytes(MAX_ERROR_BODY_BYTES);
  } catch (error) {
    if (error instanceof PkgError && error.code !== "INTERRUPTED") return Buffer.alloc(0);
    throw error;
  }
}

/** The same response with its body read, so that it no longer occupies a connection; for refusals, which are short. */
export async function buffered(response: HttpResponse): Promise<HttpResponse> {
  return replay(response, await readBody(response));
}

/** The same response with a body that can be read again. */
function replay(response: HttpResponse, body: Buffer): HttpResponse {
  return {
    status: response.status,
    url: response.url,
    header: (name) => response.header(name),
    redact: (text) => response.redact(text),
    body: (async function* () {
      yield body;
    })(),
    content() {
      return this.body;
    },
    readBytes: async () => body,
    discard: async () => {},
  };
}

/** The codes in `{"errors":[{"code"}]}`, or in a single such error without the list. */
function errorCodes(body: Buffer): readonly unknown[] {
  const document = asObject(parseJsonOrNull(body));
  if (document === null) return [];
  const errors: readonly unknown[] = Array.isArray(document["errors"]) ? document["errors"] : [document];
  return errors.map((error) => asObject(error)?.["code"]);
}
