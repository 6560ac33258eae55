/** Error codes of the OCI distribution-spec 1.1, "Error Codes", and the status each is answered with here. */
const STATUS_OF = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 404,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  SIZE_INVALID: 400,
  UNSUPPORTED: 405,
  UNAUTHORIZED: 401,
  DENIED: 403,
  TOOMANYREQUESTS: 429,
  UNKNOWN: 500,
} as const;

/** One of those codes. */
export type ProblemCode = keyof typeof STATUS_OF;

/** What a problem is answered with, besides its code and message. */
export interface ProblemOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A request that cannot be answered: becomes a status and the specification's error body. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? STATUS_OF[code];
    this.headers = options.headers ?? {};
  }

  /** The body of the answer: `{"errors":[{"code","message","detail"}]}`; what a client sent is never markup in it. */
  get body(): string {
    const text = JSON.stringify({ errors: [{ code: this.code, message: this.message, detail: null }] });
    return text.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  }
}
