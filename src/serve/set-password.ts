import { realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { byteCount } from "../base/format-bytes.ts";
import { PkgError, systemCode } from "../errors.ts";
import { writeFileAtomic } from "../fs/atomic.ts";
import { sharedDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { expectWritablePlace } from "../fs/writable.ts";
import { parseHtpasswd } from "../registry/htpasswd.ts";
import { checkUserName, editHtpasswd, type HtpasswdEdit, hashPassword } from "../registry/htpasswd-edit.ts";

/** Whose password to set, and where. */
export interface PasswordRequest {
  readonly user: string;
  /** Null: the user is removed. */
  readonly password: string | null;
  /** The htpasswd file; made when it does not exist. */
  readonly htpasswd: string;
  /** The directory that a relative path is relative to. */
  readonly directory: string;
  /** True: all is checked, and nothing is written. */
  readonly dryRun: boolean;
}

/** What was changed. */
export interface PasswordOutcome {
  readonly username: string;
  /** Absolute. */
  readonly path: string;
  readonly state: HtpasswdEdit["how"];
}

const FILE_MODE = 0o600;
const GROUP_READS = 0o040;
const GROUP_AND_OTHERS = 0o077;
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * Adds a user to a htpasswd file, changes a password, or removes a user. The file is replaced in one step, so a registry that
 * is served with it reads the old users or the new ones; a link to it stays a link.
 *
 * @returns beside the outcome, what still keeps a registry from using the file, which is the line of another user
 * @throws {PkgError} USAGE, CONFIG_INVALID; PERMISSION_DENIED for the file of another user, which would become ours; DISK_FULL,
 * FILE_SYSTEM
 */
export async function setPassword(
  request: PasswordRequest,
): Promise<{ readonly outcome: PasswordOutcome; readonly unusable: PkgError | null }> {
  const { user, password } = request;
  checkUserName(user);
  const hash = password === null ? null : await hashPassword(password);
  const file = realPath(resolve(request.directory, request.htpasswd));
  refuseForeign(file);
  // Nothing waits between reading and writing, so that two who do this at once keep each other's users.
  const { text, how } = editHtpasswd(readText(file), { user, hash }, file);
  if (request.dryRun) expectWritablePlace(dirname(file));
  else write(file, text);
  return { outcome: { username: user, path: file, state: how }, unusable: problemOf(text, file) };
}

/**
 * A file that its owner and a group alone may read, such as the group of the registry, stays theirs; any other is closed to
 * all but its owner.
 */
function write(file: string, text: string): void {
  sharedDirectory(dirname(file));
  const before = statSync(file, { throwIfNoEntry: false });
  const isOfGroup = before !== undefined && (before.mode & GROUP_AND_OTHERS) === GROUP_READS;
  if (isOfGroup) writeFileAtomic(file, text, FILE_MODE | GROUP_READS, before.gid);
  else writeFileAtomic(file, text, FILE_MODE);
}

/** What keeps a registry from using the file now; null: nothing. */
function problemOf(text: string, file: string): PkgError | null {
  try {
    parseHtpasswd(text, file);
    return null;
  } catch (error) {
    if (error instanceof PkgError) return error;
    throw error;
  }
}

/** Refuses a user name, and a file that cannot be changed, before anybody types a password. @throws {PkgError} as setPassword */
export function checkPasswordRequest({
  user,
  htpasswd,
  directory,
}: Omit<PasswordRequest, "password" | "dryRun">): void {
  checkUserName(user);
  const file = realPath(resolve(directory, htpasswd));
  refuseForeign(file);
  editHtpasswd(readText(file), { user, hash: "" }, file);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return path;
    throw fileSystemError(error, `read "${path}"`);
  }
}

/** A new file would belong to whoever runs this, and the registry could not read it any more. */
function refuseForeign(file: string): void {
  const owner = statSync(file, { throwIfNoEntry: false })?.uid;
  const own = process.geteuid?.();
  if (owner === undefined || own === undefined || owner === own) return;
  throw new PkgError(
    "PERMISSION_DENIED",
    `Cannot change "${file}": it belongs to user ${owner}, and this is user ${own}`,
    {
      hint: `Run it as its owner: sudo -u '#${owner}' pkg registry passwd …`,
    },
  );
}

function readText(file: string): string {
  try {
    const tooLarge = (bytes: number) =>
      new PkgError(
        "CONFIG_INVALID",
        `Cannot use htpasswd file "${file}": it has ${byteCount(bytes)}, more than ${MAX_FILE_BYTES}`,
      );
    return readLocalFileSync(file, { maxBytes: MAX_FILE_BYTES, tooLarge }).toString("utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "";
    throw fileSystemError(error, `read "${file}"`);
  }
}
