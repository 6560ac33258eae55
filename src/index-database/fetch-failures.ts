import { rmSync } from "node:fs";
import { join } from "node:path";
import { asObject, parseJsonOrNull } from "../base/json.ts";
import { ERROR_CODES, type ErrorCode, PkgError, systemCode } from "../errors.ts";
import { writeFileAtomic } from "../fs/atomic.ts";
import { privateDirectory } from "../fs/directories.ts";
import { readLocalFileSync } from "../fs/read-file.ts";

/** A try to fetch an index that failed. */
export interface FetchFailure {
  /** When, in ms since the epoch. */
  readonly atMs: number;
  /** The address that was asked. */
  readonly url: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * What is remembered of tries that failed, so that the next command does not wait for the same dead server again: one small
 * file beside each index. It is a convenience: where it cannot be written or read, nothing is remembered.
 */
export interface FetchFailures {
  get(repository: string): FetchFailure | null;
  note(repository: string, failure: FetchFailure): void;
  clear(repository: string): void;
}

const MAX_BYTES = 64 * 1024;
const FILE_MODE = 0o600;

/** The memory of failures in a directory of indexes. */
export function createFetchFailures(directory: string): FetchFailures {
  const path = (repository: string) => join(directory, `${repository}.failed.json`);
  return {
    get: (repository) => readFailure(path(repository)),
    note: (repository, { atMs, ...failure }) =>
      ifPossible(() => {
        privateDirectory(directory);
        const text = JSON.stringify({ at: new Date(atMs).toISOString(), ...failure });
        writeFileAtomic(path(repository), text, FILE_MODE);
      }),
    clear: (repository) => ifPossible(() => rmSync(path(repository), { force: true })),
  };
}

function readFailure(path: string): FetchFailure | null {
  const bytes = ifPossible(() => readLocalFileSync(path, { maxBytes: MAX_BYTES }));
  const { at, url, code, message } = asObject(bytes === null ? null : parseJsonOrNull(bytes)) ?? {};
  const known = Object.keys(ERROR_CODES).find((candidate): candidate is ErrorCode => candidate === code);
  if (known === undefined || typeof at !== "string" || typeof url !== "string" || typeof message !== "string")
    return null;
  return { atMs: Date.parse(at), url, code: known, message };
}

function ifPossible<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof PkgError || systemCode(error) !== undefined) return null;
    throw error;
  }
}
