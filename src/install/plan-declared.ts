import { dirname } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import type { DeclaredPackage } from "../declare/declaration.ts";
import type { Waiver } from "../package/policy.ts";
import { isVersionMeant } from "../package/version-wish.ts";
import { type InstalledState, isSameOwner, type Step } from "../plan/plan.ts";
import { findAnyway } from "../resolve/find-installed.ts";
import type { Looking } from "../resolve/looking.ts";
import { type DeclaredFile, packagesHere, readDeclared } from "../resolve/read-declared.ts";
import type { Resolved } from "../resolve/resolve.ts";
import { type DeclaredContext, resolveDeclared } from "../resolve/resolve-declared.ts";
import type { ChoosePackage } from "../resolve/settle-ambiguous.ts";
import type { Installations } from "../state/installations.ts";
import type { InstallPlan } from "./install-outcome.ts";
import { openForChange } from "./open-for-change.ts";
import { planWanted } from "./plan-install.ts";

/** What `pkg apply` was asked for. */
export interface ApplyRequest extends DeclaredFile {
  /** Whether what is not in the file, and nothing in it needs, is removed. */
  readonly prune: boolean;
  readonly dryRun: boolean;
  readonly skip: readonly Waiver[];
  readonly choose: ChoosePackage;
}

/** A plan, and the file that it comes from. */
export interface DeclaredPlan {
  readonly file: string;
  readonly plan: InstallPlan;
}

/**
 * Plans what makes the profile match a file, and changes nothing: what is added, what is changed to what the file wants, and with
 * `prune` what goes. A package that fails does not affect the others.
 *
 * @throws {PkgError} CONFIG_INVALID for a file that cannot be read, or is of another profile; REPOSITORY_UNKNOWN;
 * PERMISSIONS_UNSAFE
 */
export async function planDeclared(cap: Capabilities, request: ApplyRequest): Promise<DeclaredPlan> {
  const declaration = readDeclared(cap, request);
  const { path: file } = declaration;
  const directory = dirname(file);
  const wanted = packagesHere(cap.config, declaration);
  await openForChange(cap, request.dryRun);
  const named = new Set<string>();
  const pinned = new Map<string, Step>();
  const find = async (looking: Looking): Promise<readonly Resolved[]> => {
    const context: DeclaredContext = { cap, looking, ...request, directory };
    const resolved = (await resolveDeclared(context, wanted)).map((item) => item.resolved);
    for (const item of resolved) if ("resolution" in item) named.add(item.resolution.name);
    const { installations } = await cap.records();
    const steps = resolved.map((item) => pinnedStep(installations, item));
    for (const step of steps) if (step !== null) pinned.set(step.resolution.name, step);
    return resolved.filter((_, index) => steps[index] === null);
  };
  const found = await planWanted(cap, { skip: request.skip, reinstall: false, recordsRequest: true, find });
  const plan = { ...found, plan: { ...found.plan, steps: [...found.plan.steps, ...pinned.values()] } };
  if (!request.prune) return { file, plan };
  const released = await releasedBy(cap, { directory, wanted, named });
  return { file, plan: { ...plan, plan: { ...plan.plan, released } } };
}

/** What is pinned stays, where it is what the file admits, whatever is newer; null for anything else. */
function pinnedStep(installations: Pick<Installations, "get">, item: Resolved): Step | null {
  if (!("resolution" in item)) return null;
  const { resolution } = item;
  const from = installations.get(resolution.name);
  if (from?.isPinned !== true || from.isDependency || !isSameOwner(from, resolution)) return null;
  const isFit =
    from.version !== resolution.version && (resolution.wish === null || isVersionMeant(resolution.wish, from.version));
  return isFit ? { kind: "keep", resolution: { ...resolution, version: from.version }, from } : null;
}

interface Released {
  readonly directory: string;
  readonly wanted: readonly DeclaredPackage[];
  /** Names that what is in the file is installed under. */
  readonly named: ReadonlySet<string>;
}

/** What was asked for and is not in the file; of what could not be resolved, what is there stays. */
async function releasedBy(
  cap: Pick<Capabilities, "records">,
  { directory, wanted, named }: Released,
): Promise<readonly InstalledState[]> {
  const { installations } = await cap.records();
  const words = { installations, directory };
  const there = wanted.flatMap(({ spec, name }) => [findAnyway(words, spec)?.name ?? name, name]);
  const kept = new Set([...named, ...there]);
  return installations
    .list()
    .filter(({ name, isDependency }) => !isDependency && !kept.has(name))
    .flatMap(({ name }) => installations.get(name) ?? []);
}
