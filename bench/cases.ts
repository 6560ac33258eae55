import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BuiltPackage } from "../test/support/package-builder.ts";
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
const MIB = 1024 * KIB;
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
  {
    name: "install one of 10 MB",
    rival: "skopeo copy",
    needs: ["docker-registry", "skopeo"],
    run: (world) => installCase(world, skopeo, [1, 10 * MIB]),
  },
  {
    name: "install one of 10 MB",
    rival: "oras pull",
    needs: ["docker-registry", "oras"],
    run: (world) => installCase(world, oras, [1, 10 * MIB]),
  },
  {
    name: "install 20 of 1 MB",
    rival: "skopeo copy",
    needs: ["docker-registry", "skopeo"],
    run: (world) => installCase(world, skopeo, [20, MIB]),
  },
  {
    name: "install 20 of 1 MB",
    rival: "oras pull",
    needs: ["docker-registry", "oras"],
    run: (world) => installCase(world, oras, [20, MIB]),
  },
  { name: "sync, 100000 entries", rival: "node: JSON.parse of the same file", run: syncCase },
  {
    name: "install one of 1 GB",
    rival: "skopeo copy",
    needs: ["docker-registry", "skopeo"],
    run: (world) => installCase(world, skopeo, [1, 1024 * MIB], 2),
  },
];

async function listCase(world: World): Promise<Comparison> {
  const packages = await world.packages(200, KIB);
  const home = world.home("list", packages);
  await runOnce({ command: world.pkg(home, "install", "--quiet", ...packages.map(({ name }) => name)) });
  return compare({ command: world.pkg(home, "list") }, NOTHING, 15);
}

/** A rival's command for fetching every package to `target`. */
type RivalCommand = (world: World, packages: readonly BuiltPackage[], target: string) => readonly string[];

/** One process per package, one after the other, as a person's script would do it. */
const skopeo: RivalCommand = (world, packages, target) =>
  shell(
    packages.map(
      ({ repository, tag }, index) =>
        `skopeo copy -q --src-tls-verify=false docker://${world.registryHost}/${repository}:${tag} dir:${target}/${index}`,
    ),
  );

const oras: RivalCommand = (world, packages, target) =>
  shell(
    packages.map(
      ({ repository, tag }, index) =>
        `oras pull --plain-http -o ${target}/${index} ${world.registryHost}/${repository}:${tag}`,
    ),
  );

function shell(lines: readonly string[]): readonly string[] {
  return ["sh", "-e", "-c", lines.join("\n")];
}

async function installCase(
  world: World,
  rival: RivalCommand,
  [count, bytes]: readonly [number, number],
  runs = 7,
): Promise<Comparison> {
  const packages = await world.packages(count, bytes);
  const fresh = world.home("fresh", packages);
  const home = join(world.directory, "installed");
  const target = join(world.directory, "rival");
  const again = (from: string | null, to: string) => () => {
    rmSync(to, { recursive: true, force: true });
    if (from === null) mkdirSync(to);
    else cpSync(from, to, { recursive: true, preserveTimestamps: true });
  };
  return compare(
    { command: world.pkg(home, "install", ...packages.map(({ name }) => name)), reset: again(fresh, home) },
    { command: rival(world, packages, target), reset: again(null, target) },
    runs,
  );
}

async function syncCase(world: World): Promise<Comparison> {
  const home = world.homeOfEntries(100_000);
  const parse = `JSON.parse(require("node:fs").readFileSync(${JSON.stringify(join(home, "index.json"))}, "utf8"))`;
  return compare({ command: world.pkg(home, "sync", "--force") }, { command: [process.execPath, "-e", parse] }, 3);
}
