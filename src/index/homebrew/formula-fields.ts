import type { Formula } from "./formula.ts";

/** A formula, or why it cannot be used. */
export type ReadFormula =
  | { readonly kind: "formula"; readonly formula: Formula }
  | { readonly kind: "skipped"; readonly reason: string };

/** The reasons that count on macOS alone. */
const OTHER_SYSTEM: ReadonlySet<string> = new Set(["shadowed_by_macos", "provided_by_macos"]);
const KEG_ONLY: Readonly<Record<string, string>> = {
  versioned_formula: "it is an older version, which would hide the current one",
};

/** Lower-case hex, as Homebrew writes it. */
export const SHA256 = /^[0-9a-f]{64}$/;
const MAX_NUMBER = 1_000_000;

/** A formula that cannot be used, with the reason. */
export function skipped(reason: string): ReadFormula {
  return { kind: "skipped", reason };
}

/** `1.7.1_2`, as the keg's directory and the tag are called. */
export function withRevision(version: string, revision: number): string {
  return revision === 0 ? version : `${version}_${revision}`;
}

/** A whole number from 0 up; 0 for everything else. */
export function readNumber(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_NUMBER ? value : 0;
}

/**
 * Why a formula is keg-only on Linux.
 *
 * @param symbol what Homebrew calls the reason
 * @param explanation in words, where there is one
 * @returns null for what macOS has itself, and Linux does not
 */
export function kegOnlyReason(symbol: string, explanation: string | null): string | null {
  return OTHER_SYSTEM.has(symbol) ? null : (KEG_ONLY[symbol] ?? explanation ?? symbol);
}
