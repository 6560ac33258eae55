import { mapConcurrently } from "../base/concurrency.ts";
import type { Capabilities, Network } from "../capabilities/capabilities.ts";
import { asFailure, describeFailure, type WithErrors } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import { formatReference, looksLikeReference } from "../oci/reference.ts";
import type { Waiver } from "../package/policy.ts";
import { makePlan, type Plan, type Step } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import type { CarryOutOptions, InstalledItem, InstallOutcome, InstallPlan } from "./install-outcome.ts";
import { type Run, runStep } from "./install-step.ts";
import { type Question, questionsOf, refuseWithoutConsent } from "./name-concerns.ts";
import { type Resolved, resolveSpecs } from "./resolve.ts";
import { searchPlace } from "./search-path.ts";

export interface InstallRequest {
  readonly specs: readonly string[];
  readonly reinstall: boolean;
  readonly skip: readonly Waiver[];
  /** The public key of the publisher of direct references; null: none was given. */
  readonly key: string | null;
}

export type InstallCapabilities = Capabilities;

/** Resolves and plans what was named; one that fails leaves the others alone. Nothing is changed. */
export async function planInstall(cap: InstallCapabilities, request: InstallRequest): Promise<InstallPlan> {
  checkKey(request);
  return planResolved(cap, await resolveSpecs(cap, request.specs, request), request);
}

/** Indexes and repositories have keys of their own. @throws {PkgError} USAGE, KEY_INVALID */
function checkKey({ key, specs }: InstallRequest): void {
  if (key === null) return;
  parsePublicKey(key);
  const named = specs.find((text) => !looksLikeReference(text));
  if (named === undefined) return;
  throw new PkgError("USAGE", `Cannot use --key for "${named}": expected a reference such as ghcr.io/me/tools/trurl`, {
    hint: "The packages of a repository are checked with its own keys; `pkg repo list` shows them",
  });
}

/** The plan of what was resolved; `update` shares it. */
export async function planResolved(
  cap: InstallCapabilities,
  resolved: readonly Resolved[],
  options: Pick<InstallRequest, "reinstall">,
): Promise<InstallPlan> {
  const { resolutions, errors, failed } = sortOut(resolved);
  const { installations } = await cap.state();
  const { steps, bytes } = makePlan(resolutions, (name) => installations.get(name), options);
  const questions: Question[] = [];
  const planned = steps.filter((step) => {
    try {
      questions.push(...questionsOf(cap.config, installations, step));
      return true;
    } catch (error) {
      // What a reference leads to may be no package at all.
      const failure = asFailure(error);
      errors.push(failure);
      failed.push({ action: "fail", name: step.resolution.requested, error: describeFailure(failure) });
      return false;
    }
  });
  return { plan: { steps: planned, bytes }, questions, errors, failed };
}

/** Fetches, verifies and places each package of a plan; one that fails leaves the others alone. */
export async function carryOut(
  cap: InstallCapabilities,
  { plan, questions, errors, failed }: InstallPlan,
  options: CarryOutOptions,
): Promise<WithErrors<InstallOutcome>> {
  const told = [...errors];
  const network = options.dryRun ? null : await warmUp(cap, plan);
  const run: Run = { cap, network, state: await cap.state(), options };
  const items = await mapConcurrently(plan.steps, cap.config.concurrency, async (step): Promise<InstalledItem> => {
    try {
      for (const question of questions) {
        if (question.name === step.resolution.name) refuseWithoutConsent(question, options.consent);
      }
      return options.dryRun || step.kind === "keep" ? describeStep(step) : await runStep(run, step);
    } catch (error) {
      const failure = asFailure(error);
      told.push(failure);
      return { action: "fail", name: step.resolution.requested, error: describeFailure(failure) };
    }
  });
  tellSearchPath(cap, items);
  const all = [...items, ...failed];
  return { outcome: { dryRun: options.dryRun, items: all, binDirectory: cap.config.paths.bin }, errors: told };
}

/** A program that is placed and not found when its name is typed would be a riddle. */
function tellSearchPath({ config, emit }: InstallCapabilities, items: readonly InstalledItem[]): void {
  const links = items.flatMap((item) => ("links" in item ? item.links : []));
  if (links.length === 0) return;
  const place = searchPlace(config);
  const { bin } = config.paths;
  if (!place.isOnPath) emit({ kind: "note", message: `"${bin}" is not on PATH; add it to run what was installed` });
  for (const link of links) {
    const hider = place.hiderOf(link);
    if (hider !== null)
      emit({ kind: "note", message: `"${hider}" comes before "${bin}/${link}" on PATH and hides it` });
  }
}

/** What can be planned, and what failed already. One name cannot hold two packages: the second of them fails. */
function sortOut(resolved: readonly Resolved[]) {
  const byName = new Map<string, Resolution>();
  const errors: PkgError[] = [];
  const failed: InstalledItem[] = [];
  for (const item of resolved) {
    const error = "error" in item ? item.error : clashOf(item.resolution, byName);
    if (error !== null) {
      errors.push(error);
      failed.push({ action: "fail", name: item.requested, error: describeFailure(error) });
    } else if ("resolution" in item) byName.set(item.resolution.name, item.resolution);
  }
  return { resolutions: [...byName.values()], errors, failed };
}

function clashOf(resolution: Resolution, byName: ReadonlyMap<string, Resolution>): PkgError | null {
  const other = byName.get(resolution.name);
  if (other === undefined || isSameChoice(other, resolution)) return null;
  return new PkgError(
    "PACKAGE_AMBIGUOUS",
    `Cannot install "${resolution.requested}": "${other.requested}" was named too, and both would be "${resolution.name}"`,
    { hint: "Name one of them" },
  );
}

function isSameChoice(a: Resolution, b: Resolution): boolean {
  return a.packageId === b.packageId && a.repository === b.repository && a.version === b.version;
}

/** Opens connections while the database is read; no request is sent. */
async function warmUp(cap: InstallCapabilities, { steps }: Plan): Promise<Network | null> {
  const fetched = steps.filter(({ kind }) => kind !== "keep");
  if (fetched.length === 0 || cap.config.offline) return null;
  const network = await cap.network();
  const registries = new Set<string>();
  for (const { resolution } of fetched) {
    const { source, repository } = resolution;
    if (source.kind !== "oci") continue;
    if (repository === null) network.trust(source.reference);
    registries.add(source.reference.registry);
  }
  for (const registry of registries) network.registry.warm(registry);
  return network;
}

function describeStep(step: Step): InstalledItem {
  const { resolution } = step;
  const { name, version, repository, source } = resolution;
  if (step.kind === "keep") return { action: "keep", name, version, repository };
  const previousVersion = step.kind === "change" ? step.from.version : null;
  const reference = source.kind === "oci" ? formatReference(source.reference) : source.url;
  return {
    action: "plan",
    step: step.kind,
    name,
    version,
    previousVersion,
    repository,
    bytes: resolution.expected.sizeBytes,
    reference,
    checks: resolution.policy.require,
  };
}
