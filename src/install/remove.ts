import type { Capabilities, Records, State } from "../capabilities/capabilities.ts";
import { describeFailure, type Failure, type WithErrors } from "../capabilities/outcome.ts";
import type { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { programLinks } from "../package/place.ts";
import type { GivenBack } from "../profile/profile.ts";
import { notPurged } from "../profile/purge.ts";
import { type FoundInstalled, findAllInstalled } from "./find-installed.ts";
import type { KeptFiles } from "./install-outcome.ts";
import { tellGivenBack, tellKept } from "./tell-kept.ts";

export interface RemoveRequest {
  /** Words that `install` takes. */
  readonly names: readonly string[];
  /** Where relative paths begin. */
  readonly directory: string;
  readonly dryRun: boolean;
  /** Whether all that is in the directory of a package goes too, not just what was placed. */
  readonly purge: boolean;
}

/** A package that was removed, or would be. */
export interface RemovedPackage {
  readonly action: "remove" | "plan";
  readonly name: string;
  readonly version: string;
  /** Of its files. */
  readonly sizeBytes: number;
  readonly links: readonly string[];
  /** Links that have been changed by hand since, and stay as they are. */
  readonly left: readonly string[];
  /** What was not placed by this program, and stays. */
  readonly kept: KeptFiles;
  /** What came back for its links: what had been moved aside, or the links of other packages. */
  readonly givenBack: readonly GivenBack[];
}

export type RemovedItem =
  | RemovedPackage
  /** Nothing of that name is installed; what had been kept is removed, or would be: absolute paths. */
  | { readonly action: "purge"; readonly name: string; readonly purged: readonly string[] }
  | { readonly action: "fail"; readonly name: string; readonly error: Failure };

export interface RemoveOutcome {
  readonly dryRun: boolean;
  readonly packages: readonly RemovedItem[];
}

export type RemoveCapabilities = Pick<Capabilities, "records" | "state" | "emit" | "signal" | "now">;

/**
 * Removes exactly what was placed, for all packages that are named, as one journalled unit, then deletes blobs and partial
 * files that have not been needed for a long time. Works on a full disk.
 */
export async function remove(cap: RemoveCapabilities, request: RemoveRequest): Promise<WithErrors<RemoveOutcome>> {
  const results = request.dryRun
    ? planAll(await cap.records(), request)
    : await removeAndSweep(await cap.state({ freesRoom: true }), request, cap.now());
  for (const { item } of results) if ("kept" in item) tellLeft(cap.emit, item, request.purge);
  const errors = results.flatMap(({ error }) => error ?? []);
  return { outcome: { dryRun: request.dryRun, packages: results.map(({ item }) => item) }, errors };
}

function tellLeft(
  emit: RemoveCapabilities["emit"],
  { name, left, kept, givenBack }: RemovedPackage,
  purge: boolean,
): void {
  for (const path of left) {
    emit({ kind: "warning", message: `"${path}" was changed since it was placed and is left alone` });
  }
  if (!purge) tellKept(emit, name, kept);
  tellGivenBack(emit, givenBack);
}

interface Removed {
  readonly item: RemovedItem;
  readonly error?: PkgError;
}

function find({ installations }: Records, { names, directory }: RemoveRequest): FoundInstalled {
  return findAllInstalled({ installations, directory }, names);
}

function planAll(records: Records, request: RemoveRequest): readonly Removed[] {
  const { found, missing } = find(records, request);
  const planned = found.map(({ installation }) => {
    const kept = { moved: [], saved: [], left: request.purge ? [] : records.profile.kept(installation) };
    return { item: describe("plan", installation, { left: [], kept, givenBack: [] }) };
  });
  const { profile } = records;
  return [...planned, ...missing.map((item) => (request.purge ? purgeLeft(item, profile.purgeable) : failed(item)))];
}

function removeAndSweep(state: State, request: RemoveRequest, now: number): Promise<readonly Removed[]> {
  return state.withLock(() => {
    const removed = removeAll(state, find(state, request), request.purge);
    state.blobs.sweep(state.installations.referencedDigests(), now);
    return removed;
  });
}

function removeAll(state: State, { found, missing }: FoundInstalled, purge: boolean): readonly Removed[] {
  const results = state.profile.apply(
    found.map(({ installation }) => ({ kind: "remove", installation, purge })),
    { force: false },
  );
  const removed = found.flatMap(({ installation }, index) => {
    const result = results[index];
    if (result === undefined) return [];
    if (result.kind === "failed") return failed({ word: installation.name, error: result.error });
    const { givenBack } = result;
    const stays = { left: result.kind === "removed" ? result.left : [], kept: result.kept };
    const item = describe("remove", installation, { ...stays, givenBack });
    const { left } = stays.kept;
    return purge && left.length > 0 ? { item, error: notPurged(left) } : { item };
  });
  const others = missing.map((item) => (purge ? purgeLeft(item, state.profile.purge) : failed(item)));
  return [...removed, ...others];
}

type Missing = FoundInstalled["missing"][number];

/** What was kept of a package that is not installed any more. */
function purgeLeft(missing: Missing, purge: State["profile"]["purge"]): Removed {
  const { word: name, error } = missing;
  const purged = error.code === "NOT_INSTALLED" ? purge(name) : [];
  return purged.length === 0 ? failed(missing) : { item: { action: "purge", name, purged } };
}

function failed({ word: name, error }: Missing): Removed {
  return { item: { action: "fail", name, error: describeFailure(error) }, error };
}

function describe(
  action: "remove" | "plan",
  { name, version, sizeBytes, links }: Installation,
  stays: Pick<RemovedPackage, "left" | "kept" | "givenBack">,
): RemovedPackage {
  return { action, name, version, sizeBytes, links: programLinks(links).map((link) => link.path), ...stays };
}
