import type { Capabilities } from "../capabilities/capabilities.ts";
import type { WithErrors } from "../capabilities/outcome.ts";
import { findInstalled } from "../resolve/find-installed.ts";
import { changeRecords, type RecordOutcome } from "./change-records.ts";

/** What `pin`, `unpin`, `link` or `unlink` was asked for. */
export interface NamedRequest {
  /** Words that `install` takes. */
  readonly names: readonly string[];
  /** Where relative paths begin. */
  readonly directory: string;
  readonly dryRun: boolean;
}

/** Pins packages at what is installed of them, or frees them. A version that a word names has to be the one that is installed. */
export function pin(
  cap: Pick<Capabilities, "records" | "state" | "emit">,
  { names, directory, dryRun }: NamedRequest,
  isPinned: boolean,
): Promise<WithErrors<RecordOutcome>> {
  return changeRecords(cap, {
    ...{ words: names, dryRun, takes: false },
    change: (installations, word) => {
      const now = findInstalled({ installations, directory }, word);
      return { now, next: now.isPinned === isPinned ? now : { ...now, isPinned } };
    },
  });
}
