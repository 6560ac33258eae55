import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BuiltPackage } from "../test/support/package-builder.ts";
import type { Case } from "./cases.ts";
import { startDelayProxy } from "./delay-proxy.ts";
import { type Comparison, compare } from "./measure.ts";
import type { World } from "./world.ts";

const MIB = 1024 * 1024;
const DISTANCES_MS = [0, 30, 100];

/** A rival's command for fetching every package from `host` to `target`. */
type RivalCommand = (packages: readonly BuiltPackage[], host: string, target: string) => readonly string[];

interface Rival {
  readonly name: string;
  readonly program: string;
  readonly command: RivalCommand;
}

/** One process per package, one after the other, as a person's script would do it. */
const SKOPEO: Rival = {
  name: "skopeo copy",
  program: "skopeo",
  command: (packages, host, target) =>
    shell(
      packages.map(
        ({ repository, tag }, index) =>
          `skopeo copy -q --src-tls-verify=false docker://${host}/${repository}:${tag} dir:${target}/${index}`,
      ),
    ),
};

const ORAS: Rival = {
  name: "oras pull",
  program: "oras",
  command: (packages, host, target) =>
    shell(
      packages.map(
        ({ repository, tag }, index) => `oras pull --plain-http -o ${target}/${index} ${host}/${repository}:${tag}`,
      ),
    ),
};

const ORAS_EIGHT: Rival = {
  name: "oras pull, eight at a time",
  program: "oras",
  command: (packages, host, target) => [
    "sh",
    "-c",
    `printf "%s\\n" "$@" | xargs -P8 -I@ oras pull --plain-http --no-tty -o "$0/@" ${host}/@`,
    target,
    ...packages.map(({ repository, tag }) => `${repository}:${tag}`),
  ],
};

/** Nothing but the bytes of the file, whose digest it is told. */
const CURL: Rival = {
  name: "one curl of the blob",
  program: "curl",
  command: (packages, host, target) =>
    shell(
      packages.map(
        ({ repository, programDigest }, index) =>
          `curl -sSf -o ${target}/${index} http://${host}/v2/${repository}/blobs/${programDigest}`,
      ),
    ),
};

export const INSTALL_CASES: readonly Case[] = [
  row("one of 10 MB", [1, 10 * MIB], { rival: SKOPEO }),
  ...DISTANCES_MS.flatMap((roundTripMs) =>
    [ORAS, CURL].map((rival) => row("one of 10 MB", [1, 10 * MIB], { rival, roundTripMs })),
  ),
  row("20 of 1 MB", [20, MIB], { rival: SKOPEO, runs: 3 }),
  row("20 of 1 MB", [20, MIB], { rival: ORAS }),
  ...DISTANCES_MS.map((roundTripMs) => row("50 of 1 MB", [50, MIB], { rival: ORAS_EIGHT, roundTripMs, runs: 5 })),
  row("one of 1 GB", [1, 1024 * MIB], { rival: ORAS, runs: 2 }),
  row("one of 1 GB", [1, 1024 * MIB], { rival: SKOPEO, runs: 2 }),
];

interface Setting {
  readonly rival: Rival;
  /** To the registry and back, in ms; absent: it is on loopback, and no proxy is in between. */
  readonly roundTripMs?: number;
  /** Default 7. */
  readonly runs?: number;
}

function row(what: string, size: readonly [number, number], { rival, roundTripMs, runs = 7 }: Setting): Case {
  const away = roundTripMs === undefined ? "" : `, ${roundTripMs} ms away`;
  return {
    name: `install ${what}${away}`,
    rival: rival.name,
    needs: ["docker-registry", rival.program],
    run: async (world) => {
      const packages = await world.packages(...size);
      const near = `http://${world.registryHost}`;
      const proxy = (roundTripMs ?? 0) === 0 ? null : await startDelayProxy(near, roundTripMs ?? 0);
      try {
        return await contest({ world, packages, url: proxy?.url ?? near, rival, runs });
      } finally {
        await proxy?.close();
      }
    },
  };
}

interface Contest {
  readonly world: World;
  readonly packages: readonly BuiltPackage[];
  readonly url: string;
  readonly rival: Rival;
  readonly runs: number;
}

/** Both from nothing but a synced index. */
function contest({ world, packages, url, rival, runs }: Contest): Promise<Comparison> {
  const fresh = world.home("fresh", packages);
  readFrom(fresh, url, world);
  const home = join(world.directory, "installed");
  const target = join(world.directory, "rival");
  const again = (from: string | null, to: string) => () => {
    rmSync(to, { recursive: true, force: true });
    if (from === null) mkdirSync(to);
    else cpSync(from, to, { recursive: true, preserveTimestamps: true });
  };
  return compare(
    { command: world.pkg(home, "install", ...packages.map(({ name }) => name)), reset: again(fresh, home) },
    { command: rival.command(packages, new URL(url).host, target), reset: again(null, target) },
    runs,
  );
}

function readFrom(home: string, url: string, world: World): void {
  const file = join(home, "config.toml");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(`http://${world.registryHost}`, url));
}

function shell(lines: readonly string[]): readonly string[] {
  return ["sh", "-e", "-c", lines.join("\n")];
}
