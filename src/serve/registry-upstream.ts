import { parseDuration } from "../base/duration.ts";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../base/retry.ts";
import { refuseBareUserInfo, refuseUserInfo } from "../base/user-info.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { parseRegistry } from "../oci/reference.ts";
import type { UpstreamSettings } from "../registry/upstream-options.ts";

export type UpstreamCapabilities = Pick<Capabilities, "signal" | "emit" | "now" | "network">;

/** The registry to cache. */
export interface UpstreamRequest {
  /** As typed: `ghcr.io`, `http://127.0.0.1:5000`. */
  readonly registry: string;
  /** As typed, e.g. `1m`: how long until a tag is asked for again. */
  readonly tagAge: string;
  /**
   * Whether it is asked with the credentials that this machine keeps for it: whoever may read the cache can then read
   * whatever they give access to.
   */
  readonly login: boolean;
}

/** Clients are waiting: after one more try, an older answer now is better than a newer one later. */
const RETRY: RetryPolicy = { ...DEFAULT_RETRY_POLICY, attempts: 2, capMs: 2000 };

/**
 * Opens the client for an upstream registry. Mirrors that the config names for it are ignored: one of them may be this
 * very registry.
 *
 * @throws {PkgError} REFERENCE_INVALID, USAGE, CONFIG_INVALID, OFFLINE
 */
export async function openUpstream(cap: UpstreamCapabilities, request: UpstreamRequest): Promise<UpstreamSettings> {
  const { registry, scheme } = parseUpstream(request.registry);
  const tagAgeMs = parseDuration(request.tagAge, "--tag-age") ?? Number.POSITIVE_INFINITY;
  const { client, endpoint } = (await cap.network()).openRegistry(registry, {
    task: `be a cache of "${registry}"`,
    namedBy: "person",
    withoutMirrors: true,
    anonymous: !request.login,
    retry: RETRY,
  });
  if (scheme !== null && `${scheme}:` !== endpoint.base.protocol) throw otherScheme(request.registry, scheme);
  // Without a port that is the scheme's own: `ghcr.io:443` is `ghcr.io`.
  const { origin } = new URL(`${endpoint.base.protocol}//${registry}`);
  return { client, registry, origin, tagAgeMs, onWarning: (message) => cap.emit({ kind: "warning", message }) };
}

interface ParsedUpstream {
  readonly registry: string;
  /** Null: none was typed. */
  readonly scheme: "http" | "https" | null;
}

function parseUpstream(text: string): ParsedUpstream {
  refuseUserInfo(text, "REFERENCE_INVALID");
  refuseBareUserInfo(text, "REFERENCE_INVALID");
  const [, typed, rest = ""] = /^(?:(https?):\/\/)?(.*?)\/?$/.exec(text) ?? [];
  try {
    return { registry: parseRegistry(rest), scheme: typed === "http" || typed === "https" ? typed : null };
  } catch (cause) {
    throw new PkgError("REFERENCE_INVALID", `Cannot use upstream "${text}": expected a registry such as "ghcr.io"`, {
      cause,
    });
  }
}

/** Refuses a registry as its own upstream: it would wait for its own answer. @throws {PkgError} USAGE */
export function refuseOwnAddress({ registry }: UpstreamSettings, host: string, port: number): void {
  const own = [host, "localhost", "127.0.0.1", "[::1]"].map((name) => `${name}:${port}`);
  if (!own.includes(registry)) return;
  throw new PkgError("USAGE", `Cannot use upstream "${registry}": it is this registry's own address`, {
    hint: "Choose another port with --port",
  });
}

function otherScheme(text: string, scheme: "http" | "https"): PkgError {
  return new PkgError("USAGE", `Cannot use upstream "${text}": ${scheme} is not how it is reached`, {
    hint: scheme === "http" ? "Add --plain-http" : "Add --no-plain-http",
  });
}
