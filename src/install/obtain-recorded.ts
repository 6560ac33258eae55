import type { Capabilities, State } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import { checkLinking } from "../obtain/check-linking.ts";
import { discardBlobs } from "../obtain/discard-blobs.ts";
import { archivesOf } from "../obtain/obtain-package.ts";
import { type ObtainedStep, obtainPlan } from "../obtain/obtain-plan.ts";
import { neededFirst } from "../package/dependency-graph.ts";
import { isPortableMark } from "../package/holdings.ts";
import type { Installation } from "../package/installation.ts";
import { isSameRecord } from "../package/same-record.ts";
import type { Step } from "../plan/plan.ts";
import type { ProfileChange } from "../profile/profile.ts";
import { recordedResolution } from "../resolve/recorded-resolution.ts";
import { sourceContext } from "../sources/source-context.ts";
import { warmSources } from "../sources/warm-sources.ts";
import { draftInstallation } from "./installation-draft.ts";
import { withLinksAsBefore } from "./linked-keg.ts";

/** What obtaining again what was recorded uses of the world. */
export type ObtainRecordedCapabilities = Pick<
  Capabilities,
  "config" | "network" | "retry" | "now" | "pins" | "indexes" | "emit" | "signal" | "state"
>;

/** What was recorded once, and the store does not hold any more: obtained again, or why it cannot be. */
export interface ObtainedAgain {
  /** How a recorded installation is placed; an error where it cannot be. Null: nobody asked for it. */
  changeFor(installation: Installation): Promise<ProfileChange | PkgError | null>;
}

/** Before anything was obtained. */
export const NOTHING_OBTAINED: ObtainedAgain = { changeFor: async () => null };

/** What the store has to hold, and does not. */
export class Lost {
  readonly installations: readonly Installation[];

  constructor(installations: readonly Installation[]) {
    this.installations = installations;
  }
}

/**
 * Does `work` under the lock. Where it comes back with what the store has lost, that is obtained without the lock, once, by the
 * digests that were recorded, and the work is done anew.
 *
 * @throws {PkgError} INTERRUPTED, LOCKED
 */
export async function withObtained<T>(
  cap: ObtainRecordedCapabilities,
  state: State,
  work: (again: ObtainedAgain) => Promise<T | Lost>,
): Promise<T> {
  const first = await state.withLock(() => work(NOTHING_OBTAINED));
  if (!(first instanceof Lost)) return first;
  const again = await obtainRecorded(cap, state, first.installations);
  const second = await state.withLock(() => work(again));
  if (second instanceof Lost) throw new Error("what was looked for was not asked for");
  return second;
}

/** The change that brings back a recorded installation: from the store, or as it was obtained again; Lost: neither. */
export async function changeTo(
  state: State,
  installation: Installation,
  { again, signal }: { readonly again: ObtainedAgain; readonly signal: AbortSignal },
): Promise<ProfileChange | PkgError | Lost> {
  const stored = await state.profile.stored(installation, signal);
  if (stored !== null) return { kind: "restore", stored };
  if (again === NOTHING_OBTAINED) return new Lost([installation]);
  return (await again.changeFor(installation)) ?? notInStore(installation);
}

/**
 * Obtains what was recorded once, by its digests, from where it came; it is verified as it was then, and by what is required now.
 * Nothing is placed.
 *
 * @throws {PkgError} INTERRUPTED
 */
export async function obtainRecorded(
  cap: ObtainRecordedCapabilities,
  state: State,
  lost: readonly Installation[],
): Promise<ObtainedAgain> {
  const { config, emit, now, retry, signal } = cap;
  const { blobs, installations, generations } = state;
  const { steps, errors } = await stepsFor(cap, lost);
  const sources = sourceContext(cap);
  await warmSources(
    sources,
    steps.map(({ resolution }) => resolution),
  );
  const { prefix, bin, share } = config.paths;
  const wasPortable = new Set(lost.filter(({ files }) => files.some(({ path }) => isPortableMark(path))).map(nameOf));
  const making = { places: { bin, share }, isPortable: (name: string) => wasPortable.has(name) };
  const place = { machine: config, searchPath: config.searchPath };
  const context = { sources, blobs, installations, generations, place, prefix, making, emit, now, retry, signal };
  const obtained = await obtainPlan(context, { steps, bytes: 0 }, { concurrency: config.concurrency, check: () => {} });
  const installed = () => [...installations.list(), ...lost];
  const linked = checkLinking({ installed, host: config.host, emit }, obtained);
  discardBlobs(
    state,
    linked.flatMap((item) => (item.kind === "obtained" ? archivesOf(item.package.verified) : [])),
  );
  for (const { kind, step } of linked) {
    if (kind === "obtained") emit({ kind: "task-done", id: step.resolution.name, summary: "fetched again" });
  }
  const byName = new Map(linked.map((item) => [item.step.resolution.name, item]));
  return { changeFor: (wanted) => settle(cap, { wanted, lost, item: byName.get(wanted.name), errors }) };
}

function nameOf({ name }: Installation): string {
  return name;
}

/** In the order in which they need each other. */
async function stepsFor(cap: ObtainRecordedCapabilities, lost: readonly Installation[]) {
  const { config, indexes } = cap;
  const context = { config, indexes, pins: await cap.pins() };
  const steps: (Step & { readonly kind: "install" })[] = [];
  const errors = new Map<string, PkgError>();
  const byName = new Map(lost.map((item) => [item.name, item]));
  for (const name of neededFirst(byName.keys(), (own) => byName.get(own)?.dependencies ?? [])) {
    const installation = byName.get(name);
    if (installation === undefined) continue;
    try {
      const resolution = recordedResolution(context, installation);
      // What is not poured has the links that were recorded: none are looked for.
      const isPoured = resolution.keg !== null;
      steps.push({ kind: "install", resolution: isPoured ? resolution : { ...resolution, isDependency: true } });
    } catch (error) {
      errors.set(name, asFailure(error));
    }
  }
  return { steps, errors };
}

interface Settling {
  readonly wanted: Installation;
  readonly lost: readonly Installation[];
  readonly item: ObtainedStep | undefined;
  readonly errors: ReadonlyMap<string, PkgError>;
}

async function settle(
  cap: ObtainRecordedCapabilities,
  { wanted, lost, item, errors }: Settling,
): Promise<ProfileChange | PkgError | null> {
  if (!lost.some((own) => isSameRecord(own, wanted))) return null;
  const error = errors.get(wanted.name) ?? (item !== undefined && "error" in item ? item.error : null);
  if (error !== null) return notFetched(wanted, error);
  if (item?.kind !== "obtained") return null;
  const { resolution, verified, links, keg } = item.package;
  // Its files are not the recorded ones: a bottle that was poured for another prefix.
  if (keg === null) return notTheSame(wanted);
  const { config, now } = cap;
  const installedAt = new Date(now()).toISOString();
  const draft = draftInstallation({ resolution, verified, links, keg, share: config.share, installedAt });
  const { isPinned, unlinked, wish, requested } = wanted;
  const installation = withLinksAsBefore({ ...draft, isPinned, unlinked, wish, requested }, wanted);
  return { kind: "place", verified, installation };
}

function notInStore({ name, version }: Installation): PkgError {
  return new PkgError("INTEGRITY", `Cannot bring back "${name}" ${version}: the store does not hold all of it`, {
    hint: "Run the command again",
  });
}

function notTheSame({ name, version }: Installation): PkgError {
  return new PkgError(
    "INTEGRITY",
    `Cannot bring back "${name}" ${version}: the store does not hold all of it, and what was fetched again has other files`,
    { hint: `Run \`pkg install ${name}@${version}\`` },
  );
}

function notFetched({ name, version }: Installation, error: PkgError): PkgError {
  const { code, message, hint = `Run \`pkg info ${name}\` to see which versions there are` } = error;
  const why = `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  return new PkgError(code, `Cannot bring back "${name}" ${version}: the store does not hold all of it, and ${why}`, {
    hint,
    cause: error,
  });
}
