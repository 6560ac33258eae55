/** Characters that a reader takes for one another, and separators that are easily overlooked. */
const LOOKALIKES: readonly (readonly [RegExp, string])[] = [
  [/[-_]/g, ""],
  [/rn/g, "m"],
  [/vv/g, "w"],
  [/0/g, "o"],
  [/[1i]/g, "l"],
  [/5/g, "s"],
];

/** True when two different names are easily taken for one another, such as `bincache` and `bin-cache`. */
export function looksLike(a: string, b: string): boolean {
  const [seen, other] = [a, b].map((name) => LOOKALIKES.reduce((text, [from, to]) => text.replaceAll(from, to), name));
  return a !== b && seen === other;
}

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
