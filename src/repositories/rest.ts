/** Several repositories that are asked side by side, of which some may turn out not to be needed. */
export interface Rest {
  /** Aborted when the rest is not waited for any longer. */
  readonly unwanted: AbortSignal;
  /** Must be called when a repository has answered or failed. */
  readonly ended: (name: string) => void;
  /** True for one that had not ended when the rest was given up. */
  isGivenUp(name: string): boolean;
  /** Must be called in the end. */
  end(): void;
}

/** Which repositories are asked, and when the others are enough. */
export interface RestOptions {
  /** Those that are asked. */
  readonly asked: readonly string[];
  /** Those that need not be waited for. */
  readonly settled: readonly string[];
  /** Whether all that is wanted is known from those that are settled. */
  readonly isEnough: (settled: ReadonlySet<string>) => boolean;
  /** How long the rest is still waited for then, ms. */
  readonly restMs: number;
}

/** Gives up the rest of several repositories a little after the others were enough. */
export function createRest({ asked, settled: before, isEnough, restMs }: RestOptions): Rest {
  const controller = new AbortController();
  const settled = new Set(before);
  let atEnd: ReadonlySet<string> | null = null;
  let timer: NodeJS.Timeout | undefined;
  const giveUp = () => {
    atEnd = new Set(settled);
    controller.abort();
  };
  const look = () => {
    const isOver = asked.every((name) => settled.has(name));
    if (timer === undefined && !isOver && isEnough(settled)) timer = setTimeout(giveUp, restMs);
  };
  look();
  return {
    unwanted: controller.signal,
    ended: (name) => {
      settled.add(name);
      look();
    },
    isGivenUp: (name) => atEnd !== null && !atEnd.has(name),
    end: () => clearTimeout(timer),
  };
}
