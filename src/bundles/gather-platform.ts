import { join } from "node:path";
import { mapConcurrently } from "../base/concurrency.ts";
import { querySecrets } from "../base/secret-patterns.ts";
import type { BundledIndex } from "../bundle-format/table.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import { type Config, configFor } from "../config/config.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import { PkgError } from "../errors.ts";
import { formatTime } from "../index/header.ts";
import { planInstall } from "../install/plan-install.ts";
import type { Target } from "../oci/content.ts";
import type { Machine } from "../package/machine.ts";
import type { Waiver } from "../package/policy.ts";
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

/**
 * Finds out what has to be in a bundle for a machine on which nothing is installed: what was asked for, all that it needs, and the
 * indexes that say so, as they were signed, judged as `sync` judges them.
 *
 * @throws {PkgError} those of planInstall
 */
export async function gatherPlatform(cap: BundleCapabilities, request: GatherRequest): Promise<Gathered> {
  const { platform, temporary, specs, directory, skip, key } = request;
  const own = configFor(cap.config, platform);
  const root = join(temporary, platform);
  const paths = { ...own.paths, index: join(root, "index"), stateDatabase: join(root, "state.db") };
  const config = { ...own, paths, syncIntervalMs: null };
  const there = cap.withConfig(config);
  const world = { ...there, network: cap.network, trust: cap.trust, pins: cap.pins };
  try {
    const taken = await takeIndexes(world, request);
    const planning = { specs, reinstall: false, dryRun: true, skip, key, directory };
    const { plan, failed, errors } = await planInstall(world, planning);
    const resolutions = plan.steps.filter(isPlacing).map(({ resolution }) => resolution);
    resolutions.forEach(refuseLocal);
    const used = new Set(resolutions.map(({ repository }) => repository));
    const missing = failed.flatMap((item) =>
      item.action === "fail" ? [{ name: item.name, platform, error: item.error }] : [],
    );
    return {
      platform,
      machine: own,
      resolutions,
      indexes: taken.filter(({ repository }) => used.has(repository)),
      failed: missing,
      errors,
    };
  } finally {
    await there.close();
  }
}

/** What is on this machine alone would be looked for on the other one. */
function refuseLocal({ origin, requested }: Resolution): void {
  if (origin.kind === "download" || origin.location.kind === "registry") return;
  throw new PkgError("USAGE", `Cannot put "${requested}" into a bundle: it is a layout already`, {
    hint: "Copy it as it is; a bundle takes packages of repositories and of registries",
  });
}

type Taken = Gathered["indexes"][number];

async function takeIndexes(cap: Capabilities, request: GatherRequest): Promise<readonly Taken[]> {
  const enabled = cap.config.repositories.filter((repository) => repository.enabled);
  const asked = await reachable(cap.network, enabled);
  const taken = await mapConcurrently(asked, cap.config.concurrency, (repository) => takeOne(cap, request, repository));
  return taken.flatMap((one) => one ?? []);
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
