import type { Capabilities } from "../capabilities/capabilities.ts";
import { asFailure, describeFailure, type FailedName, type WithErrors } from "../capabilities/outcome.ts";
import type { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { programLinks } from "../package/place.ts";
import type { ChangeResult } from "../profile/apply-changes.ts";
import type { Installations } from "../state/installations.ts";
import { tellGivenBack, tellTaken } from "./tell-kept.ts";

/** What `pin`, `unpin`, `link` and `unlink` did with one package, or would do. `keep`: it was so already. */
export type RecordItem =
  | {
      readonly action: "mark" | "plan" | "keep";
      readonly name: string;
      readonly version: string;
      readonly repository: string | null;
      readonly isPinned: boolean;
      /** Names of its programs in the bin directory. */
      readonly links: readonly string[];
      readonly unlinked: readonly string[];
    }
  | ({ readonly action: "fail" } & FailedName);

/** What became of all that was named. */
export interface RecordOutcome {
  readonly dryRun: boolean;
  readonly packages: readonly RecordItem[];
}

/** How records are changed. */
export interface RecordChange {
  readonly words: readonly string[];
  readonly dryRun: boolean;
  /** Whether links of other packages are taken over. */
  readonly takes: boolean;
  /** The installation that a word names, as it is to be. @throws {PkgError} */
  readonly change: (installations: Installations, word: string) => Drafted;
  /** What is to be told of a package that was changed. */
  readonly notes?: (drafted: Drafted) => readonly string[];
}

/** An installation as it is, and as it is to be recorded; the same object where it is so already. */
export interface Drafted {
  readonly now: Installation;
  readonly next: Installation;
}

type RecordCapabilities = Pick<Capabilities, "records" | "state" | "emit">;

/** Changes what is recorded of installations, and their links, as one unit; their files stay. */
export async function changeRecords(
  cap: RecordCapabilities,
  request: RecordChange,
): Promise<WithErrors<RecordOutcome>> {
  if (request.dryRun) {
    const { drafts, failed } = draftAll((await cap.records()).installations, request);
    const items = [...drafts.values()].map((drafted) => itemOf(drafted, "plan"));
    return outcomeOf(request, items, failed);
  }
  const state = await cap.state();
  return state.withLock(() => {
    const { drafts, failed } = draftAll(state.installations, request);
    const changing = [...drafts.values()].filter(({ now, next }) => now !== next);
    const marks = changing.map(({ next }) => ({ kind: "mark" as const, installation: next }));
    const results = marks.length === 0 ? [] : state.profile.apply(marks, { force: request.takes });
    const errors: Failed[] = [];
    const items = [...drafts.values()].flatMap((drafted): readonly RecordItem[] => {
      const result = results[changing.indexOf(drafted)];
      if (result?.kind === "placed")
        for (const message of request.notes?.(drafted) ?? []) cap.emit({ kind: "note", message });
      if (result?.kind !== "failed") return [settled(cap, drafted, result)];
      errors.push({ name: drafted.now.name, error: result.error });
      return [];
    });
    return outcomeOf(request, items, [...failed, ...errors]);
  });
}

interface Failed {
  readonly name: string;
  readonly error: PkgError;
}

/** What each word means to change; what two words mean of one package is changed once after the other. */
function draftAll(installations: Installations, { words, change }: RecordChange) {
  const drafts = new Map<string, Drafted>();
  const failed: Failed[] = [];
  const later: Installations = { ...installations, get: (name) => drafts.get(name)?.next ?? installations.get(name) };
  for (const word of new Set(words)) {
    try {
      const { now, next } = change(later, word);
      drafts.set(now.name, { now: drafts.get(now.name)?.now ?? now, next });
    } catch (error) {
      failed.push({ name: word, error: asFailure(error) });
    }
  }
  return { drafts, failed };
}

function settled({ emit }: RecordCapabilities, drafted: Drafted, result: ChangeResult | undefined): RecordItem {
  if (result?.kind !== "placed") return itemOf(drafted, "keep");
  tellTaken(emit, drafted.now.name, result.taken);
  tellGivenBack(emit, result.givenBack);
  return itemOf({ ...drafted, next: result.installation }, "mark");
}

function itemOf({ now, next }: Drafted, action: "mark" | "plan" | "keep"): RecordItem {
  const { name, version, repository, isPinned, unlinked } = next;
  const links = programLinks(next.links).map(({ path }) => path);
  return { action: now === next ? "keep" : action, name, version, repository, isPinned, links, unlinked };
}

function outcomeOf(
  { dryRun }: RecordChange,
  items: readonly RecordItem[],
  failed: readonly Failed[],
): WithErrors<RecordOutcome> {
  const failures = failed.map(({ name, error }) => ({
    action: "fail" as const,
    name,
    error: describeFailure(error),
  }));
  return { outcome: { dryRun, packages: [...items, ...failures] }, errors: failed.map(({ error }) => error) };
}
