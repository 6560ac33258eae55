import { delimiter, join } from "node:path";
import { type Environment, variable } from "../base/environment.ts";

/** Where the system looks for what programs bring along, as far as the environment says. */
export interface DataSearch {
  /** `MANPATH`, directory by directory; an empty one stands for the usual ones. Null: it is not set. */
  readonly manPath: readonly string[] | null;
  /** `FPATH`, where zsh looks for completions; empty: it is not exported, as is usual. */
  readonly functionPath: readonly string[];
  /** `XDG_DATA_HOME` and `XDG_DATA_DIRS`, or what stands for them. */
  readonly dataDirectories: readonly string[];
}

const SYSTEM_DATA = ["/usr/local/share", "/usr/share"];

/** @see XDG Base Directory Specification 0.8 */
export function dataSearchOf(env: Environment): DataSearch {
  const home = variable(env, "HOME");
  const own = variable(env, "XDG_DATA_HOME") ?? (home === null ? null : join(home, ".local/share"));
  const shared = variable(env, "XDG_DATA_DIRS")?.split(delimiter) ?? SYSTEM_DATA;
  return {
    manPath: variable(env, "MANPATH")?.split(delimiter) ?? null,
    functionPath: variable(env, "FPATH")?.split(delimiter) ?? [],
    dataDirectories: [...(own === null ? [] : [own]), ...shared],
  };
}
