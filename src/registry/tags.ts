import { answer, type Exchange, methodNotAllowed } from "./exchange.ts";
import { pageOf } from "./listing.ts";
import { Problem } from "./problem.ts";

/** GET of a repository's tags, in pages of `n` after `last` (OCI distribution-spec 1.1, "Listing Tags"). */
export async function handleTags(exchange: Exchange, name: string): Promise<void> {
  if (exchange.method !== "GET" && exchange.method !== "HEAD") throw methodNotAllowed(exchange, ["GET", "HEAD"]);
  const tags = await listTags(exchange, name);
  if (tags === null) throw new Problem("NAME_UNKNOWN", `repository "${name}" does not exist`);
  const page = pageOf(exchange, { path: `/v2/${name}/tags/list`, entries: tags, keyOf: (tag) => tag });
  const headers = { "content-type": "application/json", ...page.headers };
  answer(exchange, 200, headers, JSON.stringify({ name, tags: page.entries }));
}

/** The upstream's tags if it can be asked, as only those that were pulled are here. */
async function listTags({ storage, upstream }: Exchange, name: string): Promise<readonly string[] | null> {
  const tags = await upstream?.listTags(name);
  return tags?.toSorted() ?? storage.listTags(name);
}
