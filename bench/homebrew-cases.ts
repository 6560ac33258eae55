import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { repositoryOf } from "../src/index/homebrew/names.ts";
import { type FormulaApi, startFormulaApi } from "../test/homebrew/api-server.ts";
import { type Bottle, type KegEntry, packBottle } from "../test/homebrew/bottle.ts";
import { seal } from "../test/homebrew/envelope.ts";
import { internalIndex } from "../test/homebrew/formula-index.ts";
import { configText } from "../test/homebrew/homebrew-world.ts";
import { pushBottle } from "../test/homebrew/push-bottle.ts";
import type { SampleFormula } from "../test/homebrew/sample-formula.ts";
import { manyFormulae } from "../test/homebrew/synthetic.ts";
import { machineFiles } from "../test/relocate/elf-sources.ts";
import type { Case } from "./cases.ts";
import { type DelayProxy, startDelayProxy } from "./delay-proxy.ts";
import { type Comparison, compare } from "./measure.ts";
import type { World } from "./world.ts";

const FORMULAE = 8_400;
const BOTTLES = 10;
/** Of a bottle before it is packed: as of a usual program with its libraries. */
const KEG_BYTES = 15 * 1024 * 1024;

export const HOMEBREW_CASES: readonly Case[] = [
  { name: `sync, ${FORMULAE} formulae`, rival: "node: JSON.parse of the same file", run: syncCase },
  ...[0, 30, 100].map((roundTripMs) => ({
    name: `pour a closure of ${BOTTLES} bottles, ${roundTripMs} ms away`,
    rival: "curl and tar, one after the other",
    needs: ["docker-registry", "curl", "tar"],
    run: (world: World) => pourCase(world, roundTripMs),
  })),
];

/** Both from nothing: what `pkg` reads is fetched, checked and put into a database. */
function syncCase(world: World): Promise<Comparison> {
  return withApi(async (api) => {
    const document = seal(internalIndex(manyFormulae(FORMULAE)));
    api.serve({ internal: document });
    const file = join(world.directory, "formulae.jws.json");
    writeFileSync(file, document);
    const parse = `JSON.parse(JSON.parse(require("node:fs").readFileSync(${JSON.stringify(file)}, "utf8")).payload)`;
    const { home, reset } = freshHome(world, { api: api.url, mirror: `http://${world.registryHost}` });
    return compare(
      { command: world.pkg(home, "sync", "--quiet"), reset },
      { command: [process.execPath, "-e", parse] },
      5,
    );
  });
}

/** From nothing, the index included: hashed, unpacked, relocated, placed and recorded, against unpacked alone. */
function pourCase(world: World, roundTripMs: number): Promise<Comparison> {
  return withApi(async (near) => {
    const bottles = makeBottles();
    const formulae = bottles.map((bottle, index) => formulaOf(bottle, bottles[index + 1]));
    const registry = `http://${world.registryHost}`;
    for (const bottle of bottles) await pushBottle(bottle, { url: registry });
    near.serve({ internal: seal(internalIndex(formulae)) });
    const [api, mirror] = [await farAway(near.url, roundTripMs), await farAway(registry, roundTripMs)];
    const { url } = mirror;
    const { home, reset } = freshHome(world, { api: api.url, mirror: url });
    const target = join(world.directory, "unpacked");
    const lines = bottles.map(
      ({ name, sha256 }) => `curl -sSf ${url}/v2/${repositoryOf(name)}/blobs/sha256:${sha256} | tar -xz -C ${target}`,
    );
    const again = () => {
      setAside(target);
      mkdirSync(target);
    };
    const compared = await compare(
      { command: world.pkg(home, "install", "--quiet", bottles[0]?.name ?? ""), reset },
      { command: ["sh", "-e", "-c", lines.join("\n")], reset: again },
      5,
    );
    await Promise.all([api.close(), mirror.close()]);
    return compared;
  });
}

/** Without a distance both ask the server itself: the proxy takes processor time, which is what the row compares. */
function farAway(url: string, roundTripMs: number): Promise<Pick<DelayProxy, "url" | "close">> {
  if (roundTripMs > 0) return startDelayProxy(url, roundTripMs);
  return Promise.resolve({ url, close: async () => {} });
}

/** Bottles of this machine's own programs and libraries, and some texts with placeholders. */
function makeBottles(): readonly Bottle[] {
  const files = machineFiles(2_000).values();
  return Array.from({ length: BOTTLES }, (_, index) => {
    const found: Record<string, KegEntry> = {};
    let bytes = 0;
    while (bytes < KEG_BYTES) {
      const path: string | undefined = files.next().value;
      if (path === undefined) throw new Error("this machine has too few programs");
      const content = readFileSync(path);
      bytes += content.length;
      found[`libexec/${basename(path).slice(0, 50)}`] = content;
    }
    for (let text = 0; text < 50; text++)
      found[`share/bottle-${index}/${text}.txt`] = "in @@HOMEBREW_PREFIX@@\n".repeat(99);
    return packBottle({ name: `bottle-${index}`, version: "1.0", files: found });
  });
}

function formulaOf({ name, version, sha256 }: Bottle, next: Bottle | undefined): SampleFormula {
  return { name, version, sha256, dependencies: next === undefined ? [] : [next.name] };
}

function freshHome(world: World, servers: { readonly api: string; readonly mirror: string }) {
  const home = join(world.directory, "poured");
  const reset = () => {
    setAside(home);
    mkdirSync(home);
    writeFileSync(join(home, "config.toml"), configText(servers));
  };
  return { home, reset };
}

let asides = 0;

/** Not removed before the end: ext4 looks at every inode that was freed in the last seconds before it takes a new one. */
function setAside(directory: string): void {
  if (existsSync(directory)) renameSync(directory, `${directory}-${asides++}`);
}

async function withApi<T>(work: (api: FormulaApi) => Promise<T>): Promise<T> {
  const ends: (() => void | Promise<void>)[] = [];
  try {
    return await work(await startFormulaApi({ after: (end) => ends.push(end) }));
  } finally {
    for (const end of ends) await end();
  }
}
