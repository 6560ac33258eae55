import { foreignError } from "../base/foreign-error.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { asFailure, describeFailure, type Failure } from "../capabilities/outcome.ts";
import { examine } from "./examine.ts";
import { type FindingCode, type FindingGroup, type Found, groupOf, type Mend, STAGES } from "./finding.ts";
import type { DoctorContext } from "./patient.ts";

/** Something that is, or was, wrong. */
export interface Finding {
  readonly code: FindingCode;
  readonly group: FindingGroup;
  /** `left`: with `--fix`, it could not be mended. */
  readonly state: "found" | "fixed" | "left";
  readonly subject: string;
  readonly message: string;
  readonly cure: string;
  /** Whether `--fix` can do something about it. */
  readonly fixable: boolean;
  /** Why it could not be mended. */
  readonly error?: Failure;
}

/** What `pkg doctor` returns. */
export interface DoctorOutcome {
  /** True if nothing is wrong, or nothing is any more. */
  readonly healthy: boolean;
  readonly findings: readonly Finding[];
}

/** What mending uses of the world. */
export interface Treatment {
  /** Opens the home anew, as what was opened before may have been replaced. */
  readonly open: () => Capabilities & { close(): Promise<void> };
}

/** A cure may uncover what it was hidden by: as often as this, all is looked at again. */
const MAX_ROUNDS = 5;

/** Looks at everything; with a treatment, mends what can be, looks again, and says what is left. @throws {PkgError} INTERRUPTED */
export async function doctor(context: DoctorContext, treatment: Treatment | null): Promise<DoctorOutcome> {
  const first = await examine(context);
  if (treatment === null || first.length === 0) return outcomeOf(first.map((item) => describe(item, "found")));
  const seen = new Map(first.map((item) => [keyOf(item), item]));
  const failures = new Map<string, Failure>();
  const applied = new Map<string, number>();
  let now = first;
  for (let round = 0; round < MAX_ROUNDS && (await treat(now, treatment, { failures, applied })); round += 1) {
    now = await examine(context);
    for (const item of now) seen.set(keyOf(item), item);
  }
  const left = new Set(now.map(keyOf));
  return outcomeOf(
    [...seen].map(([key, item]) => {
      const error = item.mend === null ? undefined : failures.get(item.mend.key);
      const state = left.has(key) ? "left" : "fixed";
      return { ...describe(item, state), ...(state === "left" && error !== undefined ? { error } : {}) };
    }),
  );
}

function outcomeOf(findings: readonly Finding[]): DoctorOutcome {
  return { healthy: findings.every(({ state }) => state === "fixed"), findings };
}

function describe({ code, subject, message, cure, mend }: Found, state: Finding["state"]): Finding {
  return { code, group: groupOf(code), state, subject, message, cure, fixable: mend !== null };
}

function keyOf({ code, subject }: Found): string {
  return `${code} ${subject}`;
}

/**
 * Applies the cures of the first stage that has any; what has failed before is not tried again.
 *
 * @returns whether any was tried, so that it is worth looking again: what has failed may have done a part of it
 */
async function treat(found: readonly Found[], { open }: Treatment, { failures, applied }: Progress): Promise<boolean> {
  const isTried = ({ key }: Mend) => failures.has(key) || (applied.get(key) ?? 0) >= MAX_TRIES;
  const mends = found.flatMap(({ mend }) => (mend === null || isTried(mend) ? [] : [mend]));
  let isAny = false;
  for (const stage of STAGES) {
    const due = new Map(mends.filter((mend) => mend.stage === stage).map((mend) => [mend.key, mend]));
    for (const mend of due.values()) {
      isAny = true;
      const cap = open();
      try {
        await mend.apply(cap);
        applied.set(mend.key, (applied.get(mend.key) ?? 0) + 1);
      } catch (error) {
        failures.set(mend.key, describeFailure(asFailure(foreignError(error) ?? error)));
      } finally {
        await cap.close();
      }
    }
    // What was recorded, and who may read it, decides what else is wrong.
    if (due.size > 0 && (stage === "access" || stage === "records")) return true;
  }
  return isAny;
}

/** What was tried in this run, by the keys of mends. */
interface Progress {
  readonly failures: Map<string, Failure>;
  /** How often each was applied without an error. */
  readonly applied: Map<string, number>;
}

/** What is wrong again after this many cures is not cured by another one. */
const MAX_TRIES = 2;
