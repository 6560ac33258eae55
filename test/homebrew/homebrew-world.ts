import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RequestLine } from "../../src/registry/request-line.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { type RunOptions, type RunResult, runPkg } from "../support/run-pkg.ts";
import { type Cleanup, shortDirectory, tempDirectory } from "../support/temp-home.ts";
import { type FormulaApi, startFormulaApi } from "./api-server.ts";
import type { Bottle } from "./bottle.ts";
import { seal, TEST_KEY } from "./envelope.ts";
import { internalIndex, publicIndex } from "./formula-index.ts";
import { sampleBottles } from "./sample-bottles.ts";
import type { SampleFormula } from "./sample-formula.ts";
import { formulaeOf, newerGreet } from "./sample-formulae.ts";

/** A home whose one repository is of Homebrew's kind, the server of its formulae, and the registry of their bottles. */
export interface HomebrewWorld {
  /** HOME and PKG_HOME. */
  readonly home: string;
  /** Where kegs go. */
  readonly prefix: string;
  readonly api: FormulaApi;
  /** Of the registry that stands for ghcr.io, e.g. `http://127.0.0.1:40123`. */
  readonly registryUrl: string;
  /** What that registry was asked, in order. */
  readonly requests: readonly RequestLine[];
  readonly bottles: readonly Bottle[];
  /** The formulae that are served at the start. */
  readonly formulae: readonly SampleFormula[];
  /** `greet` in its next version, 1.3.0. */
  readonly newerGreet: SampleFormula;
  /** Signs these and serves them, in both forms, from now on. */
  serve(formulae: readonly SampleFormula[], head?: string): void;
  /** Runs the program in this process. */
  pkg(args: readonly string[], options?: Partial<RunOptions>): Promise<RunResult>;
}

export interface WorldOptions {
  /** Default: `brew` in the home, of 25 bytes with a usual temporary directory. */
  readonly prefix?: string;
  /** Lines of config.toml, behind the tables. */
  readonly toml?: string;
}

/** Needs `gcc`, `g++` and `patchelf`: see `SKIP_BOTTLES`. */
export async function makeHomebrewWorld(test: Cleanup, options: WorldOptions = {}): Promise<HomebrewWorld> {
  const { bottles, registryRoot } = await sampleBottles();
  const [home, root] = [shortDirectory(test), tempDirectory(test)];
  cpSync(registryRoot, root, { recursive: true });
  const requests: RequestLine[] = [];
  const registry = await startRegistry({ root, port: 0, onRequest: (line) => requests.push(line) });
  test.after(() => registry.close());
  const api = await startFormulaApi(test);
  const prefix = options.prefix ?? join(home, "brew");
  const mirror = registry.url;
  writeFileSync(join(home, "config.toml"), configText({ api: api.url, mirror, ...options }));
  const serve = (formulae: readonly SampleFormula[], head?: string) =>
    api.serve({ internal: seal(internalIndex(formulae, head)), public: seal(publicIndex(formulae)) });
  const formulae = formulaeOf(bottles);
  serve(formulae);
  return {
    home,
    prefix,
    api,
    registryUrl: registry.url,
    requests,
    bottles,
    formulae,
    newerGreet: newerGreet(bottles),
    serve,
    pkg: (args, run = {}) => runPkg(args, { home, ...run }),
  };
}

interface ConfigFacts extends WorldOptions {
  /** The url of the formulae. */
  readonly api: string;
  /** The registry in place of ghcr.io. */
  readonly mirror: string;
}

/** The config of a home whose only repository is this one. */
export function configText({ api, mirror, prefix, toml = "" }: ConfigFacts): string {
  const others = ["bincache", "pkgcache", "soarpkgs"].map((name) => `[repositories.${name}]\nenabled = false\n`);
  return `${others.join("")}[repositories.homebrew]
kind = "homebrew"
url = ${JSON.stringify(api)}
keys = [${JSON.stringify(TEST_KEY.spki)}]
${prefix === undefined ? "" : `prefix = ${JSON.stringify(prefix)}\n`}[registries."ghcr.io"]
mirrors = [${JSON.stringify(mirror)}]
mirror_only = true
${toml}`;
}
