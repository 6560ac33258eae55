import { PkgError } from "../errors.ts";
import type { FormulaFloor } from "../package/formula-floor.ts";

/** Formulae that were verified, and those that they are to replace. */
export interface FloorRequest {
  /** Null: none were seen before. */
  readonly floor: FormulaFloor | null;
  /** Of the new ones. */
  readonly mark: string;
  /** The new ones' names, their aliases and old names among them. */
  readonly names: ReadonlySet<string>;
  /** How many new ones there are. */
  readonly formulae: number;
  /** The names of those in place, folded; null: there are none, or they cannot be read. */
  readonly namesInPlace: ReadonlySet<string> | null;
  /** Whether a person accepts that many are lost. */
  readonly acceptsLoss: boolean;
  /** What is being done, for messages that begin "Cannot". */
  readonly task: string;
}

/** More than a tenth at once is more than is ever removed. */
const MAX_LOST_SHARE = 0.1;
/** From a short list too, one at a time is removed; but the last one stays. */
const MAX_LOST_OF_FEW = 1;

/**
 * Judges formulae by those that were seen before, as they state neither a serial nor a date: those that were replaced do
 * not come back, and many do not vanish at once.
 *
 * @throws {PkgError} INDEX_ROLLED_BACK, INDEX_SHRUNK
 */
export function judgeFloor({ floor, ...request }: FloorRequest): void {
  const { mark, task } = request;
  if (floor?.replaced.has(mark) === true) {
    throw new PkgError("INDEX_ROLLED_BACK", `Cannot ${task}: its formulae are older than those seen before`, {
      hint: "Older formulae were served in place of newer ones; if it was a slow mirror, try again later",
    });
  }
  const { lost, before } = lossOf(floor, request);
  const allowed = before > MAX_LOST_OF_FEW ? Math.max(MAX_LOST_OF_FEW, before * MAX_LOST_SHARE) : 0;
  if (request.acceptsLoss || lost <= allowed) return;
  throw new PkgError("INDEX_SHRUNK", `Cannot ${task}: ${lost} of its ${before} formulae are missing at once`, {
    hint: "Somebody may be keeping them from you, or a mirror is broken; `pkg sync --accept-loss` accepts it",
  });
}

function lossOf(
  floor: FormulaFloor | null,
  { names, namesInPlace, formulae }: Omit<FloorRequest, "floor">,
): { readonly lost: number; readonly before: number } {
  if (namesInPlace === null) {
    const before = floor?.formulae ?? 0;
    return { lost: Math.max(0, before - formulae), before };
  }
  let lost = 0;
  for (const name of namesInPlace) if (!names.has(name)) lost += 1;
  return { lost, before: namesInPlace.size };
}
