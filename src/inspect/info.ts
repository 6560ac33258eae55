import { asFailure } from "../capabilities/outcome.ts";
import { hasCode, reworded } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { type NamedSpec, parseNamedSpec } from "../package/spec.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { findAnyway, isInstalledAs } from "../resolve/find-installed.ts";
import { Looking } from "../resolve/looking.ts";
import { isReference } from "../resolve/spec.ts";
import { type InstallationSummary, type StateCapabilities, summarize } from "./inspect.ts";
import { type KnownPackage, knownPackages } from "./known-packages.ts";

/** Everything that is known about a name. */
export interface InfoOutcome {
  readonly packages: readonly KnownPackage[];
  readonly installed: InstallationSummary | null;
}

/**
 * Everything that is known about what a word means that `install` takes: every package, and what is installed of it. What is
 * installed is found first, and told about without any index or registry.
 *
 * @param directory where relative paths begin
 * @throws {PkgError} PACKAGE_NOT_FOUND, VERSION_NOT_FOUND; as parseSpec; of a reference, as resolveReference
 */
export async function info(
  cap: SyncCapabilities & StateCapabilities,
  text: string,
  directory: string,
): Promise<InfoOutcome> {
  const { installations } = await cap.records();
  const words = { installations, directory };
  const found = findAnyway(words, text);
  const installed = found === null ? null : summarize(found);
  const isExact = found !== null && isInstalledAs(words, text, found);
  if (found !== null) tellDisabled(cap, found);
  if (isReference(text)) {
    if (isExact) return { packages: found?.image === null ? [] : await whatElse(cap, text, directory), installed };
    const { referencedPackage } = await import("./referenced-package.ts");
    return { packages: [await referencedPackage(cap, text, directory)], installed };
  }
  return infoByName(cap, parseNamedSpec(text), { installed, isExact });
}

/** What else there is in an image that something was taken from, unless its registry cannot be asked. */
async function whatElse(
  cap: SyncCapabilities & StateCapabilities,
  text: string,
  directory: string,
): Promise<readonly KnownPackage[]> {
  const { referencedPackage } = await import("./referenced-package.ts");
  try {
    return [await referencedPackage(cap, text, directory)];
  } catch (error) {
    const failure = asFailure(error);
    if (failure.code !== "OFFLINE") cap.emit({ kind: "note", message: failure.message });
    return [];
  }
}

function tellDisabled({ config, emit }: SyncCapabilities, { name, repository }: Installation): void {
  if (config.repositories.find((item) => item.name === repository)?.enabled !== false) return;
  const hint = `\`pkg repo enable ${repository}\` changes that`;
  emit({ kind: "warning", message: `Nothing updates "${name}": its repository "${repository}" is disabled; ${hint}` });
}

async function infoByName(
  cap: SyncCapabilities & StateCapabilities,
  spec: NamedSpec,
  { installed, isExact }: { readonly installed: InstallationSummary | null; readonly isExact: boolean },
): Promise<InfoOutcome> {
  const looking = new Looking(cap, { skip: null, isInstalled: installed !== null });
  try {
    const version = installed?.version ?? null;
    const packages = await looking.find(spec.text, (lookup) => knownPackages(lookup, spec, version));
    return { packages, installed };
  } catch (error) {
    // What is installed is shown as it was recorded, wherever it came from, and whatever has become of that.
    if (installed === null) throw error;
    if (!isExact) throw besideInstalled(error, installed);
    const failure = asFailure(error);
    if (!["PACKAGE_NOT_FOUND", "VERSION_NOT_FOUND"].includes(failure.code))
      cap.emit({ kind: "note", message: failure.message });
    return { packages: [], installed };
  } finally {
    looking.close();
  }
}

/** The error about another version of what is installed, with what is. */
function besideInstalled(error: unknown, { name, version }: InstallationSummary): unknown {
  if (!hasCode(error, "PACKAGE_NOT_FOUND", "VERSION_NOT_FOUND")) return error;
  return reworded(error, `${error.message}; "${name}" ${version} is installed`);
}
