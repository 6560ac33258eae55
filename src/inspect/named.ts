import { eachNamed, type FailedName, type WithErrors } from "../capabilities/outcome.ts";
import { type FilesOutcome, files, type OwnsOutcome, owns } from "./inspect.ts";

/** What was found for each name, in the order in which they were typed; a name that fails is an item too. */
export type Named<T> = WithErrors<readonly (T | FailedName)[]>;

/** As files(), for several names. */
export function filesOf(
  cap: Parameters<typeof files>[0],
  names: readonly string[],
  directory: string,
): Promise<Named<FilesOutcome>> {
  return named(names, (name) => files(cap, name, directory));
}

/** As owns(), for several paths, relative to `directory`. */
export function ownersOf(
  cap: Parameters<typeof owns>[0],
  paths: readonly string[],
  directory: string,
): Promise<Named<OwnsOutcome>> {
  return named(paths, (path) => owns(cap, path, directory));
}

/** Does the same for each name; one that fails does not keep the others from it. */
export async function named<T>(names: readonly string[], work: (name: string) => Promise<T>): Promise<Named<T>> {
  const { items, errors } = await eachNamed(names, work);
  return { outcome: items, errors };
}
