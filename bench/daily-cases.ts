import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "./cases.ts";
import { type Comparison, compare, runOnce } from "./measure.ts";
import type { World } from "./world.ts";

const KIB = 1024;
const RUNS = 15;
const NOTHING = { command: [process.execPath, "-e", "0"] };
/** How many packages are installed where one is changed. */
const INSTALLED = 20;

/** What people and their shells run all day, against the least that a program on Node takes. */
export const DAILY_CASES: readonly Case[] = [
  entriesCase("info, 100000 entries", ["info", "archive-archive-0"]),
  entriesCase("complete a name, 100000 entries", ["__complete", "install", "archive-"]),
  installedCase("update with nothing to do", () => ["update"]),
  installedCase("reinstall", (name) => ["reinstall", name]),
  installedCase("remove", (name) => ["remove", name]),
  { name: "list, 500 installed", rival: "pkg list, 1 installed", needs: ["docker-registry"], run: growthCase },
];

function entriesCase(name: string, words: readonly string[]): Case {
  return {
    name,
    rival: "node -e 0",
    run: (world) => {
      const home = world.homeOfEntries(100_000);
      // `__complete` is the first word; the home is said as a shell says it.
      return compare({ command: [world.executable, ...words], env: { PKG_HOME: home } }, NOTHING, RUNS);
    },
  };
}

/** Each run begins with the same home, in which several packages are installed. */
function installedCase(name: string, words: (name: string) => readonly string[]): Case {
  const run = async (world: World): Promise<Comparison> => {
    const packages = await world.packages(INSTALLED, KIB);
    const home = await homeWith(world, packages.length, "daily");
    const kept = join(world.directory, "daily-kept");
    rmSync(kept, { recursive: true, force: true });
    cpSync(home, kept, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    const reset = () => {
      rmSync(home, { recursive: true, force: true });
      cpSync(kept, home, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    };
    return compare({ command: world.pkg(home, ...words(packages[0]?.name ?? "")), reset }, NOTHING, RUNS);
  };
  return { name, rival: "node -e 0", needs: ["docker-registry"], run };
}

/** Ratio 1: what is installed costs nothing; each package should cost the same, however many there are. */
async function growthCase(world: World): Promise<Comparison> {
  const [many, one] = [await homeWith(world, 500, "list-many"), await homeWith(world, 1, "list-one")];
  return compare({ command: world.pkg(many, "list") }, { command: world.pkg(one, "list") }, RUNS);
}

async function homeWith(world: World, count: number, name: string): Promise<string> {
  const packages = await world.packages(count, KIB);
  const home = world.home(name, packages);
  await runOnce({ command: world.pkg(home, "install", "--quiet", ...packages.map((built) => built.name)) });
  return home;
}
