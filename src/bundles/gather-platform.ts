import { join } from "node:path";
import { mapConcurrently } from "../base/concurrency.ts";
import { querySecrets } from "../base/secret-patterns.ts";
import type { BundledIndex } from "../bundle-format/table.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import { type Config, configFor } from "../config/config.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import type { LockedPackage } from "../declare/lock-file.ts";
import { PkgError } from "../errors.ts";
import { formatTime } from "../index/header.ts";
import type { InstallPlan } from "../install/install-outcome.ts";
import { planInstall, planResolved } from "../install/plan-install.ts";
import type { Target } from "../oci/content.ts";
import type { Machine } from "../package/machine.ts";
import type { Waiver } from "../package/policy.ts";
import type { NamedSpec } from "../package/spec.ts";
import { isPlacing } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import { fetchWhole } from "../repositories/fetch-index.ts";
import { createFetchWatch, retryWithin } from "../repositories/fetch-watch.ts";
import { reachable } from "../repositories/reachable.ts";
import { REFRESH_PATIENCE } from "../repositories/refresh.ts";
import { namesOf } from "../repositories/repositories.ts";
import { readerOf, requestOf } from "../repositories/repository-fetch.ts";
import { watched, watchedReader } from "../repositories/sync.ts";
import { takeIndex } from "../repositories/take-index.ts";
import { inWordsOf } from "../resolve/in-words-of.ts";
import { areDecided } from "../resolve/is-decided.ts";
import { lockedResolution } from "../resolve/locked-resolution.ts";
import type { Resolved } from "../resolve/resolve.ts";
import { parseSpec } from "../resolve/spec.ts";
import { holdIndex } from "./hold-index.ts";
import type { IncludedIndex, MissingPackage } from "./outcome.ts";

/** What gathering takes, and a way to the same for another machine. */
export type BundleCapabilities = Capabilities & {
  withConfig(config: Config): Capabilities & { close(): Promise<void> };
};

export interface GatherRequest {
  /** As typed. */
  readonly specs: readonly string[];
  /** e.g. `x86_64-linux` */
  readonly platform: string;
  readonly directory: string;
  /** What is locked for this machine, instead of `specs`; null: nothing is. */
  readonly locked: readonly LockedPackage[] | null;
  readonly skip: readonly Waiver[];
  /** The publisher's key, for references. */
  readonly key: string | null;
  /** Where the indexes are kept until they are written. */
  readonly held: Target;
  /** For files that go afterwards. */
  readonly temporary: string;
}

/** What goes into a bundle for one machine. */
export interface Gathered {
  readonly platform: string;
  readonly machine: Machine;
  readonly resolutions: readonly Resolution[];
  readonly indexes: readonly (BundledIndex & { readonly told: IncludedIndex })[];
  readonly failed: readonly MissingPackage[];
  readonly errors: readonly PkgError[];
}

/** Nothing is poured here, and nothing of a bundle depends on where it will be. */
const NO_PREFIX = "/pkg-bundle";

/**
 * Finds out what has to be in a bundle for a machine on which nothing is installed: what was asked for, all that it needs, and the
 * indexes that say so, as they were signed, judged as `sync` judges them.
 *
 * @throws {PkgError} those of planInstall
 */
export async function gatherPlatform(cap: BundleCapabilities, request: GatherRequest): Promise<Gathered> {
  const { platform, temporary } = request;
  const own = configFor(cap.config, platform);
  const root = join(temporary, platform);
  const paths = {
    ...own.paths,
    index: join(root, "index"),
    stateDatabase: join(root, "state.db"),
    // Beside an empty state, what is installed here would be taken for packages whose record is lost, and its prefix for another home's.
    packages: join(root, "packages"),
    prefix: NO_PREFIX,
  };
  const config = { ...own, paths, syncIntervalMs: null };
  const there = cap.withConfig(config);
  const world = { ...there, network: cap.network, trust: cap.trust, pins: cap.pins };
  try {
    const { taken, ...planned } =
      request.locked === null ? await planNamed(world, request) : await planLock(world, request, request.locked);
    const { plan, failed, errors } = planned;
    const resolutions = plan.steps.filter(isPlacing).map(({ resolution }) => resolution);
    resolutions.forEach(refuseLocal);
    const used = new Set(resolutions.map(({ repository }) => repository));
    const words = inWordsOf("bundle");
    const missing = failed.flatMap((item) => {
      if (item.action !== "fail") return [];
      return { name: item.name, platform, error: { ...item.error, message: words.message(item.error.message) } };
    });
    return {
      platform,
      machine: own,
      resolutions,
      indexes: taken.filter(({ repository }) => used.has(repository)),
      failed: missing,
      errors: errors.map(words.error),
    };
  } finally {
    await there.close();
  }
}

type Planned = Pick<InstallPlan, "plan" | "failed" | "errors"> & { readonly taken: readonly Taken[] };

async function planNamed(cap: Capabilities, request: GatherRequest): Promise<Planned> {
  const named = namedIn(request);
  const first = await planWith(cap, request, await takeIndexes(cap, request, named));
  const isAll = cap.config.repositories.every(({ name, enabled }) => !enabled || first.asked.has(name));
  // What is needed may be in a repository after the one that needs it.
  return first.errors.length === 0 || isAll ? first : planWith(cap, request, await takeIndexes(cap, request, null));
}

async function planWith(cap: Capabilities, request: GatherRequest, indexes: TakenIndexes) {
  const { specs, directory, skip, key } = request;
  const repositories = cap.config.repositories.map((each) => ({
    ...each,
    enabled: each.enabled && indexes.asked.has(each.name),
  }));
  const planning = { specs, reinstall: false, dryRun: true, skip, key, directory };
  return { ...indexes, ...(await planInstall({ ...cap, config: { ...cap.config, repositories } }, planning)) };
}

/** Exactly what is locked, whatever the indexes list by now; they vouch for it where it is installed. */
async function planLock(cap: Capabilities, request: GatherRequest, locked: readonly LockedPackage[]): Promise<Planned> {
  const names = new Set(locked.map(({ repository }) => repository));
  const repositories = cap.config.repositories.filter(({ enabled, name }) => enabled && names.has(name));
  const taken = (
    await mapConcurrently(repositories, cap.config.concurrency, (each) => takeOne(cap, request, each))
  ).flatMap((one) => one ?? []);
  const [{ installations }, pins] = [await cap.records(), await cap.pins()];
  const context = { config: cap.config, installations, pins, indexes: cap.indexes, skip: request.skip };
  const resolved = locked.map((item): Resolved => {
    const requested = item.requested ?? item.name;
    try {
      const resolution = lockedResolution(context, item);
      return { requested, resolution, isNeeded: item.requested === undefined };
    } catch (error) {
      return { requested, error: asFailure(error) };
    }
  });
  const state = await cap.records();
  const how = { reinstall: false, repairs: false, skip: request.skip };
  return { taken, ...planResolved({ state, names: cap.config }, resolved, how) };
}

/** What is on this machine alone would be looked for on the other one. */
function refuseLocal({ origin, requested }: Resolution): void {
  if (origin.kind === "download" || origin.location.kind === "registry") return;
  throw new PkgError("USAGE", `Cannot put "${requested}" into a bundle: it is a layout already`, {
    hint: "Copy it as it is; a bundle takes packages of repositories and of registries",
  });
}

type Taken = Gathered["indexes"][number];

interface TakenIndexes {
  readonly taken: readonly Taken[];
  /** Names of the repositories whose indexes were wanted. */
  readonly asked: ReadonlySet<string>;
}

/**
 * The indexes of the repositories in their order, until everything that was named is found, as where packages are installed.
 *
 * @param named null: of all of them
 */
async function takeIndexes(
  cap: Capabilities,
  request: GatherRequest,
  named: readonly NamedSpec[] | null,
): Promise<TakenIndexes> {
  const enabled = cap.config.repositories.filter((repository) => repository.enabled);
  const within = new Set((await reachable(cap.network, enabled)).map(({ name }) => name));
  const { installations } = await cap.records();
  const taken: Taken[] = [];
  const asked = new Set<string>();
  const isDecided = (specs: readonly NamedSpec[]) => {
    const usable = enabled.filter(({ name }) => taken.some(({ repository }) => repository === name));
    return areDecided({ ...cap, installations }, specs, { names: asked, usable });
  };
  for (const repository of named === null ? enabled : wantedOf(enabled, named)) {
    if (named !== null && isDecided(named)) break;
    asked.add(repository.name);
    const one = within.has(repository.name) ? await takeOne(cap, request, repository) : null;
    if (one !== null) taken.push(one);
  }
  return { taken, asked };
}

/** What is not a name needs no index, or fails later. */
function namedIn({ specs, directory }: GatherRequest): readonly NamedSpec[] {
  return specs.flatMap((text) => {
    try {
      const spec = parseSpec(text, directory);
      return spec.kind === "named" ? [spec] : [];
    } catch (error) {
      asFailure(error);
      return [];
    }
  });
}

/** Those that were typed, as in `git:tools`, where no name is without one; else all, in their order. */
function wantedOf(
  enabled: readonly ConfiguredRepository[],
  named: readonly NamedSpec[],
): readonly ConfiguredRepository[] {
  const typed = new Set(named.map(({ repository }) => repository));
  const isTyped = ({ name }: ConfiguredRepository) => typed.has(name);
  if (!typed.has(null)) return enabled.filter(isTyped);
  return enabled;
}

/** One that cannot be had is left out, as where packages are installed; what is only in it is then not found. */
async function takeOne(
  cap: Capabilities,
  request: GatherRequest,
  repository: ConfiguredRepository,
): Promise<Taken | null> {
  const { name } = repository;
  const id = `sync:${name}`;
  cap.emit({ kind: "task-started", id, title: `index of ${name} for ${request.platform}`, totalBytes: null });
  try {
    const taken = await fetchAndTake(cap, request, repository);
    cap.emit({ kind: "task-done", id, summary: "verified" });
    return taken;
  } catch (error) {
    const failure = asFailure(error);
    if (failure.code === "INTERRUPTED") throw error;
    cap.emit({ kind: "task-done", id, summary: "failed" });
    cap.emit({ kind: "warning", message: `The packages of ${name} are left out: ${failure.message}` });
    return null;
  }
}

async function fetchAndTake(
  cap: Capabilities,
  request: GatherRequest,
  repository: ConfiguredRepository,
): Promise<Taken> {
  const { config, indexes, emit } = cap;
  const { name, url, kind } = repository;
  const task = `read the index of "${name}"`;
  const patience = REFRESH_PATIENCE.needed;
  const watch = createFetchWatch(cap.signal, patience, task);
  const reader = watchedReader(watch, readerOf({ ...cap, retry: retryWithin(cap.retry, patience) }, name));
  const fetching = watched(watch, requestOf(cap, repository, { task, namedBy: "config" }));
  const { fetched, held } = await watch.during(async () => {
    const whole = await fetchWhole(reader, fetching);
    return {
      fetched: whole,
      held: await holdIndex({ fetched: whole, isSignedInside: kind === "homebrew" }, request.held, cap.signal),
    };
  });
  const trust = await cap.trust();
  const taken = await takeIndex(
    { indexes, trust, host: config.host, configured: namesOf(config), emit, now: cap.now() },
    {
      ...{ repository, task, accepted: null, acceptLoss: false, allowStale: request.skip.includes("freshness") },
      fetched: { ...fetched, signatures: held.signatures, isOneMoment: true },
      refetch: async () => fetched,
    },
  );
  const record = taken.trusted?.record ?? null;
  return {
    ...{ repository: name, url: withoutSecrets(url), kind, platform: request.platform },
    ...{ manifest: held.manifest, file: fetched.file ?? null },
    told: {
      ...{ name, platform: request.platform, signed: taken.signers.length > 0, sizeBytes: taken.bytes },
      ...(record === null ? {} : { serial: record.serial, expiresAt: formatTime(record.expiresMs) }),
    },
  };
}

/** A token in an address is for this machine alone. */
function withoutSecrets(url: string): string {
  return querySecrets(url).length === 0 ? url : url.replace(/\?.*$/, "");
}
