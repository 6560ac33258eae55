import type { Capabilities } from "../capabilities/capabilities.ts";
import { planInstall } from "../install/plan-install.ts";
import { obtainPlan } from "../obtain/obtain-plan.ts";
import type { Installation } from "../package/installation.ts";
import { isPlacing } from "../plan/plan.ts";
import { sourceContext } from "../sources/source-context.ts";

/** Fetches a version that could be brought back into the store, and places nothing. @throws {PkgError} why that cannot be done */
export async function obtainVersion(cap: Capabilities, version: Installation): Promise<void> {
  const { config, emit, now, retry, signal } = cap;
  const word = version.repository === null ? version.requested : `${version.packageName}@${version.version}`;
  const { plan, errors } = await planInstall(cap, {
    specs: [word],
    reinstall: false,
    ...{ dryRun: false, skip: [], key: null, directory: "/" },
  });
  if (errors[0] !== undefined) throw errors[0];
  const { blobs, installations, generations } = await cap.state();
  const { prefix, bin, share } = config.paths;
  const making = { places: { bin, share }, isPortable: () => false };
  const place = { machine: config, searchPath: config.searchPath };
  const context = { sources: sourceContext(cap), blobs, installations, generations, place, prefix, making };
  const steps = await obtainPlan(
    { ...context, emit, now, retry, signal },
    { ...plan, steps: plan.steps.filter(isPlacing) },
    { concurrency: config.concurrency, check: () => {} },
  );
  for (const step of steps) if (step.kind === "failed") throw step.error;
}
