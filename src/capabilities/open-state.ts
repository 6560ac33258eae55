import { dirname } from "node:path";
import type { EmitEvent } from "../base/events.ts";
import { KeyedTurns } from "../base/keyed-turns.ts";
import type { RetryPolicy } from "../base/retry.ts";
import { createBlobStore } from "../blobs/blob-store.ts";
import type { Paths } from "../config/paths.ts";
import { PkgError } from "../errors.ts";
import { privateDirectory } from "../fs/directories.ts";
import type { ConfiguredOwner } from "../package/repository-owner.ts";
import { createProfile } from "../profile/profile.ts";
import { openDatabase } from "../state/database.ts";
import { createInstallations } from "../state/installations.ts";
import { createJournal } from "../state/journal.ts";
import { tryLock, withLock } from "../state/lock.ts";
import { indexAddress } from "../state/package-indexes.ts";
import { createRepositoryOwners } from "../state/repository-owners.ts";
import type { State } from "./capabilities.ts";
import { tellClosed } from "./tell-closed.ts";

export interface StateOptions {
  readonly paths: Paths;
  /** The repositories of the config. */
  readonly repositories: readonly ConfiguredOwner[];
  readonly emit: EmitEvent;
  readonly signal: AbortSignal;
  readonly commandLine: string;
  readonly retry: RetryPolicy;
}

/** Opens the records of what is installed, and first finishes or undoes what a killed process left half done. */
export async function openInstallationState(options: StateOptions): Promise<{ readonly state: State; close(): void }> {
  const { paths, emit, signal } = options;
  privateDirectory(dirname(paths.stateDatabase));
  const database = openDatabase(paths.stateDatabase, { onDirectoryClosed: tellClosed(emit) });
  const journal = createJournal(database);
  createRepositoryOwners(database).settle(options.repositories, (name) => indexAddress(paths.index, name));
  const installations = createInstallations(database, options.repositories);
  const blobs = createBlobStore({
    root: paths.blobs,
    retry: options.retry,
    random: Math.random,
    onRetry: (error, waitMs) => emit({ kind: "retrying", what: "the download", waitMs, reason: error.message }),
  });
  const profile = createProfile({
    packagesDirectory: paths.packages,
    binDirectory: paths.bin,
    journal,
    installations,
    blobs,
  });
  const lock = { path: paths.lockDatabase, command: options.commandLine, pid: process.pid, signal };
  const onWait = (holder: string) => emit({ kind: "waiting-for-lock", holder });
  const recover = async () => {
    for (const { name, outcome } of await profile.recover(signal)) {
      emit({ kind: "note", message: `An interrupted change of ${name} was ${outcome}` });
    }
  };
  // An open intent may belong to a process that is still running, which holds the lock and will finish it.
  if (journal.open().length > 0) await tryLock(lock, recover).catch(told(emit));
  // Several packages of one command must not wait for the lock that another of them holds.
  const turns = new KeyedTurns();
  const state: State = {
    installations,
    profile,
    blobs,
    withLock: (work) =>
      turns.run(lock.path, () =>
        withLock({ ...lock, onWait }, async () => {
          if (journal.open().length > 0) await recover();
          return work();
        }),
      ),
  };
  return { state, close: () => database.close() };
}

/** A change that cannot be recovered now must not keep commands from reading; any command that writes tries again. */
function told(emit: EmitEvent): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof PkgError) || error.code === "INTERRUPTED") throw error;
    emit({ kind: "warning", message: `An interrupted change is not undone yet: ${error.message}` });
  };
}
