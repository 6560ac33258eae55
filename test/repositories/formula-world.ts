import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUILT_IN_REPOSITORIES } from "../../src/config/defaults.ts";
import { type FormulaApi, startFormulaApi } from "../homebrew/api-server.ts";
import { seal, TEST_KEY } from "../homebrew/envelope.ts";
import { internalIndex } from "../homebrew/formula-index.ts";
import type { SampleFormula } from "../homebrew/sample-formula.ts";
import { type RunOptions, type RunResult, runPkg } from "../support/run-pkg.ts";
import { type Cleanup, tempHome } from "../support/temp-home.ts";

/** A home whose one enabled repository is `homebrew`, and the server of its formulae; there are no bottles. */
export interface FormulaWorld {
  readonly home: string;
  readonly api: FormulaApi;
  /** Signs these and serves them in the internal form. @param head what they were made from */
  serve(formulae: readonly SampleFormula[], head: string): void;
  pkg(args: readonly string[], options?: Partial<RunOptions>): Promise<RunResult>;
  /** The outcome of `pkg sync`: its code and what it says on stderr. */
  sync(...args: readonly string[]): Promise<{ readonly code: number | null; readonly stderr: string }>;
  /** A hash of the index in place; null if there is none. */
  inPlace(): string | null;
}

/** @param toml lines of config.toml behind its tables */
export async function makeFormulaWorld(test: Cleanup, toml = ""): Promise<FormulaWorld> {
  const home = tempHome(test);
  const api = await startFormulaApi(test);
  const off = Object.keys(BUILT_IN_REPOSITORIES).filter((name) => name !== "homebrew");
  const others = off.map((name) => `[repositories.${name}]\nenabled = false\n`).join("");
  const own = `[repositories.homebrew]\nurl = "${api.url}"\nkeys = ["${TEST_KEY.spki}"]\n`;
  writeFileSync(join(home, "config.toml"), `${others}${own}${toml}`);
  const pkg: FormulaWorld["pkg"] = (args, options = {}) => runPkg(args, { home, ...options });
  return {
    home,
    api,
    pkg,
    serve: (formulae, head) => api.serve({ internal: seal(internalIndex(formulae, head)) }),
    sync: async (...args) => {
      const { code, stderr } = await pkg(["sync", ...args]);
      return { code, stderr };
    },
    inPlace: () => {
      const path = join(home, "index", "homebrew.db");
      return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : null;
    },
  };
}

/** The name of a commit. */
export function head(number: number): string {
  return number.toString(16).padStart(40, "0");
}

/** Installable formulae by name. */
export function formulae(...names: readonly string[]): readonly SampleFormula[] {
  return names.map((name) => ({ name, version: "1.0", sha256: createHash("sha256").update(name).digest("hex") }));
}
