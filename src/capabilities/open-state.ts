import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { EmitEvent } from "../base/events.ts";
import { KeyedTurns } from "../base/keyed-turns.ts";
import type { RetryPolicy } from "../base/retry.ts";
import { type BlobStore, createBlobStore } from "../blobs/blob-store.ts";
import type { Paths } from "../config/paths.ts";
import { PkgError } from "../errors.ts";
import { privateDirectory } from "../fs/directories.ts";
import { randomName } from "../fs/random-name.ts";
import { indexAddress } from "../index-database/package-indexes.ts";
import type { Digest } from "../oci/digest.ts";
import type { ConfiguredOwner } from "../package/repository-owner.ts";
import { placesOf } from "../profile/places.ts";
import { createProfile } from "../profile/profile.ts";
import { namesIn } from "../profile/recover.ts";
import { type Database, openDatabase } from "../state/database.ts";
import { createGenerations } from "../state/generations.ts";
import { createInstallations } from "../state/installations.ts";
import { createJournal } from "../state/journal.ts";
import { tryLock, withLock } from "../state/lock.ts";
import { isHeld } from "../state/lock-holder.ts";
import { neededElsewhere } from "../state/other-profiles.ts";
import { isCopyRead, openPicture } from "../state/picture.ts";
import { readableCopies } from "../state/readable-copies.ts";
import { createRepositoryOwners } from "../state/repository-owners.ts";
import { keepReserve, releaseReserve } from "../state/reserve.ts";
import { type StoreUse, useStore } from "../state/store-use.ts";
import type { Records, State, StateUse } from "./capabilities.ts";
import { profilesBeside } from "./profiles-beside.ts";
import { tellClosed } from "./tell-closed.ts";
import { tellLost } from "./tell-lost.ts";

export interface StateOptions {
  readonly paths: Paths;
  /** The repositories of the config. */
  readonly repositories: readonly ConfiguredOwner[];
  readonly emit: EmitEvent;
  readonly signal: AbortSignal;
  readonly commandLine: string;
  /** The whole of what was typed, without secrets, as generations record it. */
  readonly command: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly retry: RetryPolicy;
  /** Whether a copy of the state is kept that all users may read; default: false. */
  readonly isSystem?: boolean;
}

/**
 * Opens the records of what is installed to change them, and first finishes or undoes what a killed process left half done.
 *
 * @throws {PkgError} those of openDatabase()
 */
export async function openInstallationState(
  options: StateOptions,
  { freesRoom }: StateUse = { freesRoom: false },
): Promise<{ readonly state: State; close(): void }> {
  const { paths, emit, signal } = options;
  privateDirectory(dirname(paths.stateDatabase));
  const publish = options.isSystem === true ? readableCopies(databasesOf(paths)) : () => {};
  if (freesRoom) releaseReserve(paths.stateDatabase);
  const database = openDatabase(paths.stateDatabase, {
    onDirectoryClosed: tellClosed(emit),
    shared: paths.sharedDatabase,
  });
  // Before anything is fetched, which might leave no room for it.
  if (!freesRoom) keepReserve(paths.stateDatabase);
  const use = existsSync(paths.namedProfiles) ? useStore(`${paths.blobs}.lock`) : null;
  const { journal, installations, generations, blobs, profile } = roomsOver(database, { ...options, use });
  const lock = { path: paths.lockDatabase, command: options.commandLine, pid: process.pid, signal };
  const onWait = (holder: string) => emit({ kind: "waiting-for-lock", holder });
  const recover = async () => {
    for (const { name, outcome, unfinished } of await profile.recover(signal)) {
      const but = unfinished === undefined ? "" : `, but what it replaced is still there: ${unfinished.message}`;
      emit({ kind: "note", message: `An interrupted change of ${name} was ${outcome}${but}` });
    }
  };
  // An open intent may belong to a process that is still running, which holds the lock and will finish it.
  if (journal.open().length > 0) await tryLock(lock, recover).catch(told(emit));
  tellLostUnlessBusy({ journal, installations, profile }, options);
  // Several packages of one command must not wait for the lock that another of them holds.
  const turns = new KeyedTurns();
  const state: State = {
    installations,
    generations,
    profile,
    blobs,
    forget: journal.forget,
    withLock: (work) =>
      turns.run(lock.path, () =>
        withLock({ ...lock, onWait }, async () => {
          // Whoever removed the profile held the lock.
          if (!existsSync(paths.stateDatabase)) throw removedMeanwhile(paths.stateDatabase);
          if (journal.open().length > 0) await recover();
          return work();
        }),
      ),
  };
  const close = () => {
    database.close();
    use?.close();
    if (!existsSync(paths.stateDatabase)) return;
    keepReserve(paths.stateDatabase);
    publish();
  };
  return { state, close };
}

function databasesOf({ stateDatabase, sharedDatabase }: Paths): readonly string[] {
  return [stateDatabase, sharedDatabase];
}

function removedMeanwhile(stateDatabase: string): PkgError {
  return new PkgError(
    "STATE_CHANGED",
    `Cannot change the profile in "${dirname(stateDatabase)}": it has been removed`,
    {
      hint: "Run `pkg profile list` to see which ones there are",
    },
  );
}

/**
 * Reads the records of what is installed, and writes nothing. A change that was interrupted is told of; the next command
 * that changes something finishes or undoes it.
 *
 * @throws {PkgError} those of openPicture()
 */
export function readInstallationRecords(options: StateOptions): { readonly records: Records; close(): void } {
  const { paths, emit } = options;
  const database = openPicture(paths.stateDatabase, paths.sharedDatabase);
  const { journal, installations, generations, profile } = roomsOver(database, options);
  const names = journal.open().flatMap(({ intent }) => namesIn(intent));
  if (names.length > 0 && !isHeld(paths.lockDatabase)) emit({ kind: "note", message: interrupted(names) });
  tellLostUnlessBusy({ journal, installations, profile }, options);
  return { records: { installations, generations, forget: journal.forget, profile }, close: () => database.close() };
}

function interrupted(names: readonly string[]): string {
  return `A change of ${[...new Set(names)].join(", ")} was interrupted; the next command that changes something finishes or undoes it`;
}

/** While a change is being made, what it has placed is not recorded yet. */
function tellLostUnlessBusy(
  { journal, ...rooms }: Pick<ReturnType<typeof roomsOver>, "journal" | "installations" | "profile">,
  { paths, emit }: StateOptions,
): void {
  // Who reads a copy cannot see that a change is being made.
  if (journal.open().length > 0 || isHeld(paths.lockDatabase) || isCopyRead(paths.stateDatabase)) return;
  tellLost(rooms, { database: paths.stateDatabase, emit });
}

/** What opening the rooms takes; absent: nobody typed a command. */
export type RoomOptions = Omit<StateOptions, "signal" | "commandLine" | "command" | "now"> &
  Partial<Pick<StateOptions, "command" | "now">> & {
    /** Where several profiles use the store; null: this one alone does. */
    readonly use?: StoreUse | null;
  };

/** What works on the records of a database, be it the one on disk or a picture of it. */
export function roomsOver(database: Database, options: RoomOptions) {
  const { paths, emit, repositories, command = "", now = Date.now } = options;
  const elsewhere = () => neededElsewhere(profilesBeside(paths));
  const journal = createJournal(database, elsewhere);
  createRepositoryOwners(database).settle(repositories, (name) => indexAddress(paths.index, name));
  const installations = createInstallations(database, repositories, elsewhere);
  const generations = createGenerations(database, repositories);
  let run: string | null = null;
  const store = createBlobStore({
    root: paths.blobs,
    retry: options.retry,
    random: Math.random,
    onRetry: (error, waitMs) => emit({ kind: "retrying", what: "the download", waitMs, reason: error.message }),
  });
  const blobs = options.use == null ? store : sparing(store, options.use, elsewhere);
  const profile = createProfile({
    ...placesOf(paths),
    journal,
    installations,
    blobs,
    origin: () => {
      run ??= randomName();
      return { command, run, at: new Date(now()).toISOString() };
    },
  });
  return { journal, installations, generations, blobs, profile };
}

/** While others use the store, what nothing refers to stays until it is swept. */
function sparing(store: BlobStore, use: StoreUse, elsewhere: () => ReadonlySet<Digest>): BlobStore {
  return {
    ...store,
    alone: use.alone,
    remove: (digest) => {
      use.alone(() => {
        // Asked again: another profile may have placed it since.
        if (!elsewhere().has(digest)) store.remove(digest);
      });
    },
    sweep: (keep, nowMs) => {
      let freed = 0;
      use.alone(() => {
        freed = store.sweep(keep.union(elsewhere()), nowMs);
      });
      return freed;
    },
  };
}

/** A change that cannot be recovered now must not keep commands from working; the next one that writes tries again. */
function told(emit: EmitEvent): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof PkgError) || error.code === "INTERRUPTED") throw error;
    emit({ kind: "warning", message: `An interrupted change is not undone yet: ${error.message}` });
  };
}
