import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Chunk } from "./chunks.ts";
import { groupChunks, type Run } from "./group-chunks.ts";
import type { NativeAddon } from "./native-addons.ts";
import { bundleBoot, type ProgramScripts, writeScripts } from "./scripts.ts";
import { train } from "./training.ts";

interface Workshop {
  readonly chunks: readonly Chunk[];
  readonly addons: readonly NativeAddon[];
  /** Node, and the options of V8 that the executable has too: a code cache is refused under others. */
  readonly node: readonly string[];
  readonly directory: string;
}

/**
 * The program is used as people use it, twice. The first time shows which commands need which chunks: what the same ones need
 * goes into one script, so that a command reads little else. The second time gives the scripts' code caches, which hold just
 * the functions that were called.
 */
export async function trainedScripts(workshop: Workshop): Promise<ProgramScripts> {
  const first = { ...workshop, directory: join(workshop.directory, "first") };
  const runs = await record(first, () => "program.js");
  const groups = groupChunks(new Map(workshop.chunks.map(({ name, code }) => [name, code.length])), runs);
  const scriptOf = new Map(groups.flatMap((names, index) => names.map((name) => [name, `part-${index}.js`] as const)));
  const second = { ...workshop, directory: join(workshop.directory, "second") };
  const nameOf = ({ name }: Chunk) => scriptOf.get(name) ?? "seldom.js";
  await record(second, nameOf);
  const scripts = writeScripts(workshop.chunks, nameOf, second.directory);
  const caches = readdirSync(second.directory).filter((name) => name.endsWith(".cache"));
  return {
    ...scripts,
    cached: caches,
    assets: { ...scripts.assets, ...Object.fromEntries(caches.map((name) => [name, join(second.directory, name)])) },
  };
}

/** What each command used. */
async function record(workshop: Workshop, nameOf: (chunk: Chunk) => string): Promise<readonly Run[]> {
  const { chunks, addons, node, directory } = workshop;
  mkdirSync(directory, { recursive: true });
  const { entry, first } = writeScripts(chunks, nameOf, directory);
  const places = Object.fromEntries(addons.map(({ asset, path }) => [asset.name, path] as const));
  writeFileSync(join(directory, "program.json"), JSON.stringify({ entry, first, addons: places }));
  const recorder = join(directory, "recorder.cjs");
  bundleBoot("boot-recording.ts", recorder);
  const runs: Run[] = [];
  await train({
    command: [...node, recorder],
    env: { RECORDING_DIRECTORY: directory },
    onCommand: (weight) => {
      runs.push({ weight, chunks: new Set(takeLoaded(directory)) });
    },
  });
  return runs;
}

function takeLoaded(directory: string): readonly string[] {
  const files = readdirSync(directory).filter((name) => name.endsWith(".loaded"));
  return files.flatMap((file): readonly string[] => {
    const path = join(directory, file);
    const names: readonly string[] = JSON.parse(readFileSync(path, "utf8"));
    rmSync(path);
    return names;
  });
}
