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
];

async function listCase(world: World): Promise<Comparison> {
  const packages = await world.packages(200, KIB);
  const home = world.home("list", packages);
  await runOnce({ command: world.pkg(home, "install", "--quiet", ...packages.map(({ name }) => name)) });
  return compare({ command: world.pkg(home, "list") }, NOTHING, 15);
}
