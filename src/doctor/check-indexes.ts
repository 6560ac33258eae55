import { lstatSync } from "node:fs";
import type { Capabilities } from "../capabilities/capabilities.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import { systemCode } from "../errors.ts";
import { removeFile, setAside } from "../fs/atomic.ts";
import { damageOfIndex } from "../index-database/package-index.ts";
import { goneIndexes } from "../install/clean.ts";
import { type IndexState, indexState } from "../repositories/index-state.ts";
import { syncNamed } from "../repositories/sync.ts";
import type { FindingCode, Found } from "./finding.ts";
import type { Patient } from "./patient.ts";

const CODES: Readonly<Record<Exclude<IndexState, "current">, readonly [code: FindingCode, message: string]>> = {
  none: ["index-missing", "it was never fetched, and something is installed from it"],
  damaged: ["index-damaged", "its index is damaged"],
  "other rules": ["index-outdated-rules", "its index was checked by other rules than those in the config"],
  expired: ["index-expired", "its index has expired"],
  stale: ["index-stale", "its index was not fetched for longer than `sync_interval` says"],
};

/** The indexes of the repositories that are in use. */
export function checkIndexes({ cap, records }: Patient): readonly Found[] {
  const used = new Set((records?.installed ?? []).map(({ repository }) => repository));
  return cap.config.repositories.flatMap((repository): readonly Found[] => {
    const { name, enabled } = repository;
    if (!enabled) return [];
    const state = isNoFile(cap.indexes.path(name)) ? "damaged" : stateOf(repository, cap);
    if (state === "current" || (state === "none" && !used.has(name))) return [];
    const [code, message] = CODES[state];
    return [{ code, subject: name, message, cure: `Run \`pkg sync ${name}\``, mend: sync(repository) }];
  });
}

function stateOf(repository: ConfiguredRepository, cap: Capabilities): IndexState {
  const isDamaged = damageOfIndex(cap.indexes.path(repository.name)) !== null;
  return isDamaged ? "damaged" : indexState(repository, { ...cap, ...cap.config });
}

/** Whether something else is where an index should be. */
function isNoFile(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isFile() === false;
  } catch (error) {
    // That its directory is none is told by itself.
    if (["ENOTDIR", "ELOOP"].includes(systemCode(error) ?? "")) return false;
    throw error;
  }
}

function sync({ name }: ConfiguredRepository): Found["mend"] {
  return {
    stage: "indexes",
    key: `index ${name}`,
    apply: async (cap: Capabilities) => {
      if (isNoFile(cap.indexes.path(name))) setAside(cap.indexes.path(name));
      const { errors } = await syncNamed(cap, [name], { force: true, allowStale: false });
      if (errors[0] !== undefined) throw errors[0];
    },
  };
}

/** Indexes of repositories that the config does not have any more. */
export function checkUnownedIndexes({ cap }: Patient): readonly Found[] {
  return goneIndexes(cap.config).map(({ path }) => ({
    code: "index-unowned",
    subject: path,
    message: "it is of a repository that the config does not have",
    cure: "Run `pkg clean`",
    mend: { stage: "leftovers", key: `remove ${path}`, apply: () => removeFile(path) },
  }));
}
