import { renameSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { openScratchState, type ScratchState } from "../capabilities/scratch-state.ts";
import type { Config } from "../config/config.ts";
import { type PkgError, systemCode } from "../errors.ts";
import { removeTree, writeFileAtomic } from "../fs/atomic.ts";
import { newPrivateDirectory, openDirectory, setDirectoryMode, syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { carryOut } from "../install/install.ts";
import type { InstallPlan } from "../install/install-outcome.ts";
import { type Consent, concernsOf, ownName, refuseWithoutConsent } from "../install/name-concerns.ts";
import type { Installation } from "../package/installation.ts";
import { programLinks } from "../package/place.ts";
import { PREFIX_MARK } from "../profile/prefix-owner.ts";
import { inWordsOf } from "../resolve/in-words-of.ts";
import { type Environment, type EnvironmentPackage, RECORD_NAME, readEnvironment, recordText } from "./environment.ts";
import { environmentKey } from "./environment-key.ts";
import { environmentPlace, isWhole, pathsWithin, stagingPath } from "./environment-place.ts";

/** Everybody may read and run what is in an environment, as what is in packages. */
const OPEN_MODE = 0o755;

/** An environment, or why there is none. */
export type Made =
  | { readonly kind: "made"; readonly environment: Environment }
  | { readonly kind: "failed"; readonly errors: readonly PkgError[] };

/**
 * Makes the environment of a plan, unless it is there: verified as by `install`, put together beside its place, and renamed to it.
 * Of two processes that make the same one, the second takes what the first has made.
 *
 * @throws {PkgError} INTERRUPTED; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM where nothing can be made
 */
export async function makeEnvironment(cap: Capabilities, planned: InstallPlan, consent: Consent): Promise<Made> {
  const { errors, plan } = planned;
  if (errors.length > 0) return { kind: "failed", errors };
  const key = environmentKey(plan, cap.config.host);
  const isPoured = plan.steps.some(({ resolution }) => resolution.keg !== null);
  const { directory, there } = environmentPlace(cap.config.paths, key, isPoured);
  if (there !== null && isWhole(there)) {
    refuseUnallowed(cap.config, { planned, there, consent });
    return { kind: "made", environment: there };
  }
  const staging = stagingPath(directory);
  openDirectory(dirname(directory));
  try {
    newStaging(staging);
    const placed = await fill(cap, planned, { consent, directory, staging });
    if (placed.errors.length > 0) return { kind: "failed", errors: placed.errors };
    const record = { key, createdAt: new Date(cap.now()).toISOString(), packages: placed.packages };
    writeFileAtomic(join(staging, RECORD_NAME), recordText(record), 0o644);
    if (there !== null) moveAway(directory);
    return { kind: "made", environment: publish(staging, { directory, ...record }) };
  } finally {
    removeTree(staging);
  }
}

interface Reused {
  readonly planned: InstallPlan;
  readonly there: Environment;
  readonly consent: Consent;
}

/** Whoever made it may have agreed to names, or have asked for no more than to run one program. @throws {PkgError} NAME_PROTECTED */
function refuseUnallowed(config: Config, { planned, there, consent }: Reused): void {
  const names = { ...config, paths: pathsWithin(config.paths, there.directory), environmentOf: config.paths };
  for (const { resolution } of planned.plan.steps) {
    const { name } = resolution;
    const links = there.packages.find((item) => item.name === name)?.programs ?? [];
    const concerns = concernsOf(names, links, { own: null, formula: ownName(names, resolution) });
    if (concerns.length > 0) refuseWithoutConsent({ kind: "names", name, concerns }, consent);
  }
}

function newStaging(staging: string): void {
  try {
    newPrivateDirectory(staging);
    setDirectoryMode(staging, OPEN_MODE);
  } catch (error) {
    throw fileSystemError(error, `make directory "${staging}"`);
  }
}

interface Filling {
  readonly consent: Consent;
  readonly directory: string;
  readonly staging: string;
}

/** Places the plan's packages in the staging directory; what is poured names the directory that this will be. */
async function fill(cap: Capabilities, planned: InstallPlan, { consent, directory, staging }: Filling) {
  const { config, emit, retry } = cap;
  const paths = pathsWithin(config.paths, staging);
  // What was fetched for the profile is taken from the store.
  const { generations } = await cap.records();
  const scratch = openScratchState({ ...config, emit, retry: retry.policy }, paths);
  const words = inWordsOf("use");
  const own: Capabilities = {
    ...cap,
    emit: (event) => emit(event.kind === "task-failed" ? { ...event, error: words.error(event.error) } : event),
    // What a desktop entry names would not be there once this has its own name.
    config: {
      ...config,
      share: { ...config.share, desktop: false },
      paths: { ...paths, prefix: pathsWithin(paths, directory).prefix },
      environmentOf: config.paths,
    },
    state: async () => ({ ...scratch.state, generations }),
    records: async () => ({ ...scratch.state, generations }),
  };
  try {
    // A newer index would make another environment.
    const { errors } = await carryOut(own, { ...planned, renew: null }, { force: false, dryRun: false, consent });
    const placed = scratch.state.installations.list();
    removeTree(join(paths.prefix, PREFIX_MARK));
    return { errors: errors.map(words.error), packages: placed.map(describe) };
  } finally {
    await discardUnwanted(cap, scratch);
    scratch.close();
  }
}

/** What the environment does not need goes from the store, and so do the files of bottles, which are made for it alone. */
async function discardUnwanted(cap: Capabilities, { state, unwanted, discard }: ScratchState): Promise<void> {
  const poured = state.installations.list().flatMap(({ keg, files }) => (keg === null ? [] : files));
  const gone = [...unwanted, ...poured.map(({ digest }) => digest)];
  if (gone.length === 0) return;
  const { installations } = await cap.records();
  const kept = new Set(installations.referencedDigests());
  for (const digest of gone) if (!kept.has(digest)) discard(digest);
}

function describe(item: Installation): EnvironmentPackage {
  const { name, version, repository, reference, manifestDigest, programDigest, sizeBytes, isDependency, links } = item;
  const programs = programLinks(links).map(({ path }) => path);
  const digest = manifestDigest ?? programDigest;
  return { name, version, repository, reference, digest, sizeBytes, isDependency, programs };
}

/** What is damaged makes room; a program that runs keeps its files until it ends. */
function moveAway(directory: string): void {
  const away = stagingPath(directory);
  try {
    renameSync(directory, away);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw fileSystemError(error, `move "${directory}" away`);
    return;
  }
  removeTree(away);
}

function publish(staging: string, made: Environment): Environment {
  const { directory } = made;
  try {
    syncDirectory(staging);
    renameSync(staging, directory);
    syncDirectory(dirname(directory));
    return made;
  } catch (error) {
    // Another process was first, and has made the same.
    const theirs = ["EEXIST", "ENOTEMPTY"].includes(systemCode(error) ?? "") ? readEnvironment(directory) : null;
    if (theirs?.key === made.key) return theirs;
    throw fileSystemError(error, `rename to "${directory}"`);
  }
}
