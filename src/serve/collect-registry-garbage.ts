import { resolve } from "node:path";
import { parseDuration } from "../base/duration.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { collectGarbage, type GarbageReport } from "../registry/collect-garbage.ts";
import { withRegistryLock } from "./serve-registry.ts";

export interface CollectRequest {
  readonly root: string;
  /** What a relative root is relative to. */
  readonly directory: string;
  readonly dryRun: boolean;
  /** Whether manifests that no tag leads to go too. */
  readonly untagged: boolean;
  /** As typed, e.g. `1h`: what is younger stays. */
  readonly grace: string;
}

export interface CollectOutcome extends GarbageReport {
  readonly dryRun: boolean;
}

/**
 * Removes what no manifest of a registry uses.
 *
 * @throws {PkgError} CONFIG_INVALID; LOCKED while the registry is served; LAYOUT_INVALID, FILE_SYSTEM
 */
export function collectRegistryGarbage(
  cap: Pick<Capabilities, "signal" | "now">,
  { root, directory, dryRun, untagged, grace }: CollectRequest,
): Promise<CollectOutcome> {
  const graceMs = parseDuration(grace, "--grace");
  if (graceMs === null) throw new PkgError("USAGE", 'Cannot use --grace "never": nothing would ever be removed');
  const options = { dryRun, graceMs, now: cap.now(), signal: cap.signal };
  return withRegistryLock(cap, resolve(directory, root), async (path) => {
    const report = await collectGarbage({ ...options, root: path, untagged: untagged ? "remove" : "keep" });
    return { ...report, dryRun };
  });
}
