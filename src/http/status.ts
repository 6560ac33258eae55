import { isObject, parseJsonOrNull } from "../base/json.ts";
import { MAX_ERROR_BODY_BYTES } from "../base/limits.ts";
import { HTTPS_HINT } from "../base/network-words.ts";
import { type ErrorCode, hasCode, PkgError } from "../errors.ts";
import type { HttpResponse } from "./request.ts";
import { parseRetryAfter } from "./retry-after.ts";

export { parseRetryAfter };

/** Characters of a server's message that are shown, and those that are looked through for secrets before it is cut. */
const MAX_MESSAGE_LENGTH = 300;
const MAX_READ_LENGTH = 8192;

/**
 * Turns an answer with a bad status into an error; its body is read for the server's own message and then discarded.
 *
 * 401 HTTP_UNAUTHORIZED, 403 HTTP_FORBIDDEN, 404 and 410 HTTP_NOT_FOUND, 408 NETWORK_TIMEOUT, 429 and a rate limit
 * reported as 403 SERVER_BUSY, 5xx SERVER_FAILED, all others HTTP_UNEXPECTED; INTERRUPTED if the request was aborted.
 * `retryAfterMs` is set from `Retry-After`, or from the text of GHCR's message, which contains the wait.
 *
 * @param what what was being done, as it follows "Cannot"
 */
export async function statusError(response: HttpResponse, what: string): Promise<PkgError> {
  let said: string | null;
  try {
    said = await readMessage(response);
  } catch (error) {
    if (hasCode(error, "INTERRUPTED")) return error;
    said = null;
  }
  const code = codeOf(response, said);
  const waitMs = waitOf(response, said);
  return new PkgError(code, messageOf(response, what, said), {
    ...(isOfHttpsPort(response) ? { hint: `If it speaks https: ${HTTPS_HINT}` } : hintOf(code)),
    ...(waitMs === null ? {} : { retryAfterMs: waitMs }),
  });
}

function messageOf(response: HttpResponse, what: string, said: string | null): string {
  const { origin, pathname } = response.url;
  const answer = `Cannot ${what}: "${origin}${pathname}" answered ${response.status}`;
  if (said === null) return answer;
  return `${answer}, "${response.redact(said.slice(0, MAX_READ_LENGTH)).slice(0, MAX_MESSAGE_LENGTH)}"`;
}

function codeOf(response: HttpResponse, said: string | null): ErrorCode {
  const { status } = response;
  if (status === 401) return "HTTP_UNAUTHORIZED";
  if (status === 403) return isRateLimit(response, said) ? "SERVER_BUSY" : "HTTP_FORBIDDEN";
  if (status === 404 || status === 410) return "HTTP_NOT_FOUND";
  if (status === 408) return "NETWORK_TIMEOUT";
  if (status === 429) return "SERVER_BUSY";
  return status >= 500 && status <= 599 ? "SERVER_FAILED" : "HTTP_UNEXPECTED";
}

/** GitHub refuses with 403 where others say 429: its "secondary rate limit". */
function isRateLimit(response: HttpResponse, said: string | null): boolean {
  return response.header("retry-after") !== null || /\b(secondary )?rate limit/i.test(said ?? "");
}

function hintOf(code: ErrorCode): { hint?: string } {
  if (code === "SERVER_BUSY" || code === "SERVER_FAILED") return { hint: "Try again later" };
  if (code === "HTTP_UNAUTHORIZED" || code === "HTTP_FORBIDDEN") {
    return { hint: "It may be private, or not exist: check the name" };
  }
  return {};
}

/** How web servers (Go's, nginx, Apache) answer plain http on a port for https; a registry's own refusal is JSON. */
function isOfHttpsPort(response: HttpResponse): boolean {
  if (response.status !== 400 || response.url.protocol !== "http:") return false;
  return response.header("content-type")?.includes("json") !== true;
}

function waitOf(response: HttpResponse, said: string | null): number | null {
  const nowMs = Date.parse(response.header("date") ?? "") || Date.now();
  const header = response.header("retry-after");
  const fromHeader = header === null ? null : parseRetryAfter(header, nowMs);
  if (fromHeader !== null) return fromHeader;
  const inMessage = /retry-after: *([^\s,;]+)/i.exec(said ?? "")?.[1];
  return inMessage === undefined ? null : parseRetryAfter(inMessage, nowMs);
}

async function readMessage(response: HttpResponse): Promise<string | null> {
  const text = (await response.readBytes(MAX_ERROR_BODY_BYTES)).toString("utf8").trim();
  if (text === "" || text.startsWith("<")) return null;
  return messageIn(parseJsonOrNull(text)) ?? (text.startsWith("{") ? null : firstLine(text));
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]?.trim() ?? text;
}

/** The message of `{"errors":[{code,message}]}` (distribution-spec, Error Codes), or of one such error on its own. */
function messageIn(document: unknown): string | null {
  if (!isObject(document)) return null;
  const errors = document["errors"];
  if (Array.isArray(errors)) return errors.map(describe).find((text) => text !== null) ?? null;
  return describe(document);
}

function describe(error: unknown): string | null {
  if (typeof error === "string") return error;
  if (!isObject(error)) return null;
  const { code, message, error: text } = error;
  const parts = [code, message, message === undefined ? text : undefined].filter((part) => typeof part === "string");
  return parts.length === 0 ? null : parts.join(": ");
}
