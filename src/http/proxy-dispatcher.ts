import { isIP } from "node:net";
import type { SecureContext } from "node:tls";
import type { Agent, buildConnector, Dispatcher } from "undici";
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
    factory: (origin, options) => new Pool(origin, { ...pool, ...nameless(options) }),
    // The pool that sends CONNECT: undici's own waits five minutes for an answer, and lacks `connect` without its index.
    clientFactory: (origin, options) =>
      Object.assign(new Pool(origin, { ...nameless(options), ...timeouts }), { connect }),
  });
}

/** For a proxy at an address: undici gives TLS the address as a server's name, which has to be a name (RFC 6066, section 3). */
function nameless<O extends { readonly connect?: unknown }>(options: O): O {
  const { connect: connector } = options;
  if (!isConnector(connector)) return options;
  const connectTo: buildConnector.connector = (to, callback) => {
    const { servername = "", ...rest } = to;
    connector(isIP(servername) === 0 ? to : rest, callback);
  };
  return { ...options, connect: connectTo };
}

function isConnector(connector: unknown): connector is buildConnector.connector {
  return typeof connector === "function";
}
