import type { Capabilities } from "../capabilities/capabilities.ts";
import { installPlan } from "../install/install.ts";
import { NO_CONSENT } from "../install/name-concerns.ts";
import { planInstall } from "../install/plan-install.ts";
import { wordFor } from "../install/reinstall-hint.ts";
import { repair } from "../install/repair.ts";
import type { Mend } from "./finding.ts";
import { makeWay } from "./make-way.ts";

/**
 * Places a package again as it is recorded: from the store, else from where it came. What somebody has put in the place of a
 * link is renamed.
 */
export function placeAgain(name: string): Mend {
  return {
    stage: "packages",
    key: `package ${name}`,
    apply: async (cap) => {
      await makeWay(cap, name);
      const done = await repair(cap, name, { force: true, indexSigned: null });
      if (done?.kind === "failed") throw done.error;
      if (done === null) await fetchAgain(cap, name);
    },
  };
}

/** Fetches a package and places it again. @throws {PkgError} why that cannot be done */
export async function fetchAgain(cap: Capabilities, name: string): Promise<void> {
  const installation = (await cap.records()).installations.get(name);
  // Another process may have removed it.
  if (installation !== null) await install(cap, wordFor(installation), true, installation.isDependency);
}

/** Installs what is not recorded, or places it again. A dependency stays one. @throws {PkgError} why that cannot be done */
export async function install(
  cap: Capabilities,
  word: string,
  reinstall: boolean,
  isDependency = false,
): Promise<void> {
  const request = { specs: [word], reinstall, dryRun: false, skip: [], key: null, directory: "/" };
  const planned = await planInstall(cap, request);
  const steps = planned.plan.steps.map((step) => ({ ...step, resolution: { ...step.resolution, isDependency: true } }));
  const plan = isDependency ? { ...planned, plan: { ...planned.plan, steps } } : planned;
  const { errors } = await installPlan(cap, plan, { force: true, dryRun: false, consent: NO_CONSENT });
  const [first] = errors;
  if (first !== undefined) throw first;
}
