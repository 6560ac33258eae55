import type { Capabilities, Records, State } from "../capabilities/capabilities.ts";
import { describeFailure, type WithErrors } from "../capabilities/outcome.ts";
import { type LockPlaces, mayBeLocked } from "../declare/allowances.ts";
import { PkgError } from "../errors.ts";
import type { Installation, Needing } from "../package/installation.ts";
import { programLinks } from "../package/place.ts";
import { needless } from "../plan/left-behind.ts";
import type { ChangeResult, Failures } from "../profile/apply-changes.ts";
import { notPurged } from "../profile/purge.ts";
import { type FoundInstalled, findAllInstalled } from "../resolve/find-installed.ts";
import type { Installations } from "../state/installations.ts";
import { leftWithout, planRemoval, type RemovalPlan } from "./plan-removal.ts";
import type { RemovedItem, RemovedPackage, RemoveOutcome } from "./removal-outcome.ts";
import { tellGivenBack, tellKept } from "./tell-kept.ts";

/** What `pkg remove` was asked for. */
export interface RemoveRequest {
  /** Words that `install` takes. */
  readonly names: readonly string[];
  /** Where relative paths begin. */
  readonly directory: string;
  readonly dryRun: boolean;
  /** Whether all that is in the directory of a package goes too, not just what was placed. */
  readonly purge: boolean;
  /** Whether dependencies stay that nothing needs any more. */
  readonly keepDependencies: boolean;
  /** Whether what others need goes too. */
  readonly force: boolean;
}

/** What removing uses of the world. */
export type RemoveCapabilities = Pick<Capabilities, "records" | "state" | "emit" | "signal" | "now"> & {
  readonly config: { readonly paths: LockPlaces };
};

/**
 * Removes exactly what was placed, for all packages that are named, and the dependencies that nothing needs after that, as one
 * journalled unit, then deletes blobs and partial files that have not been needed for a long time. What others need stays. Works
 * on a full disk.
 */
export async function remove(cap: RemoveCapabilities, request: RemoveRequest): Promise<WithErrors<RemoveOutcome>> {
  const { names, directory } = request;
  return removeFound(cap, request, ({ installations }) => findAllInstalled({ installations, directory }, names));
}

/** Removes all dependencies that nothing needs, in the same way. */
export async function autoremove(
  cap: RemoveCapabilities,
  { dryRun }: Pick<RemoveRequest, "dryRun">,
): Promise<WithErrors<RemoveOutcome>> {
  const how = { dryRun, purge: false, keepDependencies: false, force: false };
  return removeFound(cap, how, ({ installations }) => ({ found: needlessIn(installations), missing: [] }));
}

function needlessIn(installations: Installations): FoundInstalled["found"] {
  return needless(installations.needs()).flatMap((word) => {
    const installation = installations.get(word);
    return installation === null ? [] : [{ word, installation }];
  });
}

type How = Omit<RemoveRequest, "names" | "directory">;
type Find = (records: Pick<Records, "installations">) => FoundInstalled;

async function removeFound(cap: RemoveCapabilities, how: How, find: Find): Promise<WithErrors<RemoveOutcome>> {
  const results = how.dryRun ? planAll(await cap.records(), how, find) : await removeAndSweep(cap, how, find);
  const { profile } = await cap.records();
  for (const { item } of results) if ("kept" in item) tellLeft(cap.emit, item, how.purge ? null : profile);
  const errors = results.flatMap(({ error }) => error ?? []);
  return { outcome: { dryRun: how.dryRun, packages: results.map(({ item }) => item) }, errors };
}

function tellLeft(
  emit: RemoveCapabilities["emit"],
  { name, left, kept, givenBack }: RemovedPackage,
  profile: Pick<Records["profile"], "purgeable"> | null,
): void {
  const purgeable = new Set(left.length === 0 ? [] : profile?.purgeable(name));
  for (const path of left) {
    const cure = purgeable.has(path) ? `; \`pkg remove --purge ${name}\` would remove it` : "";
    emit({ kind: "warning", message: `"${path}" was changed since it was placed and is left alone${cure}` });
  }
  if (profile !== null) tellKept(emit, name, kept);
  tellGivenBack(emit, givenBack);
}

interface Removed {
  readonly item: RemovedItem;
  readonly error?: PkgError;
}

function planAll(records: Records, how: How, find: Find): readonly Removed[] {
  const { found, missing } = find(records);
  const { profile, installations } = records;
  const plan = planRemoval(installations, installed(found), how);
  const planned = [...plan.removed, ...plan.along].map((installation) => {
    const kept = { moved: [], saved: [], left: how.purge ? [] : profile.kept(installation) };
    return { item: describe("plan", installation, { left: [], kept, givenBack: [] }) };
  });
  return [
    ...planned,
    ...plan.marked.map((installation) => ({ item: markedItem(installations, installation) })),
    ...plan.refused.map(({ installation, error }) => failed({ word: installation.name, error })),
    ...missing.map((item) => (how.purge ? purgeLeft(item, profile.purgeable) : failed(item))),
  ];
}

function installed(found: FoundInstalled["found"]): readonly Installation[] {
  return found.map(({ installation }) => installation);
}

async function removeAndSweep(cap: RemoveCapabilities, how: How, find: Find): Promise<readonly Removed[]> {
  const state = await cap.state({ freesRoom: true });
  return state.withLock(() => {
    const { found, missing } = find(state);
    const plan = planRemoval(state.installations, installed(found), how);
    const removed = removeAll(state, plan, how);
    for (const { name, needed } of plan.broken) tellBroken(cap.emit, name, needed);
    // What lock files need is for `pkg clean` to read.
    if (!mayBeLocked(cap.config.paths)) state.blobs.sweep(state.installations.referencedDigests(), cap.now());
    const others = missing.map((item) => (how.purge ? purgeLeft(item, state.profile.purge) : failed(item)));
    return [...removed, ...others];
  });
}

function tellBroken(emit: RemoveCapabilities["emit"], name: string, needed: string): void {
  emit({
    kind: "warning",
    message: `${name} needs ${needed}, which is removed; \`pkg update ${name}\` brings it back`,
  });
}

function removeAll(state: State, plan: RemovalPlan, { purge }: How): readonly Removed[] {
  const { installations, profile } = state;
  const going = [...plan.removed, ...plan.along];
  const needed = new Map(plan.marked.map((item) => [item.name, markedItem(installations, item)]));
  const before = installations.needs();
  const results = profile.apply(
    [
      ...going.map((installation) => ({ kind: "remove" as const, installation, purge })),
      ...plan.marked.map((installation) => ({ kind: "mark" as const, installation })),
    ],
    { force: false, failAlong: (failures) => stillNeeded(before, plan, failures) },
  );
  return [...going, ...plan.marked]
    .flatMap((installation, index): readonly Removed[] => {
      const result = results[index];
      const isAlong = plan.along.includes(installation);
      if (result === undefined) return [];
      if (result.kind === "failed") return isAlong ? [] : [failed({ word: installation.name, error: result.error })];
      const mark = needed.get(installation.name);
      return [mark === undefined ? removedOf(installation, result, purge) : { item: mark }];
    })
    .concat(plan.refused.map(({ installation, error }) => failed({ word: installation.name, error })));
}

function removedOf(
  installation: Installation,
  result: Exclude<ChangeResult, { readonly kind: "failed" }>,
  purge: boolean,
): Removed {
  const { givenBack } = result;
  const stays = { left: result.kind === "removed" ? result.left : [], kept: result.kept };
  const item = describe("remove", installation, { ...stays, givenBack });
  const { left } = stays.kept;
  return purge && left.length > 0 ? { item, error: notPurged(left) } : { item };
}

/** The dependencies that stay, since what needs them could not be removed. */
function stillNeeded(before: readonly Needing[], { removed, along }: RemovalPlan, failures: Failures): Failures {
  const gone = new Set(removed.filter(({ name }) => !failures.has(name)).map(({ name }) => name));
  const left = leftWithout(before, gone);
  const staying = along.filter(({ name }) => !left.has(name));
  return new Map(
    staying.map(({ name }) => [name, new PkgError("PACKAGE_NEEDED", `Cannot remove "${name}": it is needed`)]),
  );
}

function markedItem(installations: Pick<Installations, "needs">, { name, version }: Installation): RemovedItem {
  const needers = installations.needs().filter(({ dependencies }) => dependencies.includes(name));
  return { action: "mark", name, version, isDependency: true, neededBy: needers.map((needer) => needer.name) };
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
  { name, version, isDependency, sizeBytes, links }: Installation,
  stays: Pick<RemovedPackage, "left" | "kept" | "givenBack">,
): RemovedPackage {
  const programs = programLinks(links).map((link) => link.path);
  return { action, name, version, isDependency, sizeBytes, links: programs, ...stays };
}
