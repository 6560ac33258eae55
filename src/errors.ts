/**
 * What a user can meet. An impossible state is a plain `Error` and shows as a bug.
 *
 * Adding a code: add it here, choose its exit code, and describe it in `docs/errors.md`
 * (a test holds the two together).
 */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  usage: 2,
  retry: 75,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** The closed table of codes and the exit code each leads to. */
export const ERROR_CODES = {
  // What was typed.
  USAGE: EXIT_CODES.usage,
  SPEC_INVALID: EXIT_CODES.usage,
  REFERENCE_INVALID: EXIT_CODES.usage,
  CONFIG_INVALID: EXIT_CODES.usage,
  // Names.
  PACKAGE_NOT_FOUND: EXIT_CODES.failed,
  PACKAGE_AMBIGUOUS: EXIT_CODES.failed,
  PACKAGE_UNINSTALLABLE: EXIT_CODES.failed,
  VERSION_NOT_FOUND: EXIT_CODES.failed,
  PLATFORM_UNSUPPORTED: EXIT_CODES.failed,
  NOT_INSTALLED: EXIT_CODES.failed,
  REPOSITORY_UNKNOWN: EXIT_CODES.failed,
  REPOSITORY_EXISTS: EXIT_CODES.failed,
  NAME_BOUND: EXIT_CODES.failed,
  NAME_PROTECTED: EXIT_CODES.failed,
  // The metadata index.
  INDEX_MISSING: EXIT_CODES.failed,
  INDEX_INVALID: EXIT_CODES.failed,
  INDEX_TOO_LARGE: EXIT_CODES.failed,
  INDEX_EXPIRED: EXIT_CODES.failed,
  INDEX_ROLLED_BACK: EXIT_CODES.failed,
  INDEX_MISMATCH: EXIT_CODES.failed,
  CLOCK_WRONG: EXIT_CODES.failed,
  KEYS_CHANGED: EXIT_CODES.failed,
  // The network. Those worth another try exit 75.
  NETWORK_FAILED: EXIT_CODES.retry,
  NETWORK_TIMEOUT: EXIT_CODES.retry,
  SERVER_BUSY: EXIT_CODES.retry,
  SERVER_FAILED: EXIT_CODES.retry,
  BODY_TRUNCATED: EXIT_CODES.retry,
  OFFLINE: EXIT_CODES.failed,
  HTTP_NOT_FOUND: EXIT_CODES.failed,
  HTTP_UNAUTHORIZED: EXIT_CODES.failed,
  HTTP_FORBIDDEN: EXIT_CODES.failed,
  HTTP_UNEXPECTED: EXIT_CODES.failed,
  TLS_UNTRUSTED: EXIT_CODES.failed,
  ADDRESS_FORBIDDEN: EXIT_CODES.failed,
  REDIRECT_FORBIDDEN: EXIT_CODES.failed,
  BODY_TOO_LARGE: EXIT_CODES.failed,
  // The registry.
  NOT_A_REGISTRY: EXIT_CODES.failed,
  MANIFEST_INVALID: EXIT_CODES.failed,
  LAYER_MISSING: EXIT_CODES.failed,
  TITLE_INVALID: EXIT_CODES.failed,
  LAYOUT_INVALID: EXIT_CODES.failed,
  ARCHIVE_INVALID: EXIT_CODES.failed,
  CREDENTIALS_INVALID: EXIT_CODES.failed,
  // Verification.
  DIGEST_INVALID: EXIT_CODES.failed,
  DIGEST_MISMATCH: EXIT_CODES.failed,
  SIZE_MISMATCH: EXIT_CODES.failed,
  CHECKSUM_INVALID: EXIT_CODES.failed,
  CHECKSUM_MISSING: EXIT_CODES.failed,
  CHECKSUM_MISMATCH: EXIT_CODES.failed,
  KEY_INVALID: EXIT_CODES.usage,
  SIGNATURE_INVALID: EXIT_CODES.failed,
  SIGNATURE_MISSING: EXIT_CODES.failed,
  SIGNATURE_UNTRUSTED: EXIT_CODES.failed,
  PROVENANCE_MISSING: EXIT_CODES.failed,
  PROVENANCE_INVALID: EXIT_CODES.failed,
  // Publishing.
  PUBLISH_INVALID: EXIT_CODES.usage,
  VERSION_EXISTS: EXIT_CODES.failed,
  LINT_FAILED: EXIT_CODES.failed,
  KEY_MISSING: EXIT_CODES.failed,
  KEY_EXISTS: EXIT_CODES.failed,
  KEY_LOCKED: EXIT_CODES.failed,
  // This machine.
  PATH_CONFLICT: EXIT_CODES.failed,
  PERMISSION_DENIED: EXIT_CODES.failed,
  DISK_FULL: EXIT_CODES.failed,
  FILE_SYSTEM: EXIT_CODES.failed,
  DATABASE_INVALID: EXIT_CODES.failed,
  LOCKED: EXIT_CODES.retry,
  STATE_CHANGED: EXIT_CODES.retry,
  INTEGRITY: EXIT_CODES.failed,
  INTERRUPTED: EXIT_CODES.interrupted,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface PkgErrorOptions {
  /** What to type or do next; shown on a line of its own. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Milliseconds a server asked us to wait before another try. */
  readonly retryAfterMs?: number;
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

  constructor(code: ErrorCode, message: string, options: PkgErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
  }

  get exitCode(): ExitCode {
    return ERROR_CODES[this.code];
  }
}

/** True when `error` is a PkgError with one of `codes`: the only way errors are caught by kind. */
export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is PkgError {
  return error instanceof PkgError && codes.includes(error.code);
}

/** The `code` of a Node system error (`ENOENT`), or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
