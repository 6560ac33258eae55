import { decodePercents } from "../base/percents.ts";
import type { Secrets } from "../base/secrets.ts";
import type { ProxyOptions } from "./proxy.ts";
import type { Hop } from "./redirect.ts";

/** The fields of a token request that are secrets. @see RFC 6749, sections 2.3.1, 4.3.2 and 6 */
const SECRET_FIELDS = ["password", "refresh_token", "client_secret"];

/** Remembers the secrets in a request before it is sent: in its headers, and in the form of a token request. */
export function noteRequest({ headers, body }: Hop, secrets: Secrets): void {
  secrets.addAuthorization(headers["authorization"]);
  secrets.addAuthorization(headers["proxy-authorization"]);
  secrets.add(headers["cookie"]);
  if (typeof body !== "string" || headers["content-type"] !== "application/x-www-form-urlencoded") return;
  const form = new URLSearchParams(body);
  for (const field of SECRET_FIELDS) secrets.add(form.get(field));
}

/** Remembers the passwords of proxies. */
export function noteProxies({ http, https }: ProxyOptions, secrets: Secrets): void {
  for (const proxy of [http, https]) {
    const [, user, password] = /^(?:[^/]*:\/\/)?([^/@:]*):([^/@]*)@/.exec(proxy ?? "") ?? [];
    if (user === undefined || password === undefined) continue;
    const decoded = [user, password].map(decodePercents);
    secrets.add(password);
    secrets.add(decoded[1]);
    secrets.add(decoded.join(":"));
  }
}
