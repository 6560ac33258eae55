import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseJsonOrNull } from "../base/json.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { type Config, reloaded } from "../config/config.ts";
import { trialsDirectory } from "../config/paths.ts";
import { isSameAddress } from "../config/same-address.ts";
import { namesIn } from "../declare/allowances.ts";
import { PkgError } from "../errors.ts";
import { ownerState } from "../fs/partial-owner.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { endTrial, type Trial } from "./on-trial.ts";
import { removeRepository } from "./repositories.ts";

/** What a profile's records are read with. */
export type TrialCapabilities = Capabilities & {
  inProfile(name: string): Capabilities & { close(): Promise<void> };
};

/**
 * Takes out repositories that a process which has ended had added for an installation, and that nothing is installed from; what
 * cannot be done now is told, and the next process tries again.
 *
 * @returns the configuration as it is now
 */
export async function settleTrials(cap: TrialCapabilities): Promise<Config> {
  const directory = trialsDirectory(cap.config.paths);
  let { config } = cap;
  try {
    for (const name of namesIn(directory)) {
      if (ownerState(name.slice("trial".length)) === "running") continue;
      const path = join(directory, name);
      config = await settle({ ...cap, config }, readTrial(path));
      endTrial(directory, path);
    }
  } catch (error) {
    if (!(error instanceof PkgError) || error.code === "INTERRUPTED") throw error;
    // Who may only look changes nothing.
    if (error.code === "PERMISSION_DENIED") return config;
    cap.emit({ kind: "warning", message: `A repository that was added is not taken out again yet: ${error.message}` });
  }
  return config;
}

async function settle(cap: TrialCapabilities, { profile, urls }: Trial): Promise<Config> {
  const used = await usedIn(cap, profile);
  const isOnTrial = ({ url }: { readonly url: string }) => urls.some((one) => isSameAddress(one, url));
  const trust = await cap.trust();
  // Its keys are pinned before it is in the config.
  const names = new Set([...cap.config.repositories, ...trust.list()].filter(isOnTrial).map(({ name }) => name));
  let { config } = cap;
  for (const name of names) {
    if (used.has(name)) continue;
    await removeRepository({ ...cap, config }, name);
    config = reloaded(config);
    const why = "the installation that it was added for was interrupted, and nothing was installed from it";
    cap.emit({ kind: "note", message: `${name} was taken out of the repositories again: ${why}` });
  }
  return config;
}

/** The repositories that a profile has packages of, once what was interrupted in it is done or undone. */
async function usedIn(cap: TrialCapabilities, profile: string): Promise<ReadonlySet<string | null>> {
  const there = cap.inProfile(profile);
  try {
    if (!existsSync(there.config.paths.stateDatabase)) return new Set();
    const { installations } = await there.state();
    return new Set(installations.list().map(({ repository }) => repository));
  } finally {
    await there.close();
  }
}

/** Where somebody has spoilt it, nothing is on trial. */
function readTrial(path: string): Trial {
  const read = parseJsonOrNull(readLocalFileSync(path));
  return isTrial(read) ? read : { profile: "default", urls: [] };
}

function isTrial(value: unknown): value is Trial {
  if (typeof value !== "object" || value === null || !("profile" in value && "urls" in value)) return false;
  const { profile, urls } = value;
  return typeof profile === "string" && Array.isArray(urls) && urls.every((url) => typeof url === "string");
}
