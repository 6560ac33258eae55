/** What a command demands of its options beyond their types. It is checked before the command runs. */
export type OptionRule = WholeNumberRule | NeedsRule | ExcludesRule;

/** A number must be whole, and between both bounds or equal to one. */
export interface WholeNumberRule {
  readonly kind: "whole-number";
  readonly option: string;
  readonly from: number;
  /** Null: the largest number that is exact. */
  readonly to: number | null;
  /** What is said instead of "a whole number from 1 to 64". */
  readonly what: string | null;
}

/** An option that is allowed only together with another one. */
export interface NeedsRule {
  readonly kind: "needs";
  readonly option: string;
  readonly other: string;
  /** What is said instead of "--OTHER is missing". */
  readonly because: string | null;
}

/** If `option` is given, none of `others` is allowed. */
export interface ExcludesRule {
  readonly kind: "excludes";
  /** An option, `no-NAME` for a switch that is turned off, or the name of an argument. */
  readonly option: string;
  readonly others: readonly string[];
  /** Why the others are not allowed, e.g. "it is built already". */
  readonly because: string;
}

/** Allows whole numbers from `from` to `to`, both included. */
export function wholeNumber(
  option: string,
  from: number,
  { to = null, what = null }: Partial<Pick<WholeNumberRule, "to" | "what">> = {},
): WholeNumberRule {
  return { kind: "whole-number", option, from, to, what };
}

/** Each of `options` needs `other`. */
export function needs(options: readonly string[], other: string, because: string | null = null): readonly NeedsRule[] {
  return options.map((option) => ({ kind: "needs", option, other, because }));
}

/** `option` excludes each of `others`. */
export function excludes(option: string, others: readonly string[], because: string): ExcludesRule {
  return { kind: "excludes", option, others, because };
}
