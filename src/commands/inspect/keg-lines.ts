import { caveatLines } from "../../install/keg-notes.ts";
import type { KegFacts } from "../../package/keg.ts";

/** What `info` shows of a bottle, beside what it shows of any package: labels and values, where an empty one is left out. */
export function kegFacts(keg: KegFacts | null): readonly (readonly [string, string])[] {
  if (keg === null) return [];
  const { cellar, kegOnly, needsBuildPrefix, hasService, conflicts } = keg;
  const isPinned = cellar.startsWith("/") || needsBuildPrefix;
  return [
    ["keg-only", kegOnly === null ? "" : `${kegOnly}: its programs have links by \`pkg link\` alone`],
    ["pinned", isPinned ? "it only works under a prefix of at most 26 bytes" : ""],
    ["conflicts", conflicts.map(({ name, because }) => (because === null ? name : `${name} (${because})`)).join(", ")],
    ["service", hasService ? "it has one, which is not started" : ""],
    ["builder", 'who built it is not checked: require = ["provenance"] does not work for bottles yet'],
  ];
}

/** The caveats of a bottle, below a line that says so. */
export function kegCaveats(keg: KegFacts | null, prefix: string): readonly string[] {
  const lines = caveatLines(keg?.caveats ?? null, prefix);
  return lines.length === 0 ? [] : ["  caveats", ...lines.map((line) => `    ${line}`)];
}
