import { getSystemErrorMap } from "node:util";
import type { ErrorCode } from "../errors.ts";

/** What an error from outside this program means for a person. */
export interface Words {
  readonly code: ErrorCode;
  /** What is wrong, as it follows "Cannot X: ". */
  readonly reason: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Most paths are those of what pkg keeps, but a person may have named this one. */
const ELSEWHERE = "name another place (for what pkg itself keeps: --home DIR)";
const WHOSE = `See with \`ls -la\` whose it and its directory are, or ${ELSEWHERE}`;
const NEW_DATABASE = "Move the file away; pkg makes a new one";
/** What was removed or replaced stays in the store until nothing can go back to it. */
export const FREE_SOME_SPACE = "Free some space (`pkg clean --all` removes all that is kept for `pkg undo`)";
const FREE_SPACE = `${FREE_SOME_SPACE}, then run the command again; where \`df\` shows room, \`df -i\` tells whether the files ran out`;
const FEWER_FILES = "Raise the limit with `ulimit -n 1024`, or fetch less at a time with --concurrency 1";
const FREE_MEMORY = "Free some memory, or raise the limit that this is run under, then run the command again";
const BROKEN_DISK = "The disk, or the network that it is on, failed: see `dmesg`, then run the command again";

const denied = (reason: string, hint: string): Words => ({ code: "PERMISSION_DENIED", reason, hint });
const full = (reason: string, hint: string): Words => ({ code: "DISK_FULL", reason, hint });
const failed = (reason: string, hint?: string): Words => ({
  code: "FILE_SYSTEM",
  reason,
  ...(hint === undefined ? {} : { hint }),
});

/** What the system says of a file (errno). Those that are not in here have the system's own words. */
const FILES: Readonly<Record<string, Words>> = {
  EACCES: denied("permission denied", "Check who owns the path and whether you may write there"),
  EPERM: denied(
    "operation not permitted",
    `The file is locked or another user's, or its file system cannot do this (FAT, exFAT, sshfs, some containers): \`ls -ld\` and \`findmnt -T\` tell. If so, ${ELSEWHERE}`,
  ),
  EROFS: denied("read-only file system", `Mount it for writing, or ${ELSEWHERE}`),
  ENOSPC: full("no space left on device", FREE_SPACE),
  EDQUOT: full(
    "your quota there is used up",
    "Remove files of your own there (`quota -s` shows how much it is), then run the command again",
  ),
  EFBIG: failed("file too large", "The file system takes no file of this size, or a limit forbids it: see `ulimit -f`"),
  EMFILE: failed("too many open files in this process", FEWER_FILES),
  ENFILE: failed("too many open files on this machine", "End other programs, or raise `sysctl fs.file-max`"),
  ENAMETOOLONG: failed("name too long", `Use a shorter name or path: ${ELSEWHERE}`),
  ELOOP: failed("too many symbolic links, or one where none may be", "Look at the path with `namei -l`"),
  ESTALE: failed(
    "the network file system no longer knows the file",
    "Run the command again; if that does not help, mount the file system anew",
  ),
  ENOTCONN: failed("the file system's own program has ended", "Mount the file system anew, then run the command again"),
  ENOLCK: failed("the file system has no locks", `On NFS, see that its lock service runs, or ${ELSEWHERE}`),
  EXDEV: failed("cross-device link not permitted", `Both places have to be on one file system: ${ELSEWHERE}`),
  ETXTBSY: failed(
    "text file is busy",
    "The program is running, or still being written: end it, then run the command again",
  ),
  EBUSY: failed("resource busy or locked", "Something uses it, such as a mount: `fuser -v` shows what"),
  EIO: failed("i/o error", BROKEN_DISK),
  ENOMEM: failed("not enough memory", FREE_MEMORY),
  ENOTSUP: failed("the file system does not support this", `Use another file system: ${ELSEWHERE}`),
  EOPNOTSUPP: failed("the file system does not support this", `Use another file system: ${ELSEWHERE}`),
  ENOSYS: failed("the file system does not support this", `Use another file system: ${ELSEWHERE}`),
  ENOTDIR: failed("not a directory", "A part of the path is a file: look with `namei -l`"),
  EISDIR: failed("illegal operation on a directory", "Name a file, not a directory"),
  ENOEXEC: failed("it is no program for this machine"),
};

/** What SQLite says (its result codes), by the beginning of the code. @see sqlite.org/rescode.html */
const DATABASES: Readonly<Record<string, Words>> = {
  SQLITE_NOTADB: { code: "DATABASE_INVALID", reason: "the file is not an SQLite database", hint: NEW_DATABASE },
  SQLITE_CORRUPT: { code: "DATABASE_INVALID", reason: "the file is damaged", hint: NEW_DATABASE },
  SQLITE_FORMAT: { code: "DATABASE_INVALID", reason: "the file is damaged", hint: NEW_DATABASE },
  SQLITE_FULL: full("the disk is full", FREE_SPACE),
  SQLITE_READONLY: denied("the file or its directory cannot be written", WHOSE),
  SQLITE_PERM: denied("access is denied", WHOSE),
  SQLITE_AUTH: denied("access is denied", WHOSE),
  SQLITE_CANTOPEN: failed("the file cannot be opened", WHOSE),
  SQLITE_IOERR: failed(
    "the file cannot be read or written",
    "Where `ulimit -f` shows a limit, raise it. If not, the disk, or the network that it is on, failed: see `dmesg`",
  ),
  SQLITE_NOMEM: failed("there is not enough memory", FREE_MEMORY),
  SQLITE_NOLFS: failed("the file system takes no file of this size", `Use another file system: ${ELSEWHERE}`),
  SQLITE_PROTOCOL: failed(
    "its locks do not work there, as on some network file systems",
    `Use another file system: ${ELSEWHERE}`,
  ),
  SQLITE_BUSY: { code: "LOCKED", reason: "another process keeps it locked", hint: "Run the command again" },
  SQLITE_LOCKED: { code: "LOCKED", reason: "another process keeps it locked", hint: "Run the command again" },
  SQLITE_TOOBIG: { code: "DATABASE_INVALID", reason: "a value in it is too large", hint: NEW_DATABASE },
};

/** What Node itself says when the machine, not the program, is at fault. */
const RUNTIME: Readonly<Record<string, Words>> = {
  ERR_DLOPEN_FAILED: failed(
    "a library of its own cannot be loaded",
    "If its place is mounted noexec, name a directory for it in PKG_HOME, XDG_CACHE_HOME or TMPDIR where programs may run; if not, install pkg again for this machine",
  ),
  ERR_MEMORY_ALLOCATION_FAILED: failed("there is not enough memory", FREE_MEMORY),
  ERR_STRING_TOO_LONG: failed("it is too large for the memory of this program"),
  ERR_FS_FILE_TOO_LARGE: failed("it is too large for the memory of this program"),
  ERR_BUFFER_TOO_LARGE: failed("it is too large for the memory of this program"),
  ERR_WORKER_OUT_OF_MEMORY: failed("there is not enough memory", FREE_MEMORY),
};

/** ENOSPC where there is room for bytes: each file takes one of a fixed number of inodes. */
export const NO_FILES_LEFT: Words = full(
  "the file system has no room for another file, though it may have for bytes",
  "Remove files that are not needed: `df -i` shows how many there are; then run the command again",
);

const ERRNO = /^E[A-Z0-9]+$/;
/** The system's words for an error. */
const messageOf = (code: string) => new Map(getSystemErrorMap().values()).get(code);

/** The words for an errno of a file operation; null for what is no errno. */
export function fileWords(code: string): Words | null {
  if (!ERRNO.test(code)) return null;
  return FILES[code] ?? failed(messageOf(code) ?? "the system refused it");
}

/** The words for a result code of SQLite, extended ones included; null for what is none. `SQLITE_ERROR` is a bug. */
export function databaseWords(code: string): Words | null {
  const known = Object.keys(DATABASES).find((prefix) => code === prefix || code.startsWith(`${prefix}_`));
  return known === undefined ? null : (DATABASES[known] ?? null);
}

/** The words for a code of Node's that tells of the machine; null for all others, which mean a bug. */
export function runtimeWords(code: string): Words | null {
  return RUNTIME[code] ?? null;
}

/** True for the codes of zlib and zstd, about bytes that are not what they should be. */
export function isDecompression(code: string): boolean {
  return /^(?:Z|ZSTD)_|^ERR_ZSTD|^ERR_TRAILING_JUNK/.test(code);
}
