import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { maxSatisfying } from "semver";
import { createPackageIndexes, type PackageIndexes } from "../src/index-database/package-indexes.ts";
import { selectPackage } from "../src/package/select.ts";
import { makePlan } from "../src/plan/plan.ts";
import { findCandidates, NO_LOOKUP } from "../src/resolve/lookup.ts";
import { resolveEntry } from "../src/resolve/resolve-entry.ts";
import { parseSpec } from "../src/resolve/spec.ts";
import { makeSyncWorld } from "../test/repositories/sync-world.ts";
import { MACHINE } from "../test/support/entries.ts";
import type { Case } from "./cases.ts";
import { type Comparison, compare, compareHere } from "./measure.ts";
import type { World } from "./world.ts";

const ENTRIES = 100_000;
const NOTHING = { command: [process.execPath, "-e", "0"] };
const PARSE = "node: JSON.parse of the same file";
const SPECS = 200;

export const INDEX_CASES: readonly Case[] = [
  ...[4_000, ENTRIES].map((entries) => ({
    name: `search, ${entries} entries`,
    rival: "node -e 0",
    run: (world: World) =>
      compare({ command: world.pkg(world.homeOfEntries(entries), "search", "parser") }, NOTHING, 15),
  })),
  ...[ENTRIES, 1_000_000].flatMap((entries) => [
    growthCase(entries, "of one name", "graph-archive-500"),
    growthCase(entries, "of a word of every sixth", "parser"),
  ]),
  { name: `sync, ${ENTRIES} entries`, rival: PARSE, run: syncCase },
  { name: `sync, ${ENTRIES} entries of which 1 % changed`, rival: PARSE, run: changedCase },
  {
    name: `resolve and plan ${SPECS} specs, ${ENTRIES} entries, in one process`,
    rival: "Map of names, and semver.maxSatisfying",
    run: resolveCase,
  },
];

/** The ratio is how much longer it takes than in 1,000 entries. */
function growthCase(entries: number, what: string, query: string): Case {
  const search = (world: World, count: number) => ({
    command: world.pkg(world.homeOfSmallEntries(count), "search", query),
  });
  return {
    name: `search ${what}, ${entries} small entries`,
    rival: "the same in 1000",
    run: (world) => compare(search(world, entries), search(world, 1_000), 9),
  };
}

function parseOf(home: string) {
  const file = JSON.stringify(join(home, "index.json"));
  return { command: [process.execPath, "-e", `JSON.parse(require("node:fs").readFileSync(${file}, "utf8"))`] };
}

async function syncCase(world: World): Promise<Comparison> {
  const home = world.homeOfEntries(ENTRIES);
  const compared = await compare({ command: world.pkg(home, "sync", "--force") }, parseOf(home), 3);
  const megabytes = (file: string) => (statSync(join(home, file)).size / 1e6).toFixed(0);
  console.error(`${megabytes("index.json")} MB of JSON make a database of ${megabytes("index/bench.db")} MB`);
  return compared;
}

/** Every hundredth entry is another one in each run, and the one before that in the next. */
function changedCase(world: World): Promise<Comparison> {
  const home = world.homeOfEntries(ENTRIES);
  const path = join(home, "index.json");
  const before = readFileSync(path, "utf8");
  const after = before.replaceAll(/"version":"1.0.0"(?=[^}]*"provides":\["[a-z-]+\d*50"\])/g, '"version":"2.0.0"');
  let isChanged = false;
  const reset = () => {
    isChanged = !isChanged;
    writeFileSync(path, isChanged ? after : before);
  };
  return compare({ command: world.pkg(home, "sync"), reset }, parseOf(home), 6);
}

/** As `pkg install` does it for each spec once the index is open, and for all of them at the end. */
async function resolveCase(world: World): Promise<Comparison> {
  const indexes = createPackageIndexes(join(world.homeOfEntries(ENTRIES), "index"));
  const all = everyEntry(indexes);
  const names = all.filter((_, at) => at % (ENTRIES / SPECS) === 7).map(({ name }) => name);
  const versions = new Map(all.map(({ name, version }) => [name, [version]]));
  const ends: (() => void)[] = [];
  const { config, now } = (await makeSyncWorld({ after: (end: () => void) => void ends.push(end) })).context();
  const ours = () => {
    const index = indexes.open("bench");
    if (index === null) throw new Error("the index is not there");
    const lookup = { ...NO_LOOKUP, indexes: new Map([["tools", index]]) };
    const resolutions = names.map((requested) => {
      const spec = parseSpec(requested);
      if (spec.kind === "reference") throw new Error("a name is a reference");
      const { package: found, version, snapshot } = selectPackage(spec, findCandidates(lookup, spec), MACHINE);
      const chosen = { requested, wish: null, version, snapshot, skip: [], installed: null, isOtherVersion: false };
      return resolveEntry({ config, now }, found, { ...chosen, owner: null, meta: index.meta });
    });
    makePlan(resolutions, () => null, { reinstall: false });
    index.close();
  };
  const compared = compareHere(ours, () => names.map((name) => maxSatisfying(versions.get(name) ?? [], "*")), 15);
  for (const end of ends) end();
  return compared;
}

function everyEntry(indexes: PackageIndexes): readonly { readonly name: string; readonly version: string }[] {
  const index = indexes.open("bench");
  try {
    return [...(index?.all() ?? [])].map(({ name, version }) => ({ name, version }));
  } finally {
    index?.close();
  }
}
