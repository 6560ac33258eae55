import type { Capabilities, State } from "../capabilities/capabilities.ts";
import { asFailure, describeFailure, type Failure, type WithErrors } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { nearest } from "../package/nearest.ts";
import { tellKept } from "./tell-kept.ts";

export interface RemoveRequest {
  readonly names: readonly string[];
  readonly dryRun: boolean;
  /** Whether all that is in the directory of a package goes too, not just what was placed. */
  readonly purge: boolean;
}

/** A package that was removed, or would be. */
export interface RemovedPackage {
  readonly action: "remove" | "plan";
  readonly name: string;
  readonly version: string;
  readonly bytes: number;
  readonly links: readonly string[];
  /** Links that have been changed by hand since, and stay as they are. */
  readonly left: readonly string[];
  /** What was not placed by this program, and stays: absolute paths. */
  readonly kept: readonly string[];
}

export type RemovedItem =
  | RemovedPackage
  /** Nothing of that name was installed; what had been kept is removed: absolute paths. */
  | { readonly action: "purge"; readonly name: string; readonly purged: readonly string[] }
  | { readonly action: "fail"; readonly name: string; readonly error: Failure };

export interface RemoveOutcome {
  readonly dryRun: boolean;
  readonly items: readonly RemovedItem[];
}

export type RemoveCapabilities = Pick<Capabilities, "state" | "emit" | "signal" | "now">;

/**
 * Removes exactly what was placed, for all packages that are named, as one journalled unit, then deletes blobs and partial
 * files that have not been needed for a long time.
 */
export async function remove(cap: RemoveCapabilities, request: RemoveRequest): Promise<WithErrors<RemoveOutcome>> {
  const state = await cap.state();
  const names = [...new Set(request.names)];
  const results = request.dryRun
    ? names.map((name) => planned(state, name, request.purge))
    : await state.withLock(() => removeAll(state, names, request.purge));
  for (const { item } of results) if (item.action === "remove") tellLeft(cap.emit, item);
  if (!request.dryRun)
    await state.withLock(() => state.blobs.sweep(state.installations.referencedDigests(), cap.now()));
  const errors = results.flatMap(({ error }) => error ?? []);
  return { outcome: { dryRun: request.dryRun, items: results.map(({ item }) => item) }, errors };
}

function tellLeft(emit: RemoveCapabilities["emit"], { name, left, kept }: RemovedPackage): void {
  for (const path of left) {
    emit({ kind: "warning", message: `"${path}" was changed since it was placed and is left alone` });
  }
  tellKept(emit, name, { moved: [], left: kept });
}

interface Removed {
  readonly item: RemovedItem;
  readonly error?: PkgError;
}

function planned(state: State, name: string, purge = false): Removed {
  try {
    const installation = mustBeInstalled(state, name);
    const kept = purge ? [] : state.profile.unrecorded(installation);
    return { item: describe("plan", installation, { left: [], kept }) };
  } catch (error) {
    return failed(name, asFailure(error));
  }
}

function removeAll(state: State, names: readonly string[], purge: boolean): readonly Removed[] {
  const found = names.flatMap((name) => state.installations.get(name) ?? []);
  const results = state.profile.apply(
    found.map((installation) => ({ kind: "remove", installation, purge })),
    { force: false },
  );
  return names.map((name) => {
    const index = found.findIndex((installation) => installation.name === name);
    const [installation, result] = [found[index], results[index]];
    if (installation === undefined || result === undefined)
      return purge ? purgeLeft(state, name) : planned(state, name);
    if (result.kind === "failed") return failed(name, result.error);
    const kept = result.kept.left;
    return { item: describe("remove", installation, { left: result.kind === "removed" ? result.left : [], kept }) };
  });
}

/** Removes what was kept of a package that is not installed any more. */
function purgeLeft(state: State, name: string): Removed {
  const purged = state.profile.purge(name);
  return purged.length === 0 ? planned(state, name) : { item: { action: "purge", name, purged } };
}

function failed(name: string, error: PkgError): Removed {
  return { item: { action: "fail", name, error: describeFailure(error) }, error };
}

function describe(
  action: "remove" | "plan",
  { name, version, sizeBytes, links }: Installation,
  stays: Pick<RemovedPackage, "left" | "kept">,
): RemovedPackage {
  return { action, name, version, bytes: sizeBytes, links: links.map((link) => link.path), ...stays };
}

/** The installation of that name. @throws {PkgError} NOT_INSTALLED */
export function mustBeInstalled(state: State, name: string): Installation {
  const installation = state.installations.get(name);
  if (installation !== null) return installation;
  const [guess] = nearest(
    name,
    state.installations.list().map((installed) => installed.name),
    1,
  );
  throw new PkgError("NOT_INSTALLED", `Cannot find "${name}": it is not installed`, {
    hint:
      state.installations.leftovers(name).length > 0
        ? `Files that were kept of it are removed by \`pkg remove --purge ${name}\``
        : guess === undefined
          ? "Run `pkg list` to see what is installed"
          : `Did you mean "${guess}"?`,
  });
}
