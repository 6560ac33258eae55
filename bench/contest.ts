import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "./cases.ts";
import { type Candidate, type Comparison, compare } from "./measure.ts";
import type { World } from "./world.ts";

/** Words of a command line. `$TO` is a registry that is empty at each run: no program may find, or mount, what another pushed. */
export type Words<F> = (desk: Desk<F>) => string;

/** Where a command line runs, and on what. */
export interface Desk<F> {
  readonly world: World;
  /** Made anew for each run, HOME too: no program may find what an earlier run left. */
  readonly directory: string;
  /** The registry that things are pulled from. */
  readonly host: string;
  readonly files: F;
}

/** Two command lines that do the same. */
export interface Contenders<F> {
  /** Behind `pkg --home …`. */
  readonly pkg: Words<F>;
  readonly rival: Words<F>;
}

/** What becomes a row of the table. */
export interface Contest<F> {
  readonly name: string;
  /** Begins with the name of the program. */
  readonly rival: string;
  readonly contenders: Contenders<F>;
  readonly runs: number;
  /** Makes what both work on; called again, it gives the same. */
  readonly prepare: (world: World) => Promise<F>;
}

/** A row that compares two command lines, each in a directory of its own. */
export function contest<F>({ name, rival, contenders, runs, prepare }: Contest<F>): Case {
  const [program = ""] = rival.split(" ");
  return {
    name,
    rival,
    needs: ["docker-registry", program],
    run: async (world): Promise<Comparison> => {
      const files = await prepare(world);
      const desk = (owner: string): Desk<F> => {
        return { world, directory: join(world.directory, owner), host: world.registryHost, files };
      };
      const ours: Words<F> = (at) => `${world.pkg(at.directory, contenders.pkg(at)).join(" ")}`;
      return compare(candidate(desk("ours"), ours), candidate(desk("theirs"), contenders.rival), runs);
    },
  };
}

/** One shell command line, in a directory of its own; `exec` replaces the shell, so it is not measured. */
function candidate<F>(desk: Desk<F>, words: Words<F>): Candidate {
  const { world, directory } = desk;
  const written = words(desk);
  const line = `cd ${directory} && TO=$(cat to) && exec ${written}`;
  const reset = async () => {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "to"), written.includes("$TO") ? await world.freshRegistry() : "");
  };
  return { command: ["sh", "-e", "-c", line], env: { HOME: directory }, reset };
}
