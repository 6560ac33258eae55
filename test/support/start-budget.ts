import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type LoadedModules, loadedModules } from "./loaded-modules.ts";
import { makeSampleHome } from "./sample-home.ts";
import type { Cleanup } from "./temp-home.ts";

/** What people and shells start most often, in a home where `greet` is installed. */
export const STARTS: Readonly<Record<string, readonly string[]>> = {
  "--version": ["--version"],
  "complete a command": ["__complete", "inst"],
  "complete a name": ["__complete", "install", "gr"],
  list: ["list"],
  search: ["search", "greet"],
  info: ["info", "greet"],
  run: ["run", "greet"],
};

const EVERY = "every start";

/** Which of STARTS load a module, by its path: their names with commas between them, or "every start". */
export type Budget = Readonly<Record<string, string>>;

/** Where the budget is written down. */
export const BUDGET_FILE = join(import.meta.dirname, "..", "cli", "start-modules.json");

/** The budget as it was written down. */
export function readBudget(): Budget {
  return JSON.parse(readFileSync(BUDGET_FILE, "utf8"));
}

/** Makes a home in which all of STARTS succeed; returns its path. */
export async function makeStartHome(cleanup: Cleanup): Promise<string> {
  const home = await makeSampleHome(cleanup);
  const greet = home.build({ name: "greet", version: "1.0" });
  await home.push(greet);
  home.publishIndex(greet);
  for (const words of [
    ["install", "greet"],
    ["run", "greet"],
  ]) {
    const { code, stderr } = await home.pkg(words);
    if (code !== 0) throw new Error(stderr);
  }
  return home.path;
}

/** What each of STARTS loads now. */
export async function measureStarts(home: string): Promise<ReadonlyMap<string, LoadedModules>> {
  const measured = Object.entries(STARTS).map(
    async ([name, words]) => [name, await loadedModules(home, words)] as const,
  );
  return new Map(await Promise.all(measured));
}

/** The budget that what was measured would need. */
export function budgetOf(measured: ReadonlyMap<string, LoadedModules>): Budget {
  const paths = [...new Set([...measured.values()].flatMap((loaded) => loaded.paths))].sort();
  const startsWith = (path: string) => [...measured].filter(([, loaded]) => loaded.paths.includes(path));
  const namesOf = (path: string) => startsWith(path).map(([name]) => name);
  return Object.fromEntries(
    paths.map((path) => [path, namesOf(path).length === measured.size ? EVERY : namesOf(path).join(", ")]),
  );
}

/** What is not as the budget says, one sentence each: of a module that is new, how the program comes to load it. */
export function overBudget(measured: ReadonlyMap<string, LoadedModules>, budget: Budget): readonly string[] {
  const startsIn = (names = "") => new Set(names === EVERY ? measured.keys() : names.split(", "));
  const added = [...measured].flatMap(([name, { paths, chainOf }]) =>
    paths
      .filter((path) => !startsIn(budget[path]).has(name))
      .map((path) => `${name} loads a module more: ${chainOf(path)}`),
  );
  const spared = Object.entries(budget).flatMap(([path, names]) =>
    [...startsIn(names)]
      .filter((name) => measured.get(name)?.paths.includes(path) !== true)
      .map((name) => `${name} does not load ${path} any more`),
  );
  return [...added, ...spared];
}
