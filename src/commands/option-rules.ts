/** What a command demands of its options beyond their types. It is checked before the command runs. */
export type OptionRule = WholeNumberRule | NeedsRule | ExcludesRule;

/** A number must be whole, and between both bounds or equal to one. */
export interface WholeNumberRule {
  readonly kind: "whole-number";
  readonly option: string;
  readonly from: number;
  /** Null: as large as a number can be that is exact. */
  readonly to: number | null;
  /** What is said instead of "a whole number from 1 to 64". */
  readonly what: string | null;
}

/** An option means something only beside another one. */
export interface NeedsRule {
  readonly kind: "needs";
  readonly option: string;
  readonly other: string;
  /** What is said instead of "--OTHER is missing". */
  readonly because: string | null;
}

/** Where `option` is given, none of `others` means anything. */
export interface ExcludesRule {
  readonly kind: "excludes";
  /** An option, `no-NAME` for a switch that is turned off, or the name of an argument. */
  readonly option: string;
  readonly others: readonly string[];
  /** Why the others mean nothing, e.g. "it is built already". */
  readonly because: string;
}

/** Takes whole numbers from `from` to `to`, both among them. */
export function wholeNumber(
  option: string,
  from: number,
  { to = null, what = null }: Partial<Pick<WholeNumberRule, "to" | "what">> = {},
): WholeNumberRule {
  return { kind: "whole-number", option, from, to, what };
}

/** Each of `options` asks for `other`. */
export function needs(options: readonly string[], other: string, because: string | null = null): readonly NeedsRule[] {
  return options.map((option) => ({ kind: "needs", option, other, because }));
}

/** `option` leaves no meaning to `others`. */
export function excludes(option: string, others: readonly string[], because: string): ExcludesRule {
  return { kind: "excludes", option, others, because };
}
