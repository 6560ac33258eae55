import { isNotFound, type PkgError } from "../errors.ts";
import { failAlong, partOf } from "../plan/fail-along.ts";
import type { ChangingStep } from "../plan/plan.ts";

/** The steps of a plan that cannot be placed any more, whatever comes of them, since others have failed. */
export class DoomedSteps {
  readonly #steps: readonly ChangingStep[];
  readonly #failures = new Map<string, PkgError>();
  #along: ReadonlyMap<string, PkgError> = new Map();

  constructor(steps: readonly ChangingStep[]) {
    this.#steps = steps;
  }

  /** Why a step need not be begun; null: it has to be. */
  errorOf({ resolution: { name } }: ChangingStep): PkgError | null {
    return this.#along.get(name) ?? null;
  }

  /**
   * Takes a step that has failed. False if nothing new is to be told about it: it was doomed before, and failed like what doomed
   * it. What a repository names and does not have dooms nothing, as a newer index may name another in its place.
   */
  add({ resolution: { name, repository } }: ChangingStep, error: PkgError): boolean {
    if (isNotFound(error) && repository !== null) return true;
    const isLikeOthers = [...this.#failures.values()].some(({ code }) => code === error.code);
    if (this.#along.has(name) && isLikeOthers) return false;
    this.#failures.set(name, error);
    const parts = this.#steps.map((step) => partOf({ step }));
    this.#along = failAlong(parts, this.#failures);
    return true;
  }
}
