import type { Capabilities } from "../capabilities/capabilities.ts";
import { openScratchState } from "../capabilities/scratch-state.ts";
import { PkgError } from "../errors.ts";
import type { InstallPlan } from "../install/install-outcome.ts";
import { planDeclared } from "../install/plan-declared.ts";
import { planInstall } from "../install/plan-install.ts";
import { planLocked } from "../install/plan-locked.ts";
import type { ImageWish } from "../package/image.ts";
import type { Waiver } from "../package/policy.ts";
import { syncNamed } from "../repositories/sync.ts";
import { inWordsOf } from "../resolve/in-words-of.ts";
import type { ChoosePackage } from "../resolve/settle-ambiguous.ts";
import { planningPaths } from "./environment-place.ts";
import type { Project } from "./project.ts";

/** What an environment is asked for. */
export interface EnvironmentRequest {
  /** Words that `install` takes; none for a project. */
  readonly specs: readonly string[];
  /** The project whose packages are wanted; absent or null: those that are named. */
  readonly project?: Project | null;
  readonly skip: readonly Waiver[];
  /** The public key of the publisher of references; null: none was given. */
  readonly key: string | null;
  /** What is wanted of an image; absent: nothing was said. */
  readonly image?: ImageWish;
  /** Where relative paths begin. */
  readonly directory: string;
  /** Whether the indexes are asked for anew first. */
  readonly isRefreshed: boolean;
  readonly choose?: ChoosePackage;
}

/**
 * Plans an environment: what `install` would plan where nothing is installed. Nothing is fetched but what says what there is.
 *
 * @throws {PkgError} as planInstall
 */
export async function planEnvironment(cap: Capabilities, request: EnvironmentRequest): Promise<InstallPlan> {
  const { config, emit, retry } = cap;
  if (request.isRefreshed) await refresh(cap);
  const paths = planningPaths(config.paths);
  const { state, close } = openScratchState({ ...config, emit, retry: retry.policy }, paths);
  const own: Capabilities = {
    ...cap,
    config: { ...config, paths, environmentOf: config.paths },
    state: async () => state,
    records: async () => state,
  };
  try {
    const plan = await planWanted(own, request);
    return ofUse({ ...plan, errors: plan.errors.map(asForInstall(request.specs)) });
  } finally {
    close();
  }
}

async function planWanted(own: Capabilities, request: EnvironmentRequest): Promise<InstallPlan> {
  const { project = null, skip, choose = async () => null } = request;
  if (project === null) return await planInstall(own, { ...request, reinstall: false, dryRun: false });
  const { file, directory, isLocked, texts } = project;
  const declared = { file, directory, texts, prune: false, dryRun: false, skip };
  const { plan } = isLocked ? await planLocked(own, declared) : await planDeclared(own, { ...declared, choose });
  return plan;
}

/** An index that cannot be had is told of, and matters only if there is no other. */
async function refresh(cap: Capabilities): Promise<void> {
  if (!cap.config.repositories.some(({ enabled }) => enabled)) return;
  const { outcome, errors } = await syncNamed(cap, [], { force: false, allowStale: false });
  const [first] = errors;
  if (first !== undefined && outcome.repositories.every(({ state }) => state === "failed")) throw first;
}

/** What an environment is for is not installed. */
function ofUse(plan: InstallPlan): InstallPlan {
  const words = inWordsOf("use");
  const failed = plan.failed.map((item) =>
    item.action === "fail" ? { ...item, error: { ...item.error, message: words.message(item.error.message) } } : item,
  );
  return { ...plan, failed, errors: plan.errors.map(words.error) };
}

/** The directory of an environment is longer than a prefix can be, and no setting makes it shorter. */
function asForInstall(specs: readonly string[]): (error: PkgError) => PkgError {
  const hint = `Install it, as with \`${specs.length === 0 ? "pkg apply" : `pkg install ${specs.join(" ")}`}\`, into a prefix that is short enough, then run it`;
  return (error) =>
    error.code === "RELOCATION_FAILED" ? new PkgError(error.code, error.message, { hint, cause: error }) : error;
}
