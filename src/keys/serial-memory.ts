import { readdirSync } from "node:fs";
import { join } from "node:path";
import { hashHex } from "../base/hashes.ts";
import { asObject, parseJsonOrNull } from "../base/json.ts";
import { PkgError, systemCode } from "../errors.ts";
import { writeFileAtomic } from "../fs/atomic.ts";
import { privateDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import type { KeyDirectory } from "./key-files.ts";

/** An index that came from this machine, or was seen by it as the published one. */
export interface RememberedSerial {
  readonly serial: number;
  /** SHA-256 of the document, not packed: lower-case hex. */
  readonly document: string;
}

/** What a serial is remembered by: `published` or `signed`, and the index's own name or the place it is published in. */
export type SerialSubject = `${"published" | "signed"} ${string}`;

const DIRECTORY = "serials";
const FILE_MODE = 0o600;
const NAME_LENGTH = 32;
const MAX_FILE_BYTES = 16 * 1024;

/**
 * The highest serial that is remembered for any of the subjects; null when there is none. It is kept beside the keys, so that a
 * registry cannot make the publisher forget it.
 *
 * @throws {PkgError} INDEX_INVALID for a file that is damaged; PERMISSION_DENIED, FILE_SYSTEM
 */
export function recallSerial(directory: KeyDirectory, subjects: readonly SerialSubject[]): RememberedSerial | null {
  const found = subjects.map((subject) => read(fileOf(directory, subject))).filter((memory) => memory !== null);
  return found.toSorted((a, b) => b.serial - a.serial)[0] ?? null;
}

/**
 * Remembers a serial for each of the subjects, unless a higher one is remembered.
 *
 * @throws {PkgError} as recallSerial; DISK_FULL
 */
export function rememberSerial(
  directory: KeyDirectory,
  subjects: readonly SerialSubject[],
  { serial, document }: RememberedSerial,
): void {
  for (const subject of subjects) {
    const path = fileOf(directory, subject);
    if ((read(path)?.serial ?? 0) > serial) continue;
    privateDirectory(join(directory.keys, DIRECTORY));
    writeFileAtomic(path, `${JSON.stringify({ subject, serial, document })}\n`, FILE_MODE);
  }
}

function fileOf(directory: KeyDirectory, subject: SerialSubject): string {
  const name = hashHex("sha256", Buffer.from(subject)).slice(0, NAME_LENGTH);
  return join(directory.keys, DIRECTORY, `${name}.json`);
}

function read(path: string): RememberedSerial | null {
  const bytes = readBytes(path);
  if (bytes === null) return null;
  const value = bytes.length > MAX_FILE_BYTES ? null : asObject(parseJsonOrNull(bytes));
  const [serial, document] = [value?.["serial"], value?.["document"]];
  if (Number.isSafeInteger(serial) && typeof serial === "number" && typeof document === "string") {
    return { serial, document };
  }
  throw new PkgError("INDEX_INVALID", `Cannot tell which serial was published last: "${path}" is damaged`, {
    hint: "If you know the serial, remove the file and give it with --after-serial N",
  });
}

function readBytes(path: string): Buffer | null {
  try {
    return readLocalFileSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw fileSystemError(error, `read "${path}"`);
  }
}

const PUBLISHED = "published ";

/** The indexes that were published from this machine, as they were named; what cannot be read is left out. */
export function publishedIndexes({ keys }: KeyDirectory): readonly string[] {
  const root = join(keys, DIRECTORY);
  const subjects = namesIn(root).map((name) => subjectIn(join(root, name)));
  return subjects.flatMap((subject) => (subject.startsWith(PUBLISHED) ? [subject.slice(PUBLISHED.length)] : [])).sort();
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function subjectIn(path: string): string {
  try {
    const subject = asObject(parseJsonOrNull(readLocalFileSync(path, { maxBytes: MAX_FILE_BYTES })))?.["subject"];
    return typeof subject === "string" ? subject : "";
  } catch {
    return "";
  }
}
