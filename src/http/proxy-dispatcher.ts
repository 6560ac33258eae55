import type { SecureContext } from "node:tls";
import type { Agent, Dispatcher } from "undici";
import connect from "undici/lib/api/api-connect.js";
import Pool from "undici/lib/dispatcher/pool.js";
import ProxyAgent from "undici/lib/dispatcher/proxy-agent.js";

/**
 * Connections through a proxy: `CONNECT` for https, absolute-form requests for http. The proxy resolves names, so
 * it judges the addresses of names; user info in its URL is sent to it alone.
 */
export function createProxyDispatcher(
  proxy: URL,
  pool: Agent.Options & { readonly headersTimeout: number; readonly bodyTimeout: number },
  {
    isInsecure,
    ...tls
  }: { readonly secureContext?: SecureContext; readonly timeout: number; readonly isInsecure: boolean },
): Dispatcher {
  const timeouts = { headersTimeout: pool.headersTimeout, bodyTimeout: pool.bodyTimeout };
  return new ProxyAgent({
    ...pool,
    uri: proxy.href,
    // The server's certificate: that of the proxy itself is always checked. Both are said, not left to a default that
    // NODE_TLS_REJECT_UNAUTHORIZED would change.
    requestTls: {
      ...tls,
      preferH2: pool.allowH2 === true,
      port: 0,
      rejectUnauthorized: !isInsecure,
    },
    proxyTls: { ...tls, port: 0, rejectUnauthorized: true },
    // The pool of a server, and of the proxy for plain http, to which undici gives neither limits nor timeouts.
    factory: (origin, options) => new Pool(origin, { ...pool, ...options }),
    // The pool that sends CONNECT: undici's own waits five minutes for an answer, and lacks `connect` without its index.
    clientFactory: (origin, options) => Object.assign(new Pool(origin, { ...options, ...timeouts }), { connect }),
  });
}
