import { existsSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { checksumOf } from "../base/checksum.ts";
import { isObject, parseJsonOrNull } from "../base/json.ts";
import type { Config } from "../config/config.ts";
import { PkgError } from "../errors.ts";
import { writeFileAtomic } from "../fs/atomic.ts";
import { openDirectory } from "../fs/directories.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { stampOf } from "../fs/stamp.ts";

/** What was found for words that were typed: the environment that they mean, or the program that is installed. */
export interface FoundBefore {
  /** The directory of the environment; null: what is meant is installed. */
  readonly environment: string | null;
  /** The program to run, an absolute path; null: none was asked for. */
  readonly program: string | null;
}

/** The words, and what of the configuration decides what they mean. */
export interface LookupRequest {
  readonly config: Pick<Config, "paths" | "fileText" | "repositories" | "host">;
  /** Of this program. */
  readonly version: string;
  /** All that was typed. */
  readonly typed: unknown;
}

/** Below the root of plain environments. */
const DIRECTORY = ".found";
/** It holds the text of the config. */
const MAX_LOOKUP_BYTES = 1024 * 1024;
/** How old the time of last use may be, ms: each start that writes one costs a moment. */
const USE_PRECISION_MS = 60 * 60 * 1000;

/**
 * What these words meant before, as long as neither the config nor an index nor what is installed has changed since, and it is
 * still there. It is marked as used. Reads one small file, and never fails: null means that it has to be found out.
 */
export function foundBefore(request: LookupRequest, nowMs: number): FoundBefore | null {
  const path = lookupPath(request);
  const document = parseJsonOrNull(readOrNothing(path));
  if (!isObject(document) || document["for"] !== decisiveText(request)) return null;
  if (document["stamp"] !== stampOfSources(request)) return null;
  const { environment, program } = document;
  if (environment !== null && typeof environment !== "string") return null;
  if (program !== null && typeof program !== "string") return null;
  const isThere = [environment, program].every((place) => place === null || existsSync(place));
  if (!isThere) return null;
  for (const used of [path, ...(environment === null ? [] : [environment])]) markUsed(used, nowMs);
  return { environment, program };
}

/** Remembers what words meant, where that can be written; no harm is done where it cannot. */
export function rememberFound(request: LookupRequest, found: FoundBefore): void {
  const path = lookupPath(request);
  try {
    openDirectory(join(request.config.paths.environments, DIRECTORY));
    const document = { for: decisiveText(request), stamp: stampOfSources(request), ...found };
    // The config is in it, which may be for its owner alone.
    writeFileAtomic(path, `${JSON.stringify(document)}\n`, 0o600);
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
  }
}

/** The directory of the lookups, for what cleans up. */
export function lookupDirectory({ environments }: Config["paths"]): string {
  return join(environments, DIRECTORY);
}

/** Says that something is in use, unless that was said a moment ago, or cannot be written. */
export function markUsed(path: string, nowMs: number): void {
  try {
    if (nowMs - statSync(path).mtimeMs >= USE_PRECISION_MS) utimesSync(path, nowMs / 1000, nowMs / 1000);
  } catch {
    // Whoever may only read runs it all the same.
  }
}

/** Another text may have the same name: the file says which it is for. */
function lookupPath(request: LookupRequest): string {
  const { environments } = request.config.paths;
  return join(environments, DIRECTORY, `${checksumOf(decisiveText(request))}.json`);
}

function decisiveText({ config, version, typed }: LookupRequest): string {
  const { fileText, repositories, host, paths } = config;
  return JSON.stringify([version, host, paths, fileText, repositories, typed]);
}

/** What is another text once an index was synced, or something was installed or removed. */
function stampOfSources({ config: { paths, repositories } }: LookupRequest): string {
  const indexes = repositories.map(({ name }) => join(paths.index, `${name}.db`));
  return [paths.stateDatabase, `${paths.stateDatabase}-wal`, ...indexes].map(stampAt).join(" ");
}

function stampAt(path: string): string {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined || stats.size === 0n ? "-" : stampOf(stats);
  } catch {
    return "?";
  }
}

function readOrNothing(path: string): Uint8Array {
  try {
    return readLocalFileSync(path, { maxBytes: MAX_LOOKUP_BYTES });
  } catch {
    return Buffer.alloc(0);
  }
}
