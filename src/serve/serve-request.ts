import { PkgError } from "../errors.ts";
import type { Limits } from "../registry/limits.ts";
import type { TlsFiles } from "../registry/tls.ts";
import type { UpstreamRequest } from "./registry-upstream.ts";

/** How a registry is to be served. */
export interface ServeRequest {
  readonly root: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly host: string;
  /** What relative paths are relative to. */
  readonly directory: string;
  /** Null: http. */
  readonly tls: TlsFiles | null;
  /** Null: anyone may do anything. */
  readonly access: { readonly htpasswd: string; readonly anonymousPull: boolean } | null;
  readonly readOnly: boolean;
  /** Takes manifests that name what is not here. */
  readonly sparse: boolean;
  /** As typed, e.g. `10GiB`; null: no limit. */
  readonly maxBody: string | null;
  readonly maxRequests: number;
  /** Null: no cache of anything. */
  readonly upstream: UpstreamRequest | null;
  readonly accessLog: AccessLogRequest | null;
}

/** Where a line for each answer goes. */
export type AccessLogRequest =
  | { readonly kind: "lines"; readonly print: (line: string) => void }
  | { readonly kind: "file"; readonly path: string; readonly json: boolean };

const MAX_PORT = 65_535;

/** @throws {PkgError} USAGE */
export function checkServeRequest(request: ServeRequest): void {
  const { port, maxRequests } = request;
  if (!Number.isInteger(port) || port < 0 || port > MAX_PORT) {
    throw new PkgError("USAGE", `Cannot serve at port "${port}": expected a number from 0 to ${MAX_PORT}`);
  }
  if (!Number.isInteger(maxRequests) || maxRequests < 1) {
    throw new PkgError("USAGE", `Cannot use --max-requests ${maxRequests}: expected a number from 1`);
  }
}

/** @throws {PkgError} USAGE */
export function limitsOf({ maxBody, maxRequests }: ServeRequest): Partial<Limits> {
  return { maxRequests, ...(maxBody === null ? {} : { maxBodyBytes: parseSize(maxBody, "--max-body") }) };
}

const UNIT_BYTES: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * Bytes of `500MB`, `10GiB`, `4096`.
 *
 * @param option for messages
 * @throws {PkgError} USAGE
 */
export function parseSize(text: string, option: string): number {
  const [, digits, word = ""] = /^(\d{1,12}(?:\.\d{1,3})?) ?([kmgt]?i?b?)$/i.exec(text.trim()) ?? [];
  const unit = UNIT_BYTES[word.toLowerCase()];
  const bytes = digits === undefined || unit === undefined ? Number.NaN : Math.floor(Number(digits) * unit);
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new PkgError("USAGE", `Cannot use ${option} "${text}": expected a size such as "500MB" or "10GiB"`);
}
