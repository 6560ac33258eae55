import { join } from "node:path";
import { type Comparison, compare, runOnce } from "./measure.ts";
import type { World } from "./world.ts";

/** One row of the table. */
export interface Case {
  readonly name: string;
  readonly rival: string;
  /** Programs without which it cannot be run. */
  readonly needs?: readonly string[];
  readonly run: (world: World) => Promise<Comparison>;
}

const KIB = 1024;
const NOTHING = { command: [process.execPath, "-e", "0"] };

export const CASES: readonly Case[] = [
  {
    name: "--version",
    rival: "node -e 0",
    run: (world) => compare({ command: [world.executable, "--version"] }, NOTHING, 15),
  },
  { name: "list, 200 installed", rival: "node -e 0", needs: ["docker-registry"], run: listCase },
  ...[4_000, 100_000].map((entries) => ({
    name: `search, ${entries} entries`,
    rival: "node -e 0",
    run: (world: World) =>
      compare({ command: world.pkg(world.homeOfEntries(entries), "search", "parser") }, NOTHING, 15),
  })),
  { name: "sync, 100000 entries", rival: "node: JSON.parse of the same file", run: syncCase },
];

async function listCase(world: World): Promise<Comparison> {
  const packages = await world.packages(200, KIB);
  const home = world.home("list", packages);
  await runOnce({ command: world.pkg(home, "install", "--quiet", ...packages.map(({ name }) => name)) });
  return compare({ command: world.pkg(home, "list") }, NOTHING, 15);
}

async function syncCase(world: World): Promise<Comparison> {
  const home = world.homeOfEntries(100_000);
  const parse = `JSON.parse(require("node:fs").readFileSync(${JSON.stringify(join(home, "index.json"))}, "utf8"))`;
  return compare({ command: world.pkg(home, "sync", "--force") }, { command: [process.execPath, "-e", parse] }, 3);
}
