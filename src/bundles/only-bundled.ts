import { listSome } from "../base/lists.ts";
import type { BundleTable } from "../bundle-format/table.ts";
import { describeFailure } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import type { InstalledItem, InstallPlan } from "../install/install-outcome.ts";
import { failAlong, partOf } from "../plan/fail-along.ts";
import { isChanging, isPlacing, type PlacingStep } from "../plan/plan.ts";

interface BundleContents {
  readonly table: BundleTable;
  /** As it is shown. */
  readonly name: string;
  readonly host: string;
}

/**
 * The same plan, without what the bundle does not have, and what needs that: an index lists all packages of its repository, and a
 * bundle has few of them.
 */
export function onlyBundled(planned: InstallPlan, contents: BundleContents): InstallPlan {
  const { plan, errors, failed } = planned;
  const missing = new Map(plan.steps.filter(isPlacing).flatMap((step) => failureOf(step, contents)));
  if (missing.size === 0) return planned;
  const along = failAlong(
    plan.steps.filter(isChanging).map((step) => partOf({ step })),
    missing,
  );
  const all = new Map([...missing, ...along]);
  const items = [...missing].map(
    ([name, error]): InstalledItem => ({ action: "fail", name, error: describeFailure(error) }),
  );
  return {
    ...planned,
    plan: { ...plan, steps: plan.steps.filter(({ resolution }) => !all.has(resolution.name)) },
    errors: [...errors, ...missing.values()],
    failed: [...failed, ...items],
  };
}

function failureOf(
  { resolution: { name, version, origin } }: PlacingStep,
  { table, name: bundle, host }: BundleContents,
): readonly (readonly [string, PkgError])[] {
  const here = table.packages.filter(({ platform }) => platform === host);
  if (here.some((item) => item.reference === origin.text || (item.name === name && item.version === version)))
    return [];
  const same = here.filter((item) => item.name === name).map((item) => item.version);
  const names = [...new Set(here.filter(({ isDependency }) => !isDependency).map((item) => item.name))];
  const found =
    same.length > 0 ? `it has ${listSome(same, 4)}` : `it has ${names.length === 0 ? "nothing" : listSome(names, 8)}`;
  const code = same.length > 0 ? "VERSION_NOT_FOUND" : "PACKAGE_NOT_FOUND";
  const error = new PkgError(code, `Cannot install "${name}" ${version} from "${bundle}": ${found}`, {
    hint: `Make a bundle that has it where there is a network: \`pkg bundle create ${name}@${version} -o FILE\``,
  });
  return [[name, error]];
}
