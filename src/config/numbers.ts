import { type Environment, variable } from "../base/environment.ts";
import { PkgError } from "../errors.ts";

/** A number of blobs from a variable; undefined where it is not set. @throws {PkgError} CONFIG_INVALID */
export function integerFrom(env: Environment, name: string): number | undefined {
  const text = variable(env, name);
  if (text === null) return undefined;
  const value = Number(text);
  if (isConcurrency(value)) return value;
  throw new PkgError("CONFIG_INVALID", `Cannot use ${name}: expected a whole number from 1 to 64, found "${text}"`);
}

/** Seconds since 1970; null: not set. @throws {PkgError} CONFIG_INVALID @see reproducible-builds.org, SOURCE_DATE_EPOCH specification */
export function epochFrom(env: Environment): number | null {
  const text = variable(env, "SOURCE_DATE_EPOCH");
  if (text === null) return null;
  if (/^\d{1,11}$/.test(text.trim())) return Number(text);
  throw new PkgError(
    "CONFIG_INVALID",
    `Cannot use SOURCE_DATE_EPOCH: expected whole seconds since 1970, found "${text}"`,
  );
}

/** The number that was given as an option. @throws {PkgError} USAGE */
export function checkedFlag(value: number | undefined): number | undefined {
  if (value === undefined || isConcurrency(value)) return value;
  throw new PkgError("USAGE", `Cannot use --concurrency: expected a whole number from 1 to 64, found "${value}"`);
}

function isConcurrency(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 64;
}
