import { interruption } from "../base/interruption.ts";
import { type NetworkWords, NO_HTTP, networkWords, SPEAKS_HTTP, SPEAKS_HTTPS } from "../base/network-words.ts";
import { PkgError, systemCode } from "../errors.ts";
import type { NamedProxy } from "./proxy.ts";

/** A URL as messages show it: without user info, and without the query, which may hold a signature. */
export function shownUrl({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}

/**
 * The error for a request that got no answer: a PkgError unchanged, anything else in the words of base/network-words.ts,
 * with the code that stands behind them.
 *
 * @param proxy what the request went through: a connection that failed is one to it
 */
export function requestFailure(error: unknown, url: URL, proxy: NamedProxy | null = null): PkgError {
  if (error instanceof PkgError) return error;
  const first = firstOf(error);
  const code = systemCode(first) ?? "";
  const words = proxyAnswer(first, proxy) ?? httpsInstead(first, url) ?? noHttp(first) ?? networkWords(code);
  const what = `Cannot reach "${shownUrl(url)}"`;
  if (words === null) {
    const kind = code === "UND_ERR_INVALID_ARG" ? "HTTP_UNEXPECTED" : "NETWORK_FAILED";
    return new PkgError(kind, `${what}: ${firstLine(first)}`, { cause: error });
  }
  const host = proxy === null || isOfTunnel(words) ? url.host : proxy.url.host;
  const through = proxy === null ? "" : ` through the proxy "${proxy.url.host}" (${proxy.name})`;
  const hint = words === SPEAKS_HTTP ? httpHint(url) : (words.hint ?? null);
  return new PkgError(words.code, `${what}${through}: ${words.reason(host)}${detail(first, code, host)}`, {
    cause: error,
    ...(hint === null ? {} : { hint: proxied(hint, words, proxy) }),
  });
}

/** The error for a body that broke off: a PkgError unchanged, else NETWORK_TIMEOUT or BODY_TRUNCATED. */
export function bodyFailure(error: unknown, url: URL): PkgError {
  if (error instanceof PkgError) return error;
  const system = systemCode(error) ?? "";
  const words = networkWords(system);
  const reason = words === null ? firstLine(error) : `${words.reason(url.host)}${detail(error, system, url.host)}`;
  const message = `Cannot read the answer of "${shownUrl(url)}" to its end: ${reason}`;
  const code = words?.code === "NETWORK_TIMEOUT" ? "NETWORK_TIMEOUT" : "BODY_TRUNCATED";
  return new PkgError(code, message, { cause: error, ...(words?.hint === undefined ? {} : { hint: words.hint }) });
}

/** The INTERRUPTED error for a request whose signal was aborted. */
export function interruptedRequest(url: URL, cause: unknown): PkgError {
  return interruption(cause, `Cannot read "${shownUrl(url)}": it was interrupted`);
}

/** The first of several tries, each at an address of its own. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] ?? error) : error;
}

/** What only the server at the end of a tunnel can have said. */
function isOfTunnel({ code }: NetworkWords): boolean {
  return code === "TLS_UNTRUSTED" || code === "HTTP_UNEXPECTED";
}

/** A code that a person may look for, and for a certificate the names that it has. */
function detail(error: unknown, code: string, host: string): string {
  if (!(error instanceof Error)) return "";
  const names = "cert" in error && code.endsWith("ALTNAME_INVALID") ? altNames(error.cert) : null;
  const address =
    "address" in error && typeof error.address === "string" && !host.includes(error.address)
      ? `, ${error.address}`
      : "";
  return `${names === null ? "" : `, it names ${names}`}${/^E[A-Z0-9]+$|^EAI_/.test(code) ? ` (${code}${address})` : ""}`;
}

function altNames(certificate: unknown): string | null {
  if (typeof certificate !== "object" || certificate === null || !("subjectaltname" in certificate)) return null;
  const { subjectaltname } = certificate;
  if (typeof subjectaltname !== "string") return null;
  return subjectaltname
    .split(", ")
    .slice(0, 3)
    .map((name) => `"${name.replace(/^(?:DNS|IP Address):/, "")}"`)
    .join(", ");
}

/** A registry has its own table in the config, and an option of the commands that name one. */
function httpHint({ host, pathname }: URL): string {
  return pathname.startsWith("/v2/")
    ? `If it is meant to, add plain_http = true under [registries."${host}"] in config.toml, or give --plain-http where you name it`
    : "Check the port, or type http:// where plain http is allowed";
}

/** The first byte of what a server that wants TLS answers: an alert (RFC 8446, section 5.1). */
const TLS_ALERT = "\x15\x03";

function httpsInstead(error: unknown, { protocol }: URL): NetworkWords | null {
  if (protocol !== "http:" || !(error instanceof Error)) return null;
  return "data" in error && typeof error.data === "string" && error.data.startsWith(TLS_ALERT) ? SPEAKS_HTTPS : null;
}

/** undici's parser has a class of errors, whose code is not always set. */
function noHttp(error: unknown): NetworkWords | null {
  return error instanceof Error && error.name === "HTTPParserError" ? NO_HTTP : null;
}

/** undici tells only in its text what status a proxy refused a tunnel with. */
function proxyAnswer(error: unknown, proxy: NamedProxy | null): NetworkWords | null {
  if (proxy === null || !(error instanceof Error)) return null;
  const status = /^Proxy (?:response|Authentication Required) \((\d{3})\)/.exec(error.message)?.[1];
  return status === undefined ? null : proxyRefusal(Number(status), proxy);
}

/** What a proxy's refusal means: 407 wants credentials, 403 forbids, 5xx did not get through, others are of no proxy. */
export function proxyRefusal(status: number, { name, url }: NamedProxy): NetworkWords {
  if (status === 407) {
    const refused =
      url.username === "" ? "it wants a user name and a password" : "it refuses the user name or the password";
    return {
      code: "CONFIG_INVALID",
      reason: () => `${refused} (407)`,
      // An address with USER:PASSWORD@ in it would be shown as one that holds a password: with *** in its place.
      hint: `Set ${name} with USER:PASSWORD@ before "${url.host}", and special characters in both as %XX`,
    };
  }
  if (status === 403) {
    return {
      code: "NETWORK_FAILED",
      reason: () => "it forbids this host (403)",
      hint: `Ask whoever runs the proxy, or name the host in NO_PROXY`,
    };
  }
  if (status > 501) {
    return {
      code: "NETWORK_FAILED",
      reason: () => `it did not get through to the host (${status})`,
      hint: "Check the name of the host, or try again later",
    };
  }
  return {
    code: "CONFIG_INVALID",
    reason: () => `it answered ${status}, as a server that is no proxy does`,
    hint: `Check ${name}`,
  };
}

/** What to check is the proxy, where the way to it is what failed. */
function proxied(hint: string, words: NetworkWords, proxy: NamedProxy | null): string {
  if (proxy === null || isOfTunnel(words) || words.code === "CONFIG_INVALID" || hint.includes("NO_PROXY")) return hint;
  return `Check the proxy that ${proxy.name} names, or name the host in NO_PROXY`;
}

function firstLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message.trim().split("\n", 1)[0] ?? "";
  return message === "" ? (systemCode(error) ?? error.name) : message;
}
