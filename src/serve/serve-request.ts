import { parseSize } from "../base/size.ts";
import { PkgError } from "../errors.ts";
import type { Limits } from "../registry/limits.ts";
import type { TlsFiles } from "../registry/tls.ts";
import type { UpstreamRequest } from "./registry-upstream.ts";

/** How a registry is to be served. */
export interface ServeRequest {
  readonly root: string;
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  /** Further names that clients reach it by, without port. */
  readonly allowHosts: readonly string[];
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

/** The names that clients reach it by, checked. @throws {PkgError} USAGE */
export function allowedHosts({ allowHosts }: ServeRequest): readonly string[] {
  for (const name of allowHosts) {
    if (URL.canParse(`http://${name}`) && new URL(`http://${name}`).hostname === name.toLowerCase()) continue;
    throw new PkgError("USAGE", `Cannot use --allow-host "${name}": expected a host's name without scheme and port`, {
      hint: "For example --allow-host registry.example.com",
    });
  }
  return allowHosts;
}

/** The limits that a request sets. @throws {PkgError} USAGE */
export function limitsOf({ maxBody, maxRequests }: ServeRequest): Partial<Limits> {
  return { maxRequests, ...(maxBody === null ? {} : { maxBodyBytes: parseSize(maxBody, "--max-body") }) };
}
