import type { Capabilities } from "../capabilities/capabilities.ts";
import type { FailedName, WithErrors } from "../capabilities/outcome.ts";
import { environmentKey } from "./environment-key.ts";
import { environmentPlace } from "./environment-place.ts";
import { type EnvironmentRequest, planEnvironment } from "./plan-environment.ts";

/** A package that would be in an environment. */
export interface ForeseenPackage {
  readonly name: string;
  readonly version: string;
  /** Null for a direct reference. */
  readonly repository: string | null;
  readonly reference: string;
  /** Null where its index does not say. */
  readonly sizeBytes: number | null;
}

/** What `run` would make, or use. */
export interface ForeseenEnvironment {
  /** Its directory; null: it cannot be planned. */
  readonly environment: string | null;
  /** Whether it is there already. */
  readonly isReady: boolean;
  readonly packages: readonly (ForeseenPackage | FailedName)[];
}

/** Which environment words mean, without making it. @throws {PkgError} as planEnvironment */
export async function foreseeEnvironment(
  cap: Capabilities,
  request: EnvironmentRequest,
): Promise<WithErrors<ForeseenEnvironment>> {
  const { plan, errors, failed } = await planEnvironment(cap, request);
  const planned = plan.steps.map(({ resolution: { name, version, repository, origin, expected } }) => {
    return { name, version, repository, reference: origin.text, sizeBytes: expected.sizeBytes };
  });
  const named = failed.flatMap((item) => (item.action === "fail" ? [{ name: item.name, error: item.error }] : []));
  const packages = [...planned, ...named];
  if (errors.length > 0) return { outcome: { environment: null, isReady: false, packages }, errors };
  const isPoured = plan.steps.some(({ resolution }) => resolution.keg !== null);
  const { directory, there } = environmentPlace(cap.config.paths, environmentKey(plan, cap.config.host), isPoured);
  return { outcome: { environment: directory, isReady: there !== null, packages }, errors };
}
