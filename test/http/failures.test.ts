import assert from "node:assert/strict";
import { constants } from "node:os";
import { test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { bodyFailure, requestFailure } from "../../src/http/failures.ts";
import { calm, client, serve, serveRaw } from "./local-server.ts";

const url = new URL("https://registry.example/v2/a/b/manifests/1?token=x");

/** An error as OpenSSL writes it: with a pointer, a file of its source, and a line break. */
function failure(code: string, facts: object = {}): Error {
  const text = "40D38EAC897F0000:error:0A00010B:SSL routines::wrong version number:../deps/openssl/x.c:78:\n";
  return Object.assign(new Error(text), { code, ...facts });
}

const CASES: readonly (readonly [code: string, expected: string, told: RegExp, hint: RegExp])[] = [
  [
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "ADDRESS_FORBIDDEN",
    /: "registry\.example" speaks http, not https$/,
    /plain_http = true under \[registries\."registry\.example"\] in config\.toml, or give --plain-http/,
  ],
  ["EPROTO", "NETWORK_FAILED", /broke the rules of the protocol \(EPROTO\)$/, /network/],
  ["ERR_SSL_UNSUPPORTED_PROTOCOL", "HTTP_UNEXPECTED", /versions of TLS that are no longer safe$/, /owner/],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "HTTP_UNEXPECTED", /asks for a client certificate/, /address/],
  ["ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", "HTTP_UNEXPECTED", /no cipher or key in common/, /owner/],
  ["ERR_SSL_SOMETHING_NEW", "NETWORK_FAILED", /: TLS failed \(ERR_SSL_SOMETHING_NEW\)$/, /network/],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "TLS_UNTRUSTED", /self-signed$/, /--ca-file/],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "TLS_UNTRUSTED", /authority that is not known here$/, /SSL_CERT_DIR/],
  ["CERT_HAS_EXPIRED", "TLS_UNTRUSTED", /its certificate has expired$/, /clock with `date`/],
  ["CERT_NOT_YET_VALID", "TLS_UNTRUSTED", /not valid yet$/, /clock with `date`/],
  ["INVALID_PURPOSE", "TLS_UNTRUSTED", /cannot be trusted \(INVALID_PURPOSE\)$/, /authority/],
  ["ECONNRESET", "NETWORK_FAILED", /"registry\.example" closed the connection \(ECONNRESET\)$/, /network/],
  ["ENOTFOUND", "NETWORK_FAILED", /the name "registry\.example" is not known \(ENOTFOUND\)$/, /^Check the name/],
  [
    "EAI_AGAIN",
    "NETWORK_FAILED",
    /names cannot be looked up now, "registry\.example" among them \(EAI_AGAIN\)$/,
    /network/,
  ],
  ["EMFILE", "NETWORK_FAILED", /too many open files in this process \(EMFILE\)$/, /ulimit -n/],
  ["EPERM", "NETWORK_FAILED", /does not allow connections/, /firewall/],
  ["UND_ERR_CONNECT_TIMEOUT", "NETWORK_TIMEOUT", /no connection was made in time$/, /network/],
  ["HPE_INVALID_CONSTANT", "NETWORK_FAILED", /answered with something that is not http$/, /port/],
];

for (const [code, expected, told, hint] of CASES) {
  test(`requestFailure() says what ${code} means`, () => {
    const error = requestFailure(failure(code), url);
    assert.equal(error.code, expected);
    assert.match(error.message, told);
    assert.match(error.hint ?? "", hint);
    assert.doesNotMatch(error.message, /openssl|\n|token/);
  });
}

test("requestFailure() names what a certificate is for", () => {
  const facts = { cert: { subjectaltname: "DNS:a.example, IP Address:192.0.2.1" } };
  const { message } = requestFailure(failure("ERR_TLS_CERT_ALTNAME_INVALID", facts), url);
  assert.match(message, /for another name, it names "a\.example", "192\.0\.2\.1"$/);
});

test("requestFailure() and bodyFailure() have words for every error of the system", () => {
  for (const code of Object.keys(constants.errno)) {
    for (const error of [requestFailure(failure(code), url), bodyFailure(failure(code), url)]) {
      assert.ok(error instanceof PkgError);
      assert.doesNotMatch(error.message, /openssl|\n/);
      assert.ok(error.message.includes(`(${code}`), error.message);
    }
  }
});

test("request() says so where a server speaks http, not https, or the other way around", async (t) => {
  const plain = await serve(t, (_request, response) => void response.end());
  const address = new URL(plain.origin.replace("http:", "https:"));
  await assert.rejects(client(t, { trusted: [address.origin] }).request({ url: address, signal: calm }), {
    code: "ADDRESS_FORBIDDEN",
    message: `Cannot reach "${address.href}": "${address.host}" speaks http, not https`,
  });
  const secure = await serveRaw(t, (socket) => void socket.end(Buffer.from("15030100020246", "hex")));
  await assert.rejects(client(t, { trusted: [secure.origin] }).request({ url: new URL(secure.origin), signal: calm }), {
    message: /speaks https, not http$/,
    hint: /Leave out --plain-http/,
  });
});

test("request() says so where an answer is not http, of a server or of a proxy", async (t) => {
  const mail = await serveRaw(t, (socket) => void socket.end("220 mail.example ESMTP\r\n"));
  const expected = { message: /answered with something that is not http$/, hint: /port|proxy that HTTPS_PROXY names/ };
  await assert.rejects(
    client(t, { trusted: [mail.origin] }).request({ url: new URL(mail.origin), signal: calm }),
    expected,
  );
  const proxy = { http: null, https: mail.origin, noProxy: "" };
  await assert.rejects(client(t, { proxy }).request({ url: new URL("https://a.example/"), signal: calm }), expected);
});
