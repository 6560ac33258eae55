import { hasCode, PkgError } from "../errors.ts";
import { NO_LOOKUP, openLookup } from "../install/lookup.ts";
import { parseSpec } from "../install/spec.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { type InstallationSummary, type StateCapabilities, summarize } from "./inspect.ts";
import { type KnownPackage, knownPackages } from "./known-packages.ts";

/** Everything that is known about a name. */
export interface InfoOutcome {
  readonly packages: readonly KnownPackage[];
  readonly installed: InstallationSummary | null;
}

/**
 * Everything that is known about a name: every package it may mean, and what is installed under it.
 *
 * @throws {PkgError} USAGE, PACKAGE_NOT_FOUND
 */
export async function info(cap: SyncCapabilities & StateCapabilities, text: string): Promise<InfoOutcome> {
  const spec = parseSpec(text);
  if (spec.kind === "reference") {
    throw new PkgError("USAGE", `Cannot show "${text}": expected a name, found a reference`, {
      hint: `Run \`pkg pull ${text}\` to get its files`,
    });
  }
  const { installations } = await cap.state();
  const installed = installations.get(spec.name);
  const lookup = await openLookup(cap).catch((error: unknown) => {
    // What is installed can be shown without any index.
    if (installed !== null && hasCode(error, "INDEX_MISSING")) return NO_LOOKUP;
    throw error;
  });
  try {
    const packages = knownPackages(lookup, spec, installed?.version ?? null);
    return { packages, installed: installed === null ? null : summarize(installed) };
  } catch (error) {
    // A package from a direct reference, or from a repository that was removed, is in no index.
    if (installed !== null && hasCode(error, "PACKAGE_NOT_FOUND"))
      return { packages: [], installed: summarize(installed) };
    throw error;
  } finally {
    lookup.close();
  }
}
