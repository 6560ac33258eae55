/** Words that say what a repository is, not whose it is. */
const GENERIC = ["index", "packages"];
const MAX_CHARACTERS = 64;
const FALLBACK = "repository";

/** Derives a name for the config from an index's own: `ghcr.io/me/index` gives `me`, `ghcr.io/me/tools` `me-tools`. */
export function repositoryName(identity: string): string {
  const [host = "", ...path] = identity.split("/");
  const parts = path.length === 0 ? [host] : path;
  const own = parts.length > 1 && GENERIC.includes(parts.at(-1) ?? "") ? parts.slice(0, -1) : parts;
  const name = own
    .slice(-2)
    .join("-")
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "-")
    .slice(0, MAX_CHARACTERS)
    .replaceAll(/^[-_]+|-+$/g, "");
  return name === "" ? FALLBACK : name;
}
