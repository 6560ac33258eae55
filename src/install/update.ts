import type { Capabilities } from "../capabilities/capabilities.ts";
import { describeFailure, type WithErrors } from "../capabilities/outcome.ts";
import type { PkgError } from "../errors.ts";
import { isAlias, wishOf } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import type { Waiver } from "../package/policy.ts";
import { isOrphaned } from "../package/repository-owner.ts";
import { isPinned } from "../package/version-wish.ts";
import type { Resolution } from "../plan/resolution.ts";
import { movedError } from "../profile/prefix.ts";
import { closeOver } from "../resolve/close-over.ts";
import { fetchForGone } from "../resolve/fetch-for-gone.ts";
import { heldWords } from "../resolve/held-words.ts";
import { type Judged, type JudgeOptions, judgeInstalled } from "../resolve/judge-installed.ts";
import type { ResolveCapabilities, Resolved } from "../resolve/resolve.ts";
import { resolveCandidate } from "../resolve/resolve-candidate.ts";
import { resolveTags } from "../resolve/resolve-tags.ts";
import { errorsOf, type Unjudged } from "../resolve/unjudged.ts";
import { type Chosen, chooseInstallations, type Held, withWanted } from "../resolve/update-candidates.ts";
import { installPlan } from "./install.ts";
import type { InstalledItem, InstallOutcome, InstallPlan } from "./install-outcome.ts";
import type { Consent, Question } from "./name-concerns.ts";
import { movedBottles, openForChange, tellMoved } from "./open-for-change.ts";
import { planAlong, planResolved } from "./plan-install.ts";
import { keepOrRepair } from "./repair.ts";

/** What `pkg update` was asked for. */
export interface UpdateRequest {
  /** Words that `install` takes; empty: everything that is installed. */
  readonly names: readonly string[];
  /** Where relative paths begin. */
  readonly directory: string;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly skip: readonly Waiver[];
  /** Answers the questions that the updates raise. */
  readonly consentTo: (questions: readonly Question[]) => Promise<Consent>;
}

/** Syncs, then updates the named packages, or all that are installed; of what stays, it says what could not be judged. */
export async function update(cap: Capabilities, request: UpdateRequest): Promise<WithErrors<InstallOutcome>> {
  await openForChange(cap, request.dryRun);
  await tellMoved(cap);
  const words = { installations: (await cap.records()).installations, directory: request.directory };
  const named = chooseInstallations(words, request.names);
  const { plan, unjudged, syncErrors } = await planUpdates(cap, named, request);
  // An update comes from the same owner, so no name changes hands.
  const consent = await request.consentTo(plan.questions.filter(({ kind }) => kind !== "replace"));
  const { outcome, errors } = await installPlan(cap, plan, {
    force: request.force,
    dryRun: request.dryRun,
    consent: { ...consent, replace: [] },
  });
  const changed = outcome.packages.filter(({ action }) => action !== "keep");
  const told = new Set(changed.map((item) => item.name));
  const untouched = named.chosen.filter(({ name, requested }) => !told.has(name) && !told.has(requested));
  const kept = await keepAll(cap, untouched, { unjudged, request });
  const repairErrors = kept.flatMap(({ error }) => error ?? []);
  const all = [...syncErrors, ...errorsOf(unjudged, request.names.length > 0), ...errors, ...repairErrors];
  const packages = [...changed, ...kept.map(({ item }) => item)];
  return { outcome: { ...outcome, packages }, errors: [...new Set(all)] };
}

type Kept = Awaited<ReturnType<typeof keepOrRepair>>;

/** Looks at all that stays as it is. */
async function keepAll(
  cap: Capabilities,
  untouched: readonly Installation[],
  { unjudged, request }: { readonly unjudged: readonly Unjudged[]; readonly request: UpdateRequest },
): Promise<readonly Kept[]> {
  // As they are now: another process may have updated them, or removed them, and what is repaired may take links of the next.
  const now = async () => new Map((await cap.records()).installations.list().map((item) => [item.name, item]));
  let installed = await now();
  const kept: Kept[] = [];
  const moved = await movedBottles(cap);
  const unfit = moved?.isWithHome === true ? movedError(moved) : null;
  for (const { name } of untouched) {
    const item = installed.get(name);
    if (item === undefined) continue;
    if (item.keg !== null && unfit !== null) {
      kept.push({ item: { action: "fail", name, error: describeFailure(unfit) }, error: unfit });
      continue;
    }
    const one = await keepOrRepair(cap, item, keptItem(item, unjudged), request);
    if (one.item.action !== "keep") installed = await now();
    kept.push(one);
  }
  return kept;
}

function keptItem(item: Installation, unjudged: readonly Unjudged[]): InstalledItem {
  const { name, version, repository, isDependency } = item;
  const error = unjudged.find(({ installation }) => installation.name === name)?.error;
  const why = error === undefined ? {} : { error: describeFailure(error) };
  return { action: "keep", name, version, repository, isDependency, orphaned: isOrphaned(item), ...why };
}

interface PlannedUpdates {
  readonly plan: InstallPlan;
  readonly unjudged: readonly Unjudged[];
  readonly syncErrors: readonly PkgError[];
}

async function planUpdates(cap: ResolveCapabilities, named: Chosen, request: UpdateRequest): Promise<PlannedUpdates> {
  const { skip, dryRun: readsOnly } = request;
  const judged = await judgeInstalled(cap, named, { skip, isSynced: true, readsOnly });
  try {
    const tags = await resolveTags(cap, named.chosen, skip);
    tellHeld(cap, [...judged.held, ...tags.held]);
    const fromIndex = await resolveCandidates(cap, named.wanted, { judged, skip });
    const resolved = [...named.missing, ...judged.refused, ...fromIndex, ...withWanted(named, tags.resolved)];
    const plan = await planOf(cap, resolved);
    const renew = (gone: readonly Resolution[]) => renewUpdates(cap, named, { gone, tried: judged.tried, skip });
    const { syncErrors } = judged;
    const along: InstallPlan["along"] = (needers, name) =>
      planAlong(cap, { needers, name }, { skip, tried: judged.tried });
    return { plan: { ...plan, renew, along }, unjudged: [...judged.unjudged, ...tags.unjudged], syncErrors };
  } finally {
    judged.lookup.close();
  }
}

interface Renewal extends Pick<JudgeOptions, "skip"> {
  readonly gone: readonly Resolution[];
  readonly tried: ReadonlySet<string>;
}

/** The plan for what is gone from its registry, by newer indexes; null: there are none. */
async function renewUpdates(
  cap: ResolveCapabilities,
  named: Chosen,
  { gone, tried: before, skip }: Renewal,
): Promise<InstallPlan | null> {
  const { chosen, wanted } = named;
  const tried = await fetchForGone(cap, gone, before);
  if (tried === null) return null;
  const isGone = (name: string) => gone.some((resolution) => resolution.name === name);
  const isChosen = (name: string) => chosen.some((installation) => installation.name === name);
  // What is new, as something needs it, comes with what needs it.
  const again = gone.every(({ name }) => isChosen(name)) ? chosen.filter(({ name }) => isGone(name)) : chosen;
  const judged = await judgeInstalled(cap, { ...named, chosen: again, missing: [] }, { skip, isSynced: false, tried });
  try {
    return await planOf(cap, await resolveCandidates(cap, wanted, { judged, skip }));
  } finally {
    judged.lookup.close();
  }
}

async function planOf(
  { config, records }: Pick<Capabilities, "config" | "records">,
  resolved: readonly Resolved[],
): Promise<InstallPlan> {
  // Syncing may have told whose a package is.
  const state = await records();
  return planResolved({ state, names: config }, resolved, { reinstall: false, repairs: false });
}

function tellHeld({ emit }: Pick<Capabilities, "emit">, held: readonly Held[]): void {
  for (const item of held) emit({ kind: "note", message: heldWords(item) });
}

async function resolveCandidates(
  cap: Pick<ResolveCapabilities, "config" | "now" | "emit" | "records">,
  wanted: Chosen["wanted"],
  { judged: { candidates, needing, lookup }, skip }: { readonly judged: Judged } & Pick<JudgeOptions, "skip">,
): Promise<readonly Resolved[]> {
  const { installations } = await cap.records();
  const context = { cap, lookup, installations, skip };
  const resolved = [...candidates, ...needing].map(({ installation, entry }): Resolved => {
    const asked = requestedBy(installation, wanted);
    return { requested: installation.name, resolution: resolveCandidate(context, { installation, entry, ...asked }) };
  });
  const there = new Set(installations.needs().map(({ name }) => name));
  const isWhole = ({ dependencies }: Installation) => dependencies.every((name) => there.has(name));
  const whole = new Set(needing.flatMap(({ installation }) => (isWhole(installation) ? installation.name : [])));
  // What it needs since, and cannot be had, is no fault of what has all that it was installed with.
  return closeOver(context, resolved).filter((item) => !("error" in item && whole.has(item.requested)));
}

/** What is recorded as typed: what `update` was told, else what `install` was, so that a range holds for the next update too. */
function requestedBy(installation: Installation, wanted: Chosen["wanted"]): Pick<Resolution, "requested" | "wish"> {
  const { name, requested, wish, version: installed } = installation;
  const version = wanted.get(name) ?? null;
  const isKept = version === null && wish !== null && !isPinned(wish, installed);
  if (!wanted.has(name) || isKept) return { requested, wish };
  const typed = isAlias(installation) ? installation.packageName : name;
  return { requested: version === null ? typed : `${typed}@${version}`, wish: wishOf(version) };
}
