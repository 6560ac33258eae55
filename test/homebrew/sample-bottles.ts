import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRegistry } from "../../src/registry/server.ts";
import { type Bottle, packBottle } from "./bottle.ts";
import { pushBottle } from "./push-bottle.ts";
import { formulaeOf } from "./sample-formulae.ts";
import { buildKegs } from "./sample-kegs.ts";

export interface SampleBottles {
  readonly bottles: readonly Bottle[];
  /** The root of a registry that has them all; to be copied before it is served. */
  readonly registryRoot: string;
}

/** What the bottles are made of: a change of any of these makes them anew. */
const RECIPES = ["programs.ts", "sample-kegs.ts", "compile.ts", "bottle.ts", "push-bottle.ts", "sample-formulae.ts"];
const CACHE = join(import.meta.dirname, "../../node_modules/.cache/bottles");

let made: Promise<SampleBottles> | null = null;

/** The bottles of the world, which are compiled once on each machine: that takes a second or two. */
export function sampleBottles(): Promise<SampleBottles> {
  made ??= readOrMake(join(CACHE, recipesHash()));
  return made;
}

function recipesHash(): string {
  const hash = createHash("sha256").update(execFileSync("gcc", ["-dumpfullversion"]));
  for (const name of RECIPES) hash.update(readFileSync(join(import.meta.dirname, name)));
  return hash.digest("hex").slice(0, 16);
}

async function readOrMake(directory: string): Promise<SampleBottles> {
  if (!existsSync(directory)) await make(directory);
  const bottles: readonly Bottle[] = JSON.parse(readFileSync(join(directory, "bottles.json"), "utf8"));
  const bytesOf = ({ sha256 }: Bottle) => readFileSync(join(directory, sha256));
  return {
    bottles: bottles.map((bottle) => ({ ...bottle, bytes: bytesOf(bottle) })),
    registryRoot: join(directory, "registry"),
  };
}

/** Several processes may do this at once: the first one's stays. */
async function make(directory: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, "draft-"));
  const workshop = mkdtempSync(join(tmpdir(), "pkg-bottles-"));
  try {
    const bottles = (await buildKegs(workshop)).map(packBottle);
    for (const { sha256, bytes } of bottles) writeFileSync(join(draft, sha256), bytes);
    writeFileSync(join(draft, "bottles.json"), JSON.stringify(bottles.map((bottle) => ({ ...bottle, bytes: null }))));
    await pushAll(bottles, join(draft, "registry"));
    forgetOlder();
    renameSync(draft, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  } finally {
    for (const path of [workshop, draft]) rmSync(path, { recursive: true, force: true });
  }
}

async function pushAll(bottles: readonly Bottle[], root: string): Promise<void> {
  const registry = await startRegistry({ root, port: 0 });
  const formulae = formulaeOf(bottles);
  try {
    for (const bottle of bottles) {
      const formula = formulae.find(({ name }) => name === bottle.name) ?? {};
      await pushBottle(bottle, { url: registry.url, formula });
    }
  } finally {
    await registry.close();
  }
}

/** What was made of recipes that have changed since. */
function forgetOlder(): void {
  const isOld = (name: string) => !name.startsWith("draft-");
  for (const name of readdirSync(CACHE).filter(isOld)) rmSync(join(CACHE, name), { recursive: true, force: true });
}
