import { answer, type Exchange, methodNotAllowed } from "./exchange.ts";
import { Problem } from "./problem.ts";

/** GET of a repository's tags, in pages of `n` after `last` (OCI distribution-spec 1.1, "Listing Tags"). */
export async function handleTags(exchange: Exchange, name: string): Promise<void> {
  if (exchange.method !== "GET" && exchange.method !== "HEAD") throw methodNotAllowed(exchange, ["GET", "HEAD"]);
  const tags = await exchange.storage.listTags(name);
  if (tags === null) throw new Problem("NAME_UNKNOWN", `repository "${name}" does not exist`);
  const last = exchange.query.get("last");
  const rest = last === null ? tags : tags.filter((tag) => tag > last);
  const page = rest.slice(0, pageSize(exchange.query.get("n")));
  const more = page.length > 0 && page.length < rest.length;
  const link = more ? { link: nextLink(name, page) } : {};
  answer(exchange, 200, { "content-type": "application/json", ...link }, JSON.stringify({ name, tags: page }));
}

function pageSize(text: string | null): number {
  if (text === null) return Number.POSITIVE_INFINITY;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Problem("SIZE_INVALID", `page size "${text}" is not a number`);
}

function nextLink(name: string, page: readonly string[]): string {
  return `</v2/${name}/tags/list?n=${page.length}&last=${page.at(-1)}>; rel="next"`;
}
