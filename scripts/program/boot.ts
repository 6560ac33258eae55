/**
 * Starts the built program, inside it: the modules are in a few scripts, each with V8's code cache, and a script is read
 * when a chunk of it is first required.
 */
import { Script } from "node:vm";

type Require = (name: string) => unknown;

/** Something that is loaded when it is first asked for. */
interface Later {
  readonly now: unknown;
}

interface Module {
  exports: object;
}

/** What the chunks share. */
const HELPERS = {
  later,
  /** Gives a chunk its exports, which may change. */
  exportAll(exports: object, all: Readonly<Record<string, () => unknown>>): void {
    for (const [name, get] of Object.entries(all)) Object.defineProperty(exports, name, { get, enumerable: true });
  },
  /** CommonJS as a module that imports it sees it. */
  __toESM(exports: object): object {
    const names = { default: exports };
    for (const key of Object.getOwnPropertyNames(exports))
      if (key !== "default")
        Object.defineProperty(names, key, { get: () => Reflect.get(exports, key), enumerable: true });
    return names;
  },
};

type ChunkFunction = (require: Require, module: Module, exports: object, helpers: typeof HELPERS) => void;

type Chunks = Readonly<Record<string, ChunkFunction>>;
type Place = readonly [script: string, from: number, to: number];

export interface Program {
  /** The chunk to begin with, and the script that it is in. */
  readonly entry: string;
  readonly first: string;
  /**
   * Whether a chunk of a script that has no code cache is compiled alone: V8 would go through megabytes of the script to find where
   * its functions end. Otherwise each script is read whole.
   */
  readonly alone: boolean;
  /** The bytes of a script, of a code cache, or of the places of the chunks; null: there is none. */
  readonly asset: (name: string) => Buffer | null;
  /** For Node's own modules. */
  readonly require: Require;
  readonly onChunk?: (name: string) => void;
  readonly onScript?: (name: string, script: Script) => void;
}

function later(load: () => unknown): Later {
  let loaded: unknown;
  return {
    get now() {
      loaded ??= load();
      return loaded;
    },
  };
}

/** Evaluates the entry, and whatever it requires. */
export function startProgram(program: Program): void {
  const modules = new Map<string, Module>();
  const find = chunkFinder(program);
  const require = (name: string): unknown => {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const chunk = name.startsWith("./") ? find(name) : null;
    const module: Module = { exports: chunk === null ? Object(program.require(name)) : {} };
    modules.set(name, module);
    chunk?.(require, module, module.exports, HELPERS);
    return module.exports;
  };
  require(program.entry);
}

function chunkFinder({ first, alone, asset, onChunk, onScript }: Program): (name: string) => ChunkFunction {
  const scripts = new Map<string, Chunks>();
  let places: Readonly<Record<string, Place>> | undefined;

  // In Latin-1 the bytes of ASCII are taken as they are.
  const read = (name: string, cachedData = asset(`${name}.cache`)) => {
    const script = new Script(asset(name)?.toString("latin1") ?? "({})", {
      filename: `pkg/${name}`,
      ...(cachedData === null ? {} : { cachedData }),
    });
    onScript?.(name, script);
    const chunks: Chunks = script.runInThisContext();
    scripts.set(name, chunks);
    return chunks;
  };
  const readAlone = ([name, from, to]: Place): Chunks =>
    new Script(`({${asset(name)?.toString("latin1", from, to)}})`, { filename: `pkg/${name}` }).runInThisContext();
  const readFor = (place: Place): Chunks => {
    const [script] = place;
    const cachedData = asset(`${script}.cache`);
    return alone && cachedData === null ? readAlone(place) : read(script, cachedData);
  };

  read(first);
  return (name) => {
    onChunk?.(name);
    for (const chunks of scripts.values()) {
      const known = chunks[name];
      if (known !== undefined) return known;
    }
    places ??= JSON.parse(asset("chunks.json")?.toString("latin1") ?? "{}");
    const place = places?.[name];
    const found = place === undefined ? undefined : readFor(place)[name];
    if (found === undefined) throw new Error(`There is no chunk "${name}"`);
    return found;
  };
}
