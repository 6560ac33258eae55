import { hasCode } from "../errors.ts";
import type { HttpResponse } from "../http/request.ts";
import type { Endpoint } from "./endpoints.ts";

/** A response, and the `Authorization` that was sent for it. */
export interface Answered {
  readonly response: HttpResponse;
  readonly authorization: string | null;
}

/** What has been done for one request. */
export interface Negotiation {
  /** The keys of the plans that were carried out. */
  readonly tried: Set<string>;
  /** True once it was refused without any `Authorization`. */
  sentNothing: boolean;
  /** True if a token can be had for it, which a registry may give to anybody. */
  wantsToken: boolean;
}

/** True if a request without the credential would be another one than what was refused already. */
export function mayHelp({ wantsToken, sentNothing }: Negotiation): boolean {
  return wantsToken || !sentNothing;
}

/** What came of a request: `isRefused` if the credential was, `mayBeAnonymous` if that is of no use and it may succeed without. */
export type Attempt = { readonly isRefused: boolean; readonly mayBeAnonymous: boolean } & (
  | ({ readonly kind: "answered" } & Answered)
  | { readonly kind: "failed"; readonly error: unknown }
);

/** The response. @throws what the attempt failed with */
export function answerOf(attempt: Attempt): HttpResponse {
  if (attempt.kind === "failed") throw attempt.error;
  return attempt.response;
}

/** True for a status that refuses access. */
export function isRefusal({ status }: HttpResponse): boolean {
  return status === 401 || status === 403;
}

/** True if access was refused, by the registry or its token service. */
export function isRefusedAgain(attempt: Attempt): boolean {
  return attempt.kind === "answered"
    ? isRefusal(attempt.response)
    : hasCode(attempt.error, "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN");
}

/** True for an answer that is neither a refusal nor a failure. */
export function isSuccess(attempt: Attempt): boolean {
  return attempt.kind === "answered" && attempt.response.status < 400;
}

/** True for a token, unless anyone's was sent before it. */
export function isTokenSent({ presetToken }: Endpoint, authorization: string | null): boolean {
  return presetToken === null && authorization?.startsWith("Bearer ") === true;
}

/** True if a token service gave no token for a reason of its own, so that another way may still help. */
export function isServiceBroken(error: unknown): boolean {
  return hasCode(error, "HTTP_UNEXPECTED", "HTTP_NOT_FOUND", "NOT_A_REGISTRY");
}
