import { getSystemErrorMap } from "node:util";
import type { ErrorCode } from "../errors.ts";

/** What an error of a connection means for a person; `reason` and `hint` are made for the host that was asked. */
export interface NetworkWords {
  readonly code: ErrorCode;
  readonly reason: (host: string) => string;
  readonly hint?: string;
}

/** What to look at when a server does not answer. */
export const CHECK_NETWORK = "Check the network, and whether a proxy is needed (HTTPS_PROXY)";
const CLOCK = "Look at this machine's clock with `date`; if it is right, only the server's owner can mend this";
const ASK_OWNER = "Only the server's owner can mend this";
const OWN_AUTHORITY =
  "If this server has a certificate authority of its own, name its PEM file with --ca-file, SSL_CERT_FILE or NODE_EXTRA_CA_CERTS, or its directory in SSL_CERT_DIR";

const lost = (reason: string, hint = CHECK_NETWORK): NetworkWords => ({
  code: "NETWORK_FAILED",
  reason: (host) => `${reason.replaceAll("HOST", `"${host}"`)}`,
  hint,
});
const late = (reason: string): NetworkWords => ({ code: "NETWORK_TIMEOUT", reason: () => reason, hint: CHECK_NETWORK });
const untrusted = (reason: string, hint: string): NetworkWords => ({
  code: "TLS_UNTRUSTED",
  reason: () => reason,
  hint,
});
/** Nothing changes by trying again. */
const settled = (reason: string, hint: string): NetworkWords => ({
  code: "HTTP_UNEXPECTED",
  reason: (host) => reason.replaceAll("HOST", `"${host}"`),
  hint,
});

const OTHER_TLS = settled("it speaks only versions of TLS that are no longer safe", ASK_OWNER);
const NO_CIPHER = settled("it has no cipher or key in common with this program", ASK_OWNER);
const CLIENT_CERTIFICATE = settled(
  "it asks for a client certificate, which pkg does not send",
  "Reach it by an address that asks for none",
);
/** TLS was asked for, and the bytes that came are not TLS. */
export const SPEAKS_HTTP: NetworkWords = {
  code: "ADDRESS_FORBIDDEN",
  reason: (host) => `"${host}" speaks http, not https`,
  hint: "Check the port",
};
/** What to type where plain http was asked for, and https is spoken. */
export const HTTPS_HINT =
  "leave out --plain-http, and plain_http under [registries] in config.toml; write https:// where an address begins with http://";
/** Plain http was asked for, and TLS came. */
export const SPEAKS_HTTPS = settled(
  "HOST speaks https, not http",
  `${HTTPS_HINT.slice(0, 1).toUpperCase()}${HTTPS_HINT.slice(1)}`,
);
/** What came is neither http nor TLS. */
export const NO_HTTP = lost("HOST answered with something that is not http", "Check the host and the port");

const NETWORK: Readonly<Record<string, NetworkWords>> = {
  ENOTFOUND: lost(
    "the name HOST is not known",
    `Check the name. If no name is found: ${CHECK_NETWORK.toLowerCase().replace("https_proxy", "HTTPS_PROXY")}`,
  ),
  EAI_AGAIN: lost("names cannot be looked up now, HOST among them"),
  ENODATA: lost("the name HOST has no address", "Check the name"),
  ECONNREFUSED: lost("HOST refuses connections", "Check the host and the port, and whether the server runs"),
  ECONNRESET: lost("HOST closed the connection"),
  EPIPE: lost("HOST closed the connection"),
  ECONNABORTED: lost("the connection was closed"),
  UND_ERR_SOCKET: lost("HOST closed the connection"),
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: lost("HOST closed the connection too early"),
  EHOSTUNREACH: lost("no way leads to HOST"),
  ENETUNREACH: lost("no way leads to the network of HOST"),
  ENETDOWN: lost("the network is down"),
  EHOSTDOWN: lost("HOST is down"),
  EADDRNOTAVAIL: lost("this machine has no address from which to reach HOST"),
  EACCES: lost(
    "this machine does not allow connections to HOST",
    "See its firewall, and what the sandbox or container allows",
  ),
  EPERM: lost(
    "this machine does not allow connections to HOST",
    "See its firewall, and what the sandbox or container allows",
  ),
  EMFILE: lost(
    "too many open files in this process",
    "Raise the limit with `ulimit -n 1024`, or fetch less at a time with --concurrency 1",
  ),
  ENFILE: lost("too many open files on this machine", "End other programs, or raise `sysctl fs.file-max`"),
  EPROTO: lost("HOST broke the rules of the protocol"),
  ETIMEDOUT: late("no answer came"),
  UND_ERR_CONNECT_TIMEOUT: late("no connection was made in time"),
  UND_ERR_HEADERS_TIMEOUT: late("no answer came in time"),
  UND_ERR_BODY_TIMEOUT: late("the answer stopped in the middle"),
  ERR_SSL_WRONG_VERSION_NUMBER: SPEAKS_HTTP,
  ERR_SSL_HTTP_REQUEST: SPEAKS_HTTP,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: SPEAKS_HTTP,
  ERR_SSL_RECORD_LAYER_FAILURE: SPEAKS_HTTP,
  ERR_SSL_UNSUPPORTED_PROTOCOL: OTHER_TLS,
  ERR_SSL_VERSION_TOO_LOW: OTHER_TLS,
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: OTHER_TLS,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: OTHER_TLS,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: NO_CIPHER,
  ERR_SSL_SSL_TLS_ALERT_HANDSHAKE_FAILURE: NO_CIPHER,
  ERR_SSL_SSL_TLS_ALERT_INSUFFICIENT_SECURITY: NO_CIPHER,
  ERR_SSL_NO_SHARED_CIPHER: NO_CIPHER,
  ERR_SSL_DH_KEY_TOO_SMALL: NO_CIPHER,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: CLIENT_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: CLIENT_CERTIFICATE,
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: settled("it does not know the name HOST", "Check the name"),
  ERR_SSL_TLSV1_ALERT_UNRECOGNIZED_NAME: settled("it does not know the name HOST", "Check the name"),
  ERR_TLS_HANDSHAKE_TIMEOUT: late("the connection was not secured in time"),
  CERT_HAS_EXPIRED: untrusted("its certificate has expired", CLOCK),
  CERT_NOT_YET_VALID: untrusted("its certificate is not valid yet", CLOCK),
  CERT_REVOKED: untrusted("its certificate has been revoked", ASK_OWNER),
  CERT_SIGNATURE_FAILURE: untrusted("its certificate has a wrong signature", ASK_OWNER),
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted("its certificate is self-signed", OWN_AUTHORITY),
  SELF_SIGNED_CERT_IN_CHAIN: untrusted("its certificate is of an authority that is not known here", OWN_AUTHORITY),
  UNABLE_TO_GET_ISSUER_CERT: untrusted("its certificate is of an authority that is not known here", OWN_AUTHORITY),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted(
    "its certificate is of an authority that is not known here",
    OWN_AUTHORITY,
  ),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted(
    "its certificate is of an authority that is not known here, or it leaves out those in between",
    OWN_AUTHORITY,
  ),
  HOSTNAME_MISMATCH: untrusted("its certificate is for another name", "Use a name that the certificate has"),
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted("its certificate is for another name", "Use a name that the certificate has"),
};

const CERTIFICATE =
  /^(?:CERT_|ERR_TLS_CERT_|ERROR_IN_CERT_|ERR_SSL_(?:CA_|EE_|CERTIFICATE_)|CRL_|INVALID_(?:CA|PURPOSE)$|UNABLE_TO_|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|DEPTH_ZERO_|SELF_SIGNED_)/;
const MESSAGES = new Map(getSystemErrorMap().values());

/** The words for a code of a connection that failed: of the system, of TLS or of the http client. Null for any other. */
export function networkWords(raw: string): NetworkWords | null {
  // Node makes a code of OpenSSL's text as it is: ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE.
  const code = raw.replaceAll(/[^A-Za-z0-9]/g, "_");
  const known = NETWORK[code];
  if (known !== undefined) return known;
  if (CERTIFICATE.test(code)) return untrusted(`its certificate cannot be trusted (${code})`, OWN_AUTHORITY);
  if (code.startsWith("HPE_")) return NO_HTTP;
  if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) return lost(`TLS failed (${code})`);
  if (code.startsWith("EAI_")) return lost(`names cannot be looked up (${code}), HOST among them`);
  if (code.startsWith("ERR_HTTP2_") || code.startsWith("NGHTTP2_")) return lost("HOST broke off the connection");
  return /^E[A-Z0-9]+$/.test(code) ? lost(MESSAGES.get(code) ?? "the system refused it") : null;
}
