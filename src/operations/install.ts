import { hasCode, PkgError } from "../errors.ts";
import { formatReference } from "../oci/reference.ts";
import { type InstalledState, makePlan, type Plan, type Step } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { Installation } from "../store/installations.ts";
import { type VerifiedPackage, verifyPackage } from "../verify/package.ts";
import type { Check, Waiver } from "../verify/policy.ts";
import type { Capabilities, Network, State } from "./capabilities.ts";
import { mapConcurrently } from "./concurrency.ts";
import { discardBlobs, type Fetched, fetchPackage } from "./fetch.ts";
import { draftInstallation } from "./installation-draft.ts";
import { asFailure, describeFailure, type Failure, type WithErrors } from "./outcome.ts";
import { type Resolved, resolveSpecs } from "./resolve.ts";
import { fetchFromStore } from "./stored-package.ts";

export interface InstallRequest {
  readonly specs: readonly string[];
  readonly force: boolean;
  readonly reinstall: boolean;
  readonly dryRun: boolean;
  readonly skip: readonly Waiver[];
}

/** What became of one package that was named. */
export type InstalledItem =
  | {
      readonly action: "install" | "change" | "reinstall";
      readonly name: string;
      readonly version: string;
      readonly previousVersion: string | null;
      readonly repository: string | null;
      /** Of its files. */
      readonly bytes: number;
      /** What came over the network for it. */
      readonly receivedBytes: number;
      readonly durationMs: number;
      readonly signedBy: string | null;
      readonly checks: readonly Check[];
      readonly skipped: readonly Waiver[];
      readonly links: readonly string[];
    }
  | { readonly action: "keep"; readonly name: string; readonly version: string; readonly repository: string | null }
  | {
      readonly action: "plan";
      readonly step: "install" | "change";
      readonly name: string;
      readonly version: string;
      readonly previousVersion: string | null;
      readonly repository: string | null;
      readonly bytes: number | null;
      readonly reference: string;
      readonly checks: readonly Check[];
    }
  | { readonly action: "fail"; readonly name: string; readonly error: Failure };

export interface InstallOutcome {
  readonly dryRun: boolean;
  readonly items: readonly InstalledItem[];
  readonly binDirectory: string;
}

export type InstallCapabilities = Capabilities;

/** Resolves, plans, fetches, verifies and places each package that was named; one that fails leaves the others alone. */
export async function install(cap: InstallCapabilities, request: InstallRequest): Promise<WithErrors<InstallOutcome>> {
  const resolved = await resolveSpecs(cap, request.specs, { skip: request.skip });
  return carryOut(cap, resolved, request);
}

export type CarryOutOptions = Pick<InstallRequest, "force" | "reinstall" | "dryRun">;

/** The pipeline from resolutions on; `update` shares it. */
export async function carryOut(
  cap: InstallCapabilities,
  resolved: readonly Resolved[],
  options: CarryOutOptions,
): Promise<WithErrors<InstallOutcome>> {
  const { resolutions, errors, failed } = sortOut(resolved);
  const network = options.dryRun ? null : await warmUp(cap, resolutions);
  const state = await cap.state();
  const plan = makePlan(resolutions, (name) => installedState(state.installations.get(name)), options);
  const items = options.dryRun
    ? plan.steps.map(describeStep)
    : await runSteps({ cap, network, state, options, errors }, plan);
  return {
    outcome: { dryRun: options.dryRun, items: [...items, ...failed], binDirectory: cap.config.paths.bin },
    errors,
  };
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
async function warmUp(cap: InstallCapabilities, resolutions: readonly Resolution[]): Promise<Network | null> {
  if (resolutions.length === 0 || cap.config.offline) return null;
  const network = await cap.network();
  const registries = new Set<string>();
  for (const { source, repository } of resolutions) {
    if (source.kind !== "oci") continue;
    if (repository === null) network.trust(source.reference);
    registries.add(source.reference.registry);
  }
  for (const registry of registries) network.registry.warm(registry);
  return network;
}

function installedState(installation: Installation | null): InstalledState | null {
  if (installation === null) return null;
  const { name, version, programDigest, manifestDigest } = installation;
  return { name, version, programDigest, manifestDigest };
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

interface Run {
  readonly cap: InstallCapabilities;
  readonly network: Network | null;
  readonly state: State;
  readonly options: CarryOutOptions;
  readonly errors: PkgError[];
}

type ChangingStep = Step & { readonly kind: "install" | "change" };

async function runSteps(run: Run, plan: Plan): Promise<readonly InstalledItem[]> {
  return mapConcurrently(plan.steps, run.cap.config.concurrency, async (step): Promise<InstalledItem> => {
    if (step.kind === "keep") return describeStep(step);
    const id = step.resolution.name;
    run.cap.emit({
      kind: "task-started",
      id,
      title: `${id} ${step.resolution.version}`,
      totalBytes: step.resolution.expected.sizeBytes,
    });
    try {
      return await runStep(run, step);
    } catch (error) {
      const failure = asFailure(error);
      run.errors.push(failure);
      run.cap.emit({ kind: "task-failed", id, error: failure });
      return { action: "fail", name: step.resolution.requested, error: describeFailure(failure) };
    }
  });
}

async function runStep(run: Run, step: ChangingStep): Promise<InstalledItem> {
  const { cap, state } = run;
  const { resolution } = step;
  const startedAt = cap.now();
  const { fetched, verified } = (await verifyStored(run, step)) ?? (await verifyFetched(run, step));
  cap.emit({ kind: "task-step", id: resolution.name, step: "place" });
  const draft = draftInstallation({ resolution, fetched, verified, installedAt: new Date(cap.now()).toISOString() });
  const placement = await state.withLock(() => {
    checkAssumptions(state, step);
    return state.profile.place(verified, draft, { force: run.options.force });
  });
  const item: InstalledItem = {
    action: step.kind === "install" ? "install" : step.from.version === resolution.version ? "reinstall" : "change",
    name: draft.name,
    version: draft.version,
    previousVersion: step.kind === "change" ? step.from.version : null,
    repository: draft.repository,
    bytes: draft.sizeBytes,
    receivedBytes: fetched.receivedBytes,
    durationMs: cap.now() - startedAt,
    signedBy: verified.evidence.signedBy,
    checks: verified.evidence.checks,
    skipped: verified.evidence.skipped,
    links: placement.installation.links.map((link) => link.path),
  };
  cap.emit({ kind: "task-done", id: resolution.name, summary: "placed" });
  return item;
}

interface Checked {
  readonly fetched: Fetched;
  readonly verified: VerifiedPackage;
}

/**
 * What is installed and recorded in full is verified again from the store; nothing is sent for it. Null when that
 * cannot be: the policy may ask for documents now that were not fetched then.
 */
async function verifyStored({ cap, state }: Run, step: ChangingStep): Promise<Checked | null> {
  const fetched = step.kind === "change" ? await fetchFromStore(state, step.resolution, cap.signal) : null;
  if (fetched === null) return null;
  try {
    return { fetched, verified: verifyPackage(fetched.package, step.resolution.policy) };
  } catch (error) {
    if (hasCode(error, "CHECKSUM_MISSING", "SIGNATURE_MISSING", "PROVENANCE_MISSING")) return null;
    throw error;
  }
}

async function verifyFetched({ cap, network, state }: Run, { resolution }: ChangingStep): Promise<Checked> {
  if (network === null) {
    throw new PkgError("OFFLINE", `Cannot fetch "${resolution.name}": --offline is set`, {
      hint: "Run the command again without --offline",
    });
  }
  const fetched = await fetchPackage(cap, network, state, resolution);
  cap.emit({ kind: "task-step", id: resolution.name, step: "verify" });
  try {
    return { fetched, verified: verifyPackage(fetched.package, resolution.policy) };
  } catch (error) {
    discardBlobs(
      state,
      fetched.package.programs.map(({ blob }) => blob),
    );
    throw error;
  }
}

/** Between plan and lock another process may have changed what the plan stands on. */
function checkAssumptions(state: State, step: ChangingStep): void {
  const now = state.installations.get(step.resolution.name);
  const expected = step.kind === "change" ? step.from : null;
  if (now?.version === expected?.version && now?.programDigest === expected?.programDigest) return;
  throw new PkgError(
    "STATE_CHANGED",
    `Cannot install "${step.resolution.name}": another process changed it meanwhile (expected ${expected?.version ?? "not installed"}, found ${now?.version ?? "not installed"})`,
    { hint: "Run the command again" },
  );
}
