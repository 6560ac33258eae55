import { PkgError } from "../errors.ts";

/** One second in milliseconds. */
export const SECOND_MS = 1000;
/** One minute in milliseconds. */
export const MINUTE_MS = 60_000;
/** One hour in milliseconds. */
export const HOUR_MS = 60 * MINUTE_MS;
/** One day of 24 hours in milliseconds. */
export const DAY_MS = 24 * HOUR_MS;

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

/**
 * Parses a duration such as `30m`, `6h` or `1d` into milliseconds; null for `never`.
 *
 * @throws {PkgError} CONFIG_INVALID
 */
export function parseDuration(text: string, key: string): number | null {
  if (text === "never") return null;
  const match = /^(\d{1,6})([smhd])$/.exec(text);
  const unit = UNIT_MS[match?.[2] ?? ""];
  if (match === null || unit === undefined) {
    throw new PkgError(
      "CONFIG_INVALID",
      `Cannot use ${key}: expected a duration such as "6h" or "never", found "${text}"`,
      /^\d+$/.test(text) ? { hint: `Add the unit: ${text}m, ${text}h or ${text}d` } : {},
    );
  }
  return Number(match[1]) * unit;
}
