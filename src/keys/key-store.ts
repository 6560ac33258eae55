import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { linkOrCopy, removeFile, renameToNew, writeFileAtomic } from "../fs/atomic.ts";
import { privateDirectory, syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { randomName } from "../fs/random-name.ts";
import { typedOutputFile } from "../fs/typed-output.ts";
import { expectWritable } from "../fs/writable.ts";
import { type KeyDirectory, type KeyPlace, keyPlace, publicKeyAt } from "./key-files.ts";

const SECRET_MODE = 0o600;
const PUBLIC_MODE = 0o644;
/** How many characters of its name a key keeps when it is moved aside. */
const KEPT_CHARACTERS = 64;
const TAKEN_HINT = "Choose another name, or use --force: the old key is kept under another name";

/**
 * Refuses the name of a key that exists.
 *
 * @throws {PkgError} KEY_EXISTS
 */
export function refuseTaken(place: KeyPlace): void {
  const taken = [place.secretFile, place.publicFile].find(isThere);
  if (taken !== undefined) throw exists(taken, TAKEN_HINT);
}

/** A key that is to be kept, and under which name. */
export interface StoreKeyRequest {
  readonly place: KeyPlace;
  readonly secret: string | Uint8Array;
  readonly public: string;
  /** Moves a key of that name aside; without it, such a key is KEY_EXISTS. */
  readonly force: boolean;
}

/** The name under which --force keeps the key that has this name already; null: there is none. */
export function nameAside(directory: KeyDirectory, place: KeyPlace): string | null {
  return placeAside(directory, place)?.name ?? null;
}

/**
 * Writes both files of a new key. Neither ever replaces an existing file.
 *
 * @returns the new name of the key that had this name before; null when there was none
 * @throws {PkgError} KEY_EXISTS; PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM
 */
export function storeKey(directory: KeyDirectory, request: StoreKeyRequest): string | null {
  const { place, force } = request;
  if (!force) refuseTaken(place);
  privateDirectory(directory.keys);
  const files = [
    newFile(place.secretFile, request.secret, SECRET_MODE),
    newFile(place.publicFile, request.public, PUBLIC_MODE),
  ];
  try {
    // Everything that needs disk space happens before anything is moved.
    for (const { draft, content, mode } of files) writeFileAtomic(draft, content, mode);
    const movedTo = force ? moveAside(directory, place) : null;
    // The secret key first: of two processes, only one can put it in place and continue.
    for (const file of files) putInPlace(file, TAKEN_HINT);
    return movedTo;
  } finally {
    for (const { draft } of files) removeFile(draft);
    syncDirectory(directory.keys);
  }
}

/** Refuses a place for a key as saveKey() would. @throws {PkgError} USAGE, KEY_EXISTS; PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM */
export function checkNewKeyFile(path: string): void {
  if (isThere(typedOutputFile(path))) throw exists(path, "Choose another file");
  expectWritable(dirname(path));
}

/**
 * Writes a key to a new file. Nobody but its owner can read the file of a secret key.
 *
 * @throws {PkgError} KEY_EXISTS; PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM
 */
export function saveKey(path: string, content: Uint8Array, secret: boolean): void {
  const file = newFile(typedOutputFile(path), content, secret ? SECRET_MODE : PUBLIC_MODE);
  try {
    writeFileAtomic(file.draft, content, file.mode);
    putInPlace(file, "Choose another file");
    syncDirectory(dirname(path));
  } finally {
    removeFile(file.draft);
  }
}

interface NewFile {
  readonly path: string;
  /** Where it is written first: a file in the same directory. */
  readonly draft: string;
  readonly content: string | Uint8Array;
  readonly mode: number;
}

function newFile(path: string, content: string | Uint8Array, mode: number): NewFile {
  return { path, draft: join(dirname(path), `.${randomName()}.draft`), content, mode };
}

/** A rename would replace what another process has written in the meantime; a link does not. */
function putInPlace({ draft, path, mode }: NewFile, hint: string): void {
  try {
    linkOrCopy(draft, path, mode);
  } catch (error) {
    throw error instanceof PkgError && systemCode(error.cause) === "EEXIST" ? exists(path, hint) : error;
  }
}

/** Renames the key of that name to its name and its id, under which it can still sign. */
function moveAside(directory: KeyDirectory, place: KeyPlace): string | null {
  const aside = placeAside(directory, place);
  if (aside === null) return null;
  for (const [from, to, mode] of [
    [place.secretFile, aside.secretFile, SECRET_MODE],
    [place.publicFile, aside.publicFile, PUBLIC_MODE],
  ] as const) {
    if (isThere(from)) moveFile(directory, { from, to, mode });
  }
  syncDirectory(directory.keys);
  return aside.name;
}

function placeAside(directory: KeyDirectory, place: KeyPlace): KeyPlace | null {
  if (!isThere(place.secretFile) && !isThere(place.publicFile)) return null;
  return freePlace(directory, `${place.name.slice(0, KEPT_CHARACTERS)}-${publicKeyAt(place)?.keyId ?? "old"}`);
}

/** A link is moved as it is: what it leads to may be elsewhere, or on a disk that is not there now. */
function moveFile(
  { keys }: KeyDirectory,
  { from, to, mode }: { readonly from: string; readonly to: string; readonly mode: number },
): void {
  if (lstatSync(from).isSymbolicLink()) {
    renameToNew(from, to);
    return;
  }
  linkOrCopy(from, to, mode);
  syncDirectory(keys);
  removeFile(from);
}

function freePlace(directory: KeyDirectory, wanted: string): KeyPlace {
  for (let number = 1; ; number += 1) {
    const place = keyPlace(directory, number === 1 ? wanted : `${wanted}-${number}`);
    if (!isThere(place.secretFile) && !isThere(place.publicFile)) return place;
  }
}

/** True also for a dangling symlink. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw fileSystemError(error, `look for "${path}"`);
  }
}

function exists(path: string, hint: string): PkgError {
  return new PkgError("KEY_EXISTS", `Cannot write key "${path}": the file exists, and no key is overwritten`, {
    hint,
  });
}
