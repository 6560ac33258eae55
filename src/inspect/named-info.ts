import { type InfoOutcome, info } from "./info.ts";
import { type Named, named } from "./named.ts";
import type { ProvenanceOutcome, showProvenance } from "./provenance-info.ts";

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
export async function provenanceOf(
  cap: Parameters<typeof showProvenance>[0],
  names: readonly string[],
  directory: string,
): Promise<Named<ProvenanceOutcome>> {
  // What fetches and verifies it is loaded only when it is asked for.
  const { showProvenance: show } = await import("./provenance-info.ts");
  return named(names, (name) => show(cap, name, directory));
}
