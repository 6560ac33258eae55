import { dirname, resolve } from "node:path";
import { addAll } from "../base/many.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import { readText } from "../declare/find-file.ts";
import { isLockFile, type LockedPackage, lockPath, readLock } from "../declare/lock-file.ts";
import { checkLockState } from "../declare/lock-state.ts";
import { PkgError } from "../errors.ts";
import { neededFirst } from "../package/dependency-graph.ts";
import type { InstalledState } from "../plan/plan.ts";
import { lockedResolution } from "../resolve/locked-resolution.ts";
import { packagesHere, readDeclared } from "../resolve/read-declared.ts";
import type { Resolved } from "../resolve/resolve.ts";
import { openForChange } from "./open-for-change.ts";
import type { ApplyRequest, DeclaredPlan } from "./plan-declared.ts";
import { planResolved } from "./plan-install.ts";

/**
 * Plans exactly what a lock file says for this machine; no index is read. If something of it cannot be planned, nothing is.
 *
 * @throws {PkgError} CONFIG_INVALID; LOCK_STALE for a lock file that does not say what its packages.toml declares; as readDeclared
 */
export async function planLocked(cap: Capabilities, request: Omit<ApplyRequest, "choose">): Promise<DeclaredPlan> {
  const { config } = cap;
  const { path: file, locked } = lockedHere(cap, request);
  await openForChange(cap, request.dryRun);
  const [state, pins] = [await cap.records(), await cap.pins()];
  const context = { config, installations: state.installations, pins, indexes: cap.indexes, skip: request.skip };
  const byName = new Map(locked.map((item) => [item.name, item]));
  const order = neededFirst(byName.keys(), (name) => byName.get(name)?.dependencies ?? []);
  const resolved = order.flatMap((name): readonly Resolved[] => {
    const item = byName.get(name);
    if (item === undefined) return [];
    const requested = item.requested ?? name;
    try {
      return [{ requested, resolution: lockedResolution(context, item), isNeeded: item.requested === undefined }];
    } catch (error) {
      return [{ requested, error: asFailure(error) }];
    }
  });
  const how = { reinstall: false, repairs: true, recordsRequest: true };
  const plan = { ...planResolved({ state, names: config }, resolved, how), lockFile: file };
  if (plan.errors.length > 0) return { file, plan: { ...plan, plan: { steps: [], bytes: 0 }, questions: [] } };
  const released = request.prune ? notLocked(state.installations, byName) : [];
  return { file, plan: { ...plan, plan: { ...plan.plan, released } } };
}

function notLocked(
  installations: Awaited<ReturnType<Capabilities["records"]>>["installations"],
  locked: ReadonlyMap<string, LockedPackage>,
): readonly InstalledState[] {
  const others = installations.list().filter(({ name, isDependency }) => !isDependency && !locked.has(name));
  const states: InstalledState[] = [];
  for (const { name } of others)
    addAll(
      states,
      [installations.get(name)].flatMap((item) => item ?? []),
    );
  return states;
}

interface LockedHere {
  readonly path: string;
  /** Of this machine. */
  readonly locked: readonly LockedPackage[];
}

function lockedHere(cap: Pick<Capabilities, "config" | "emit">, request: Omit<ApplyRequest, "choose">): LockedHere {
  const { host } = cap.config;
  const { file, directory } = request;
  if (isLockFile(file)) {
    const path = resolve(directory, file);
    return { path, locked: lockAt(path).filter(({ platform }) => platform === host) };
  }
  const declaration = readDeclared(cap, request);
  const path = lockPath(declaration.path);
  const locked = lockAt(path, request.texts?.lock).filter(({ platform }) => platform === host);
  checkLockState(path, packagesHere(cap.config, declaration), { locked, host });
  return { path, locked };
}

/** @param read its text, where it was read before */
function lockAt(path: string, read?: string | null): readonly LockedPackage[] {
  const text = read === undefined ? readText(path) : read;
  if (text !== null) return readLock({ path, text });
  throw new PkgError("CONFIG_INVALID", `Cannot read "${path}": there is no such file`, {
    hint: `\`pkg lock\` writes it, in "${dirname(path)}"`,
  });
}
