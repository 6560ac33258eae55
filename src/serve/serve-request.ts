import { parseSize } from "../base/size.ts";
import type { Limits } from "../registry/limits.ts";
import type { TlsFiles } from "../registry/tls.ts";
import type { UpstreamRequest } from "./registry-upstream.ts";

/** How a registry is to be served. */
export interface ServeRequest {
  readonly root: string;
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  /** The directory that relative paths are relative to. */
  readonly directory: string;
  /** Null: http. */
  readonly tls: TlsFiles | null;
  /** Null: anyone may do anything. */
  readonly access: { readonly htpasswd: string; readonly anonymousPull: boolean } | null;
  readonly readOnly: boolean;
  /** Accepts manifests that name blobs or manifests that are not in the registry. */
  readonly sparse: boolean;
  /** As typed, e.g. `10GiB`; null: no limit. */
  readonly maxBody: string | null;
  readonly maxRequests: number;
  /** Null: it is not a cache. */
  readonly upstream: UpstreamRequest | null;
  readonly accessLog: AccessLogRequest | null;
}

/** Where a line for each answer goes: to a function, or to a file. */
export type AccessLogRequest =
  | { readonly kind: "lines"; readonly print: (line: string) => void }
  | { readonly kind: "file"; readonly path: string; readonly json: boolean };

/** The limits that a request sets. @throws {PkgError} USAGE */
export function limitsOf({ maxBody, maxRequests }: ServeRequest): Partial<Limits> {
  return { maxRequests, ...(maxBody === null ? {} : { maxBodyBytes: parseSize(maxBody, "--max-body") }) };
}
