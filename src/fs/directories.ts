import { closeSync, constants, fchmodSync, fsyncSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "./errors.ts";
import { randomName } from "./random-name.ts";

const PRIVATE_MODE = 0o700;
/** The umask decides, but others never write to what this program relies on later. */
const SHARED_MODE = 0o755;
/** So few characters may be those of a directory that is there. */
const [SHORT_NAME, MAX_TRIES] = [6, 100];

/**
 * Makes a directory that only its owner may enter, for state, caches, keys and settings; missing parents as well. Each
 * new entry is durable. An existing directory keeps its mode.
 *
 * @param onEntry called with each directory that has a new entry; default: it is synced
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM (also when the path is a file)
 */
export function privateDirectory(path: string, onEntry: OnEntry = syncDirectory): void {
  makeDirectory(path, PRIVATE_MODE, onEntry);
}

/** As privateDirectory(), but the umask decides who may enter: for pulled files, layouts. @throws as there */
export function sharedDirectory(path: string): void {
  makeDirectory(path, SHARED_MODE);
}

/**
 * As sharedDirectory(), but everybody may enter, whatever the umask, as everybody may read and run the files that are placed
 * in it: a home that is closed to others is closed by its own mode. An existing directory keeps its mode.
 *
 * @param onEntry called with each directory that has a new entry; default: it is synced
 * @throws as privateDirectory
 */
export function openDirectory(path: string, onEntry: OnEntry = syncDirectory): void {
  const isNew = statSync(path, { throwIfNoEntry: false }) === undefined;
  makeDirectory(path, SHARED_MODE, onEntry);
  try {
    if (isNew) setDirectoryMode(path, SHARED_MODE);
  } catch (error) {
    throw fileSystemError(error, `open directory "${path}" to readers`);
  }
}

/** Makes one directory, which must not exist, for its owner alone. @throws the system's own errors, such as EEXIST */
export function newPrivateDirectory(path: string): void {
  mkdirSync(path, { mode: PRIVATE_MODE });
}

/** Makes one directory, which must not exist; the umask decides who may enter. @throws as newPrivateDirectory */
export function newSharedDirectory(path: string): void {
  mkdirSync(path, { mode: SHARED_MODE });
}

/** Makes a directory with a new name in `parent`, for its owner alone. @throws the system's own errors */
export function newDirectoryIn(parent: string, prefix: string): string {
  const path = join(parent, `${prefix}${randomName()}`);
  newPrivateDirectory(path);
  return path;
}

/** The same with a name that is as short as it can be: six letters and digits follow the prefix. @throws the system's own errors */
export function newShortDirectoryIn(parent: string, prefix: string): string {
  for (let tries = 1; ; tries += 1) {
    const path = join(parent, `${prefix}${randomName().slice(-SHORT_NAME)}`);
    try {
      newPrivateDirectory(path);
      return path;
    } catch (error) {
      if (systemCode(error) !== "EEXIST" || tries === MAX_TRIES) throw error;
    }
  }
}

/** Gives a directory a mode, without following a link. @throws the system's own errors */
export function setDirectoryMode(path: string, mode: number): void {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    fchmodSync(descriptor, mode);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes everything durable that was created, renamed or removed in a directory.
 *
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function syncDirectory(path: string): void {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw fileSystemError(error, `sync "${path}"`);
  }
}

type OnEntry = (directory: string) => void;

function makeDirectory(path: string, mode: number, onEntry: OnEntry = syncDirectory): void {
  try {
    makeMissing(resolve(path), mode, onEntry);
  } catch (error) {
    throw fileSystemError(error, `make directory "${path}"`);
  }
}

function leadsNowhere(path: string, cause: unknown): PkgError {
  return new PkgError("FILE_SYSTEM", `Cannot make directory "${path}": it is a link that leads nowhere`, {
    hint: "Remove the link, or make the directory that it leads to",
    cause,
  });
}

function makeMissing(path: string, mode: number, onEntry: OnEntry): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return;
  if (stats !== undefined) throw new PkgError("FILE_SYSTEM", `Cannot make directory "${path}": it is a file`);
  makeMissing(dirname(path), mode, onEntry);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may have made it since.
    if (systemCode(error) !== "EEXIST") throw error;
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw leadsNowhere(path, error);
  }
  onEntry(dirname(path));
}
