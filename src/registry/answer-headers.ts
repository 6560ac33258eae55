import type { ServerResponse } from "node:http";

/**
 * What every answer says to a browser, whatever it answers: what was pushed here is never a page of this registry's own,
 * nor part of a page of another host. The page about the registry has a policy of its own, which replaces this one.
 *
 * @see Fetch standard, "X-Content-Type-Options" and "Cross-Origin-Resource-Policy"; CSP level 3
 */
const HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
};

/** The same as lines of an answer's head, for one that is written without a response. */
export const ANSWER_HEADER_LINES: readonly string[] = [
  ...Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}`),
  "content-disposition: attachment",
];

/** Sets those headers; everything but the page at `/` is also to be saved rather than shown. */
export function setAnswerHeaders(response: ServerResponse, path: string): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  if (path !== "/") response.setHeader("content-disposition", "attachment");
}
