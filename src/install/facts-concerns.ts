import { PkgError } from "../errors.ts";
import { compareEditions } from "../package/edition.ts";
import { isSameOwner, type Step } from "../plan/plan.ts";
import type { Installations } from "../state/installations.ts";

/** Questions about what a package is; nothing is asked here, and `--yes` answers none of them. */
export type FactsQuestion =
  /** The same package in a lower version, which nobody typed. */
  | { readonly kind: "downgrade"; readonly name: string; readonly from: string; readonly to: string }
  /** It lies in `place`, and its publisher signed it for `signedAs`: a copy, or another program put in its place. */
  | { readonly kind: "copy"; readonly name: string; readonly place: string; readonly signedAs: string };

/** What a person agreed to about these questions. */
export interface FactsConsent {
  readonly downgrade: boolean;
  /** Repositories whose packages may lie elsewhere. */
  readonly signedAs: readonly string[];
}

/** The questions that a step raises. */
export function factsQuestionsOf(installations: Installations, step: Step): readonly FactsQuestion[] {
  return [...downgradeOf(step), ...copyOf(installations, step)];
}

/**
 * A lower version of the same package that was not typed: the tag was moved back, or the index lists less than before.
 * Whoever serves either could so bring back a version whose faults are known.
 */
function downgradeOf(step: Step): readonly FactsQuestion[] {
  if (step.kind !== "change" || step.resolution.isOtherVersion) return [];
  const { from, resolution } = step;
  const { version } = resolution;
  // A word, such as a tag that stands in for a version, is neither lower nor higher.
  const isComparable = [version, from.version].every((text) => /\d/.test(text));
  if (!isSameOwner(from, resolution) || !isComparable || compareEditions(resolution, from) >= 0) return [];
  return [{ kind: "downgrade", name: resolution.name, from: from.version, to: version }];
}

function copyOf(installations: Installations, { resolution }: Step): readonly FactsQuestion[] {
  const { name, facts, packageId, repository } = resolution;
  const signedAs = facts?.repository ?? null;
  if (repository !== null || signedAs === null || signedAs === packageId || /^oci(?:-archive)?:/.test(packageId))
    return [];
  const installed = installations.get(name);
  const isKnown = installed?.packageId === packageId && installed.signedAs === signedAs;
  return isKnown ? [] : [{ kind: "copy", name, place: packageId, signedAs }];
}

/** True when a person agreed in advance. */
export function isFactsAnswered(question: FactsQuestion, consent: FactsConsent): boolean {
  return question.kind === "downgrade" ? consent.downgrade : consent.signedAs.includes(question.signedAs);
}

/** Refuses a step without the consent it needs. @throws {PkgError} DOWNGRADE_REFUSED, FACTS_MISMATCH */
export function refuseFacts(question: FactsQuestion, consent: FactsConsent): void {
  if (isFactsAnswered(question, consent)) return;
  if (question.kind === "downgrade") throw downgradeRefused(question);
  const { name, place, signedAs } = question;
  throw new PkgError(
    "FACTS_MISMATCH",
    `Cannot use package "${name}": its signed repository is "${signedAs}", expected "${place}", where it lies`,
    { hint: `If it is a copy of that package, add --signed-as ${signedAs}; --yes is not enough` },
  );
}

function downgradeRefused({ name, from, to }: FactsQuestion & { readonly kind: "downgrade" }): PkgError {
  return new PkgError(
    "DOWNGRADE_REFUSED",
    `Cannot change "${name}" from ${from} to ${to}: that version is lower, and nobody asked for it`,
    { hint: "Add --allow-downgrade if you mean to, or name the version; --yes is not enough" },
  );
}
