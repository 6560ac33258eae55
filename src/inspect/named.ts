import { eachNamed, type FailedName, type WithErrors } from "../capabilities/outcome.ts";
import { type InfoOutcome, info } from "./info.ts";
import { type FilesOutcome, files, type OwnsOutcome, owns } from "./inspect.ts";
import { type ProvenanceOutcome, showProvenance } from "./provenance-info.ts";

/** What was found for each name, in the order in which they were typed; a name that fails is an item too. */
export type Named<T> = WithErrors<readonly (T | FailedName)[]>;

/** Everything that is known about a name. */
export interface NamedInfo extends InfoOutcome {
  /** As it was typed. */
  readonly name: string;
}

/** As info(), for several names. */
export function infoOf(
  cap: Parameters<typeof info>[0],
  names: readonly string[],
  directory: string,
): Promise<Named<NamedInfo>> {
  return named(names, async (name) => ({ name, ...(await info(cap, name, directory)) }));
}

/** As showProvenance(), for several names. */
export function provenanceOf(
  cap: Parameters<typeof showProvenance>[0],
  names: readonly string[],
  directory: string,
): Promise<Named<ProvenanceOutcome>> {
  return named(names, (name) => showProvenance(cap, name, directory));
}

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

async function named<T>(names: readonly string[], work: (name: string) => Promise<T>): Promise<Named<T>> {
  const { items, errors } = await eachNamed(names, work);
  return { outcome: items, errors };
}
