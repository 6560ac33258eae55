// The errors that a user can meet. An impossible state is a plain `Error`, and is shown as a bug.
// To add a code: add it here, choose its kind, and describe it in `docs/errors.md`; a test keeps the two in step.

import { constants } from "node:os";

/** The exit codes of the program, documented in `docs/errors.md`. */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  usage: 2,
  retry: 75,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** How an error is handled, whatever its message says. */
export interface ErrorKind {
  readonly exit: ExitCode;
  /** The same request may succeed a moment later, so it is retried. */
  readonly isTransient: boolean;
  /** What has been received so far is kept, so that the next try or the next run resumes there. */
  readonly keepsPartial: boolean;
}

const KINDS = {
  usage: { exit: EXIT_CODES.usage, isTransient: false, keepsPartial: false },
  failed: { exit: EXIT_CODES.failed, isTransient: false, keepsPartial: false },
  network: { exit: EXIT_CODES.retry, isTransient: true, keepsPartial: true },
  /** Somebody else was first: the whole command is worth running again, the same request is not worth retrying. */
  contended: { exit: EXIT_CODES.retry, isTransient: false, keepsPartial: true },
  interrupted: { exit: EXIT_CODES.interrupted, isTransient: false, keepsPartial: true },
} as const satisfies Record<string, ErrorKind>;

/** The closed table of codes and the kind of each. */
export const ERROR_CODES = {
  // What was typed.
  USAGE: KINDS.usage,
  SPEC_INVALID: KINDS.usage,
  REFERENCE_INVALID: KINDS.usage,
  CONFIG_INVALID: KINDS.usage,
  // Names.
  PACKAGE_NOT_FOUND: KINDS.failed,
  PACKAGE_AMBIGUOUS: KINDS.failed,
  PACKAGE_UNINSTALLABLE: KINDS.failed,
  VERSION_NOT_FOUND: KINDS.failed,
  PLATFORM_UNSUPPORTED: KINDS.failed,
  NOT_INSTALLED: KINDS.failed,
  PROGRAM_NOT_FOUND: KINDS.failed,
  PACKAGE_NEEDED: KINDS.failed,
  PACKAGE_PINNED: KINDS.failed,
  PACKAGE_CONFLICT: KINDS.failed,
  REPOSITORY_UNKNOWN: KINDS.failed,
  REPOSITORY_EXISTS: KINDS.failed,
  REPOSITORY_DISABLED: KINDS.failed,
  PROFILE_UNKNOWN: KINDS.failed,
  PROFILE_EXISTS: KINDS.failed,
  LOCK_STALE: KINDS.failed,
  NAME_BOUND: KINDS.failed,
  NAME_PROTECTED: KINDS.failed,
  DOWNGRADE_REFUSED: KINDS.failed,
  // The metadata index.
  INDEX_MISSING: KINDS.failed,
  INDEX_INVALID: KINDS.failed,
  INDEX_TOO_LARGE: KINDS.failed,
  INDEX_EXPIRED: KINDS.failed,
  INDEX_ROLLED_BACK: KINDS.failed,
  INDEX_SHRUNK: KINDS.failed,
  INDEX_MISMATCH: KINDS.failed,
  CLOCK_WRONG: KINDS.failed,
  KEYS_CHANGED: KINDS.failed,
  // The network. Those worth another try are transient.
  NETWORK_FAILED: KINDS.network,
  NETWORK_TIMEOUT: KINDS.network,
  SERVER_BUSY: KINDS.network,
  SERVER_FAILED: KINDS.network,
  BODY_TRUNCATED: KINDS.network,
  OFFLINE: KINDS.failed,
  HTTP_NOT_FOUND: KINDS.failed,
  HTTP_UNAUTHORIZED: KINDS.failed,
  HTTP_FORBIDDEN: KINDS.failed,
  HTTP_UNEXPECTED: KINDS.failed,
  TLS_UNTRUSTED: KINDS.failed,
  ADDRESS_FORBIDDEN: KINDS.failed,
  REDIRECT_FORBIDDEN: KINDS.failed,
  BODY_TOO_LARGE: KINDS.failed,
  // The registry.
  NOT_A_REGISTRY: KINDS.failed,
  MANIFEST_INVALID: KINDS.failed,
  LAYER_MISSING: KINDS.failed,
  TITLE_INVALID: KINDS.failed,
  LAYOUT_INVALID: KINDS.failed,
  ARCHIVE_INVALID: KINDS.failed,
  CREDENTIALS_INVALID: KINDS.failed,
  // Verification.
  DIGEST_INVALID: KINDS.failed,
  DIGEST_MISMATCH: KINDS.failed,
  SIZE_MISMATCH: KINDS.failed,
  CHECKSUM_INVALID: KINDS.failed,
  CHECKSUM_MISSING: KINDS.failed,
  CHECKSUM_MISMATCH: KINDS.failed,
  KEY_INVALID: KINDS.usage,
  SIGNATURE_INVALID: KINDS.failed,
  SIGNATURE_MISSING: KINDS.failed,
  SIGNATURE_UNTRUSTED: KINDS.failed,
  FACTS_MISMATCH: KINDS.failed,
  PROVENANCE_MISSING: KINDS.failed,
  PROVENANCE_INVALID: KINDS.failed,
  // Bottles.
  RELOCATION_FAILED: KINDS.failed,
  // Publishing.
  PUBLISH_INVALID: KINDS.usage,
  VERSION_EXISTS: KINDS.failed,
  LINT_FAILED: KINDS.failed,
  KEY_MISSING: KINDS.failed,
  KEY_EXISTS: KINDS.failed,
  KEY_LOCKED: KINDS.failed,
  // This machine.
  PATH_CONFLICT: KINDS.failed,
  PERMISSION_DENIED: KINDS.failed,
  PERMISSIONS_UNSAFE: KINDS.failed,
  DISK_FULL: KINDS.failed,
  FILE_SYSTEM: KINDS.failed,
  DATABASE_INVALID: KINDS.failed,
  LOCKED: KINDS.contended,
  STATE_CHANGED: KINDS.contended,
  INTEGRITY: KINDS.failed,
  INTERRUPTED: KINDS.interrupted,
} as const satisfies Record<string, ErrorKind>;

/** One of the codes of the table: what `code` of a PkgError is. */
export type ErrorCode = keyof typeof ERROR_CODES;

export interface PkgErrorOptions {
  /** What to type or do next; shown on a line of its own. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Milliseconds a server asked us to wait before another try. */
  readonly retryAfterMs?: number;
  /** True if what was to be read does not exist; by default the code decides. Used by isNotFound(). */
  readonly isAbsence?: boolean;
}

/**
 * An error that a person can meet: "Cannot X: Y is Z", with what was expected and found.
 * Messages may hold text from outside unescaped; `report/` escapes whatever it prints.
 */
export class PkgError extends Error {
  override readonly name = "PkgError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly isAbsence: boolean;

  constructor(code: ErrorCode, message: string, options: PkgErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
    this.isAbsence = options.isAbsence ?? code === "HTTP_NOT_FOUND";
  }

  get exitCode(): ExitCode {
    return ERROR_CODES[this.code].exit;
  }
}

/** The same error in other words, such as what it is about; it keeps its code and its hint. */
export function reworded(error: PkgError, message: string): PkgError {
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return new PkgError(error.code, message, { ...hint, cause: error });
}

/** True when `error` is a PkgError with one of `codes`: the only way errors are caught by kind. */
export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is PkgError {
  return error instanceof PkgError && codes.includes(error.code);
}

/** True for an error after which the same request is worth retrying: a failure of the network or a busy server. */
export function isTransient(error: unknown): error is PkgError {
  return error instanceof PkgError && ERROR_CODES[error.code].isTransient;
}

/** True for an error after which the bytes received so far are kept for the next try. */
export function keepsPartial(error: unknown): error is PkgError {
  return error instanceof PkgError && ERROR_CODES[error.code].keepsPartial;
}

/** How what was cut off is continued. */
export const RESUME_HINT = "Run it again to continue";

/**
 * `error`, whose hint says what of a transfer the next run finds: `4.2 of 10.0 MB of c 1.0`. An error that keeps nothing, or
 * that says it already, stays as it is.
 */
export function withKept(error: unknown, kept: string | null): unknown {
  if (kept === null || !keepsPartial(error) || error.hint?.includes(RESUME_HINT) === true) return error;
  const hint = `${error.hint === undefined ? "" : `${error.hint}. `}Kept ${kept}. ${RESUME_HINT}`;
  return new PkgError(error.code, error.message, { hint, cause: error.cause });
}

/**
 * True if what was asked for does not exist: a tag, a manifest, a blob. The code is HTTP_NOT_FOUND whatever the place:
 * a registry, a layout, a tar of one, memory. It is also true if the place itself does not exist, such as a layout
 * before its first write (LAYOUT_INVALID).
 */
export function isNotFound(error: unknown): error is PkgError {
  return error instanceof PkgError && error.isAbsence;
}

/** The `code` of a Node system error (`ENOENT`), or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  if (typeof error.code !== "string") return undefined;
  return "errno" in error && NAMELESS.test(error.code) ? errnoName(error.errno) : error.code;
}

/** libuv has no name for some of the system's errors, such as ESTALE and EDQUOT; rmSync() leaves it empty. */
const NAMELESS = /^$|^UNKNOWN$|^Unknown system error/;

function errnoName(errno: unknown): string {
  const found = Object.entries(constants.errno).find(([, number]) => typeof errno === "number" && number === -errno);
  return found?.[0] ?? "EUNKNOWN";
}
