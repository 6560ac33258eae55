// The parts of undici that are used, by paths that are private to it: its index also loads fetch, WebSocket, caches and
// mocks, which triple the time to load, and with it that of every command which asks a server. test/http/undici-modules.test.ts
// fails when undici is updated, and says what to look at then.
declare module "undici/lib/dispatcher/agent.js" {
  import type { Agent } from "undici";

  const agent: typeof Agent;
  export = agent;
}
declare module "undici/lib/dispatcher/proxy-agent.js" {
  import type { ProxyAgent } from "undici";

  const proxyAgent: typeof ProxyAgent;
  export = proxyAgent;
}
declare module "undici/lib/core/connect.js" {
  import type { buildConnector } from "undici";

  const connect: typeof buildConnector;
  export = connect;
}
declare module "undici/lib/dispatcher/pool.js" {
  import type { Pool } from "undici";

  const pool: typeof Pool;
  export = pool;
}
declare module "undici/lib/api/api-connect.js" {
  import type { Dispatcher } from "undici";

  const connect: Dispatcher["connect"];
  export = connect;
}
