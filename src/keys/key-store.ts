import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { randomName } from "../base/random-name.ts";
import type { Paths } from "../config/paths.ts";
import { PkgError, systemCode } from "../errors.ts";
import { linkOrCopy, makeDirectory, removeFile, syncDirectory, writeFileAtomic } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";
import { type KeyPlace, keyPlace, publicKeyAt } from "./key-files.ts";

const SECRET_MODE = 0o600;
const PUBLIC_MODE = 0o644;
const DIRECTORY_MODE = 0o700;
/** Of the name of a key that is moved aside. */
const KEPT_CHARACTERS = 64;
const TAKEN_HINT = "Choose another name, or use --force: the old key gets another name and is kept";

/**
 * Refuses a name that is taken.
 *
 * @throws {PkgError} KEY_EXISTS
 */
export function refuseTaken(place: KeyPlace): void {
  const taken = [place.secretFile, place.publicFile].find(isThere);
  if (taken !== undefined) throw exists(taken, TAKEN_HINT);
}

export interface StoreKeyRequest {
  readonly place: KeyPlace;
  readonly secret: string | Uint8Array;
  readonly public: string;
  /** Moves a key of that name aside, where otherwise it is KEY_EXISTS. */
  readonly force: boolean;
}

/**
 * Keeps both files of a new key; neither ever replaces one that is there.
 *
 * @returns the name that a key of that name has now; null where there was none
 * @throws {PkgError} KEY_EXISTS; PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM
 */
export function storeKey(paths: Paths, request: StoreKeyRequest): string | null {
  const { place, force } = request;
  if (!force) refuseTaken(place);
  makeDirectory(paths.keys, DIRECTORY_MODE);
  const files = [
    newFile(place.secretFile, request.secret, SECRET_MODE),
    newFile(place.publicFile, request.public, PUBLIC_MODE),
  ];
  try {
    // All that takes room, before anything is moved.
    for (const { draft, content, mode } of files) writeFileAtomic(draft, content, mode);
    const movedTo = force ? moveAside(paths, place) : null;
    // The secret key first: of two processes one has it, and goes on.
    for (const file of files) putInPlace(file, TAKEN_HINT);
    return movedTo;
  } finally {
    for (const { draft } of files) removeFile(draft);
    syncDirectory(paths.keys);
  }
}

/**
 * Writes a key to a file of its own, which nobody else can read where it is secret.
 *
 * @throws {PkgError} KEY_EXISTS; PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM
 */
export function saveKey(path: string, content: Uint8Array, secret: boolean): void {
  const file = newFile(path, content, secret ? SECRET_MODE : PUBLIC_MODE);
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
  /** Beside it. */
  readonly draft: string;
  readonly content: string | Uint8Array;
  readonly mode: number;
}

function newFile(path: string, content: string | Uint8Array, mode: number): NewFile {
  return { path, draft: join(dirname(path), `.${randomName()}.draft`), content, mode };
}

/** A rename would replace what another process wrote meanwhile; a link does not. */
function putInPlace({ draft, path, mode }: NewFile, hint: string): void {
  try {
    linkOrCopy(draft, path, mode);
  } catch (error) {
    throw error instanceof PkgError && systemCode(error.cause) === "EEXIST" ? exists(path, hint) : error;
  }
}

/** Gives the key of that name another one, under which it can still sign: its name and its id. */
function moveAside(paths: Paths, place: KeyPlace): string | null {
  if (!isThere(place.secretFile) && !isThere(place.publicFile)) return null;
  const aside = freePlace(paths, `${place.name.slice(0, KEPT_CHARACTERS)}-${publicKeyAt(place)?.keyId ?? "old"}`);
  for (const [from, to, mode] of [
    [place.secretFile, aside.secretFile, SECRET_MODE],
    [place.publicFile, aside.publicFile, PUBLIC_MODE],
  ] as const) {
    if (!isThere(from)) continue;
    linkOrCopy(from, to, mode);
    syncDirectory(paths.keys);
    removeFile(from);
  }
  syncDirectory(paths.keys);
  return aside.name;
}

function freePlace(paths: Paths, wanted: string): KeyPlace {
  for (let number = 1; ; number += 1) {
    const place = keyPlace(paths, number === 1 ? wanted : `${wanted}-${number}`);
    if (!isThere(place.secretFile) && !isThere(place.publicFile)) return place;
  }
}

/** Also a symlink that leads nowhere. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw fileSystemError(error, `look for "${path}"`);
  }
}

function exists(path: string, hint: string): PkgError {
  return new PkgError("KEY_EXISTS", `Cannot write key "${path}": it is there, and no key is overwritten`, { hint });
}
