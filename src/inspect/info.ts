import { asFailure } from "../capabilities/outcome.ts";
import { hasCode, PkgError } from "../errors.ts";
import { Looking } from "../install/looking.ts";
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
  const { installations } = await cap.records();
  const found = installations.get(spec.name);
  const installed = found === null ? null : summarize(found);
  const looking = new Looking(cap, { skip: null, isInstalled: installed !== null });
  try {
    const version = installed?.version ?? null;
    const packages = await looking.find(spec.text, (lookup) => knownPackages(lookup, spec, version));
    return { packages, installed };
  } catch (error) {
    // What is installed is shown as it was recorded, wherever it came from, and whatever has become of that.
    if (installed === null || hasCode(error, "VERSION_NOT_FOUND")) throw error;
    const failure = asFailure(error);
    if (failure.code !== "PACKAGE_NOT_FOUND") cap.emit({ kind: "note", message: failure.message });
    return { packages: [], installed };
  } finally {
    looking.close();
  }
}
