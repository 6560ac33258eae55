import { PkgError } from "../errors.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { type InstallationSummary, type StateCapabilities, summarize } from "./inspect.ts";
import { findCandidates, openLookup } from "./resolve.ts";
import { parseSpec } from "./spec.ts";
import type { SyncCapabilities } from "./sync.ts";

export interface InfoOutcome {
  readonly packages: readonly { readonly repository: string; readonly entry: PackageEntry }[];
  readonly installed: InstallationSummary | null;
}

/** All that is known of a name: every package it may mean, and what is installed under it. */
export async function info(cap: SyncCapabilities & StateCapabilities, text: string): Promise<InfoOutcome> {
  const spec = parseSpec(text);
  if (spec.kind === "reference") {
    throw new PkgError("USAGE", `Cannot show "${text}": expected a name, found a reference`, {
      hint: `Run \`pkg pull ${text}\` to get its files`,
    });
  }
  const { installations } = await cap.state();
  const installed = installations.get(spec.name);
  const lookup = await openLookup(cap);
  try {
    const narrowed = findCandidates(lookup, spec).filter(
      ({ entry }) =>
        (spec.id === null || entry.id === spec.id) && (spec.family === null || entry.family === spec.family),
    );
    return { packages: narrowed, installed: installed === null ? null : summarize(installed) };
  } catch (error) {
    // What came from a direct reference, or from a repository that is gone, is still installed.
    if (installed !== null && error instanceof PkgError && error.code === "PACKAGE_NOT_FOUND")
      return { packages: [], installed: summarize(installed) };
    throw error;
  } finally {
    lookup.close();
  }
}
