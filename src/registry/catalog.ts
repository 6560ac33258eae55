import { answer, type Exchange, methodNotAllowed } from "./exchange.ts";
import { pageOf } from "./listing.ts";

/** GET of the repositories that hold a manifest, in pages of `n` after `last` (Docker Registry HTTP API V2). */
export async function handleCatalog(exchange: Exchange): Promise<void> {
  if (exchange.method !== "GET" && exchange.method !== "HEAD") throw methodNotAllowed(exchange, ["GET", "HEAD"]);
  const names = await exchange.storage.listRepositories();
  const page = pageOf(exchange, { path: "/v2/_catalog", entries: names, keyOf: (name) => name });
  const headers = { "content-type": "application/json", ...page.headers };
  answer(exchange, 200, headers, JSON.stringify({ repositories: page.entries }));
}
