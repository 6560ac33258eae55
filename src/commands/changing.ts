import { rehearse } from "../repositories/rehearse.ts";
import type { Context } from "./context.ts";

/**
 * Runs what changes repositories; with --dry-run on copies of what is there, so that it fails as it would.
 *
 * @param names the repositories whose indexes it looks at
 * @throws {PkgError} as rehearse
 */
export function changing<T>(
  context: Context,
  names: readonly string[],
  work: (there: Context) => Promise<T>,
): Promise<T> {
  return context.dryRun ? rehearse(context, names, (there) => work({ ...there, isRehearsal: true })) : work(context);
}
