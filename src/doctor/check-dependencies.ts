import type { Capabilities } from "../capabilities/capabilities.ts";
import { autoremove } from "../install/remove.ts";
import { bringBack } from "../install/return-to.ts";
import { needless } from "../plan/left-behind.ts";
import type { Found } from "./finding.ts";
import { fetchAgain } from "./mend-packages.ts";
import type { Patient } from "./patient.ts";

/** What is needed and not installed, and what was installed for something that is gone. */
export function checkDependencies({ records }: Patient): readonly Found[] {
  const installed = records?.installed ?? [];
  const names = new Set(installed.map(({ name }) => name));
  const missing = installed.flatMap(({ name, dependencies }) =>
    dependencies.flatMap((needed): readonly Found[] => (names.has(needed) ? [] : [lacking(name, needed)])),
  );
  const loose = needless(installed).map(
    (name): Found => ({
      code: "dependency-needless",
      subject: name,
      message: "it was installed because something needed it, and nothing does any more",
      cure: "Run `pkg autoremove`",
      mend: { stage: "leftovers", key: "needless", apply: removeNeedless },
    }),
  );
  return [...missing, ...loose];
}

async function removeNeedless(cap: Capabilities): Promise<void> {
  const { errors } = await autoremove(cap, { dryRun: false });
  if (errors[0] !== undefined) throw errors[0];
}

function lacking(name: string, needed: string): Found {
  return {
    code: "dependency-missing",
    subject: name,
    message: `it needs ${needed}, which is not installed`,
    cure: `Run \`pkg update ${name}\``,
    mend: { stage: "packages", key: `needed ${needed}`, apply: (cap) => bringNeeded(cap, name, needed) },
  };
}

/** As it was, out of the store or from where it came; else all that the package needs is had as for a new one. */
async function bringNeeded(cap: Capabilities, name: string, needed: string): Promise<void> {
  const state = await cap.state();
  const [last] = state.generations.editions(needed);
  if (last !== undefined) {
    const wanted = new Map([[needed, { ...state.generations.edition(last.id), isDependency: true }]]);
    const returning = { wanted, movable: new Set<string>(), force: false };
    const done = await bringBack(cap, state, () => returning);
    if (done?.errors.length === 0) return;
  }
  await fetchAgain(cap, name);
}
