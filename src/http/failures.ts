import { interruption } from "../base/interruption.ts";
import { PkgError, systemCode } from "../errors.ts";

const TIMEOUT_CODES = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
]);

const CERTIFICATE_CODE = /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_CA$)/;

/** A URL as messages show it: without user info, and without the query, which may hold a signature. */
export function shownUrl({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}

/** The error for a request that got no answer: a PkgError unchanged, anything else as a failure of the network. */
export function requestFailure(error: unknown, url: URL): PkgError {
  if (error instanceof PkgError) return error;
  const code = systemCode(error) ?? "";
  const message = `Cannot reach "${shownUrl(url)}": ${reasonOf(error)}`;
  if (TIMEOUT_CODES.has(code)) return new PkgError("NETWORK_TIMEOUT", message, { cause: error });
  if (CERTIFICATE_CODE.test(code)) return untrustedCertificate(message, error);
  if (code === "UND_ERR_INVALID_ARG") return new PkgError("HTTP_UNEXPECTED", message, { cause: error });
  return new PkgError("NETWORK_FAILED", message, { cause: error });
}

/** The error for a body that broke off: a PkgError unchanged, else NETWORK_TIMEOUT or BODY_TRUNCATED. */
export function bodyFailure(error: unknown, url: URL): PkgError {
  if (error instanceof PkgError) return error;
  const message = `Cannot read the answer of "${shownUrl(url)}" to its end: ${reasonOf(error)}`;
  const code = TIMEOUT_CODES.has(systemCode(error) ?? "") ? "NETWORK_TIMEOUT" : "BODY_TRUNCATED";
  return new PkgError(code, message, { cause: error });
}

/** The INTERRUPTED error for a request whose signal was aborted. */
export function interruptedRequest(url: URL, cause: unknown): PkgError {
  return interruption(cause, `Cannot read "${shownUrl(url)}": it was interrupted`);
}

function untrustedCertificate(message: string, cause: unknown): PkgError {
  return new PkgError("TLS_UNTRUSTED", message, {
    cause,
    hint: "If this server has a certificate authority of its own, name its PEM file in NODE_EXTRA_CA_CERTS or SSL_CERT_FILE, or its directory in SSL_CERT_DIR",
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(", ");
  if (!(error instanceof Error)) return String(error);
  // Node goes on with advice for those who start it by hand.
  const message = error.message.split("; if the root CA is installed locally", 1)[0] ?? "";
  return message === "" ? (systemCode(error) ?? error.name) : message;
}
