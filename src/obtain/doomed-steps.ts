import { isNotFound, type PkgError } from "../errors.ts";
import { failAlong, partOf } from "../plan/fail-along.ts";
import type { ChangingStep } from "../plan/plan.ts";

export interface DoomOptions {
  /** Where all steps are carried out or none: why one is not, as another has failed. Absent: only what is connected with it is not. */
  readonly leftAlone?: ((name: string, cause: PkgError) => PkgError) | undefined;
  /** Called with the names of steps that were under way and are stopped, since another has failed. */
  readonly onStopped: (names: readonly string[], cause: ChangingStep) => void;
}

/** The steps of a plan that cannot be placed any more, whatever comes of them, since others have failed. */
export class DoomedSteps {
  readonly #steps: readonly ChangingStep[];
  readonly #options: DoomOptions;
  readonly #failures = new Map<string, PkgError>();
  readonly #underWay = new Map<string, AbortController>();
  #along: ReadonlyMap<string, PkgError> = new Map();

  constructor(steps: readonly ChangingStep[], options: DoomOptions) {
    this.#steps = steps;
    this.#options = options;
  }

  /** Why a step need not be begun; null: it has to be. */
  errorOf({ resolution: { name } }: ChangingStep): PkgError | null {
    return this.#along.get(name) ?? null;
  }

  /** Does a step's work, whose signal is aborted once the step is doomed. */
  async stoppable<T>({ resolution: { name } }: ChangingStep, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#underWay.set(name, controller);
    try {
      return await work(controller.signal);
    } finally {
      this.#underWay.delete(name);
    }
  }

  /**
   * Takes a step that has failed. False if nothing new is to be told about it: it was doomed before, and failed like what doomed
   * it. What a repository names and does not have dooms nothing, as a newer index may name another in its place.
   */
  add(step: ChangingStep, error: PkgError): boolean {
    const { name, repository } = step.resolution;
    if (isNotFound(error) && repository !== null) return true;
    const isLikeOthers = [...this.#failures.values()].some(({ code }) => code === error.code);
    if (this.#along.has(name) && isLikeOthers) return false;
    this.#failures.set(name, error);
    this.#along = this.#doomedBy(error);
    this.#stop(step);
    return true;
  }

  #doomedBy(error: PkgError): ReadonlyMap<string, PkgError> {
    const parts = this.#steps.map((step) => partOf({ step }));
    const along = failAlong(parts, this.#failures);
    const { leftAlone } = this.#options;
    if (leftAlone === undefined) return along;
    const names = parts.map(({ name }) => name).filter((name) => !this.#failures.has(name));
    return new Map(names.map((name) => [name, along.get(name) ?? leftAlone(name, error)]));
  }

  #stop(cause: ChangingStep): void {
    const stopped = [...this.#underWay].filter(
      ([name, { signal }]) => name !== cause.resolution.name && this.#along.has(name) && !signal.aborted,
    );
    for (const [, controller] of stopped) controller.abort();
    const names = stopped.map(([name]) => name);
    if (names.length > 0) this.#options.onStopped(names, cause);
  }
}
