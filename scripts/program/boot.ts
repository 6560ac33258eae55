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

export interface Program {
  /** The chunk to begin with. */
  readonly entry: string;
  /** Which script each chunk is in. */
  readonly scriptOf: Readonly<Record<string, string>>;
  /** The bytes of a script, or of a code cache; null: there is none. */
  readonly asset: (name: string) => Buffer | null;
  /** For Node's own modules. */
  readonly require: Require;
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
export function startProgram({ entry, scriptOf, asset, require: requireNode, onScript }: Program): void {
  const scripts = new Map<string, Readonly<Record<string, ChunkFunction>>>();
  const modules = new Map<string, Module>();

  const chunksOf = (name: string) => {
    const known = scripts.get(name);
    if (known !== undefined) return known;
    const cachedData = asset(`${name}.cache`);
    // In Latin-1 the bytes of ASCII are taken as they are.
    const script = new Script(asset(name)?.toString("latin1") ?? "({})", {
      filename: `pkg/${name}`,
      ...(cachedData === null ? {} : { cachedData }),
    });
    onScript?.(name, script);
    const chunks = script.runInThisContext();
    scripts.set(name, chunks);
    return chunks;
  };

  const require = (name: string): unknown => {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const script = scriptOf[name];
    const module: Module = { exports: script === undefined ? Object(requireNode(name)) : {} };
    modules.set(name, module);
    if (script !== undefined) chunksOf(script)[name]?.(require, module, module.exports, HELPERS);
    return module.exports;
  };
  require(entry);
}
