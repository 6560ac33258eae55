import { statSync } from "node:fs";
import { resolve } from "node:path";
import { bundleLocation } from "../bundle-format/location.ts";
import type { BundledIndex, BundleTable } from "../bundle-format/table.ts";
import { reloaded } from "../config/config.ts";
import { hasCode, PkgError } from "../errors.ts";
import { openBundle } from "../network/opened-bundle.ts";
import type { Location } from "../oci/location.ts";
import { type AddedRepository, addRepository } from "../repositories/add-repository.ts";
import { writeRepository } from "../repositories/config-file.ts";
import { isSigned, readIndexMeta } from "../repositories/known-version.ts";
import { syncRepository } from "../repositories/sync.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { bundleText, knownRepository, refuseOtherMachine } from "./use-bundle.ts";

/** What was typed after `repo add`. */
export interface AddBundleRequest {
  /** As typed. */
  readonly from: string;
  /** Where relative paths begin. */
  readonly directory: string;
  /** What to call its repository; null: what its signed index says. */
  readonly name: string | null;
  /** Public keys that may sign its index. */
  readonly keys: readonly string[];
  /** How many of them have to; null: one. */
  readonly threshold: number | null;
  readonly unsignedIndex: boolean;
}

/** What `repo add` did with a repository of a bundle. */
export type BundledRepository = AddedRepository & {
  /** The bundle that it is read from, from now on. */
  readonly bundle: string;
};

/**
 * Adds each repository that a bundle has an index of, to be read from the bundle from then on; one that is configured already keeps
 * its settings and keys, which its index in the bundle must be signed by. Null: what was named is not a bundle.
 *
 * @throws {PkgError} LAYOUT_INVALID for a tar that is not one, PLATFORM_UNSUPPORTED, USAGE; as addRepository
 */
export async function addBundle(
  cap: SyncCapabilities,
  request: AddBundleRequest,
): Promise<readonly BundledRepository[] | null> {
  const found = await bundleNamed(cap, request);
  if (found === null) return null;
  const { table, location } = found;
  const name = bundleText(location);
  refuseOtherMachine(table, name, cap.config.host);
  const indexes = table.indexes.filter(({ platform }) => platform === cap.config.host);
  refuseUnclear(indexes, name, request);
  const added: BundledRepository[] = [];
  let { config } = cap;
  for (const index of indexes) {
    added.push(await addOne({ ...cap, config }, { request, location, index }));
    config = reloaded(config);
  }
  return added;
}

/** A bundle that is on this machine, or that a tag of a registry names. Null: it is something else, or nothing is there. */
async function bundleNamed(
  cap: SyncCapabilities,
  { from, directory }: AddBundleRequest,
): Promise<{ readonly table: BundleTable; readonly location: Location } | null> {
  const stats = /^oci(?:-archive)?:/.test(from) ? null : statSync(resolve(directory, from), { throwIfNoEntry: false });
  const isTar = /^oci-archive:(?!\/\/)/.test(from) || /\.tar$/i.test(from);
  const mayBe = isTar || stats?.isDirectory() === true || /^oci:(?!\/\/)/.test(from) || isTagged(from);
  if (!mayBe || (stats === undefined && !isTar && !isTagged(from))) return null;
  const location = bundleLocation(from, directory);
  try {
    const { table, close } = await openBundle(cap, location);
    await close();
    return { table, location };
  } catch (error) {
    if (isTar || !hasCode(error, "LAYOUT_INVALID", "HTTP_NOT_FOUND")) throw error;
    return null;
  }
}

/** `registry.example/bundles:tools`: the index of a repository has no tag, as a rule, and a bundle has one. */
function isTagged(text: string): boolean {
  return !text.includes("://") && /^[^/]+[.:][^/]*\/.+:[\w.-]+$/.test(text);
}

function refuseUnclear(indexes: readonly BundledIndex[], bundle: string, request: AddBundleRequest): void {
  const { from, name, keys, threshold, unsignedIndex } = request;
  if (indexes.length === 0) {
    throw new PkgError(
      "USAGE",
      `Cannot add "${bundle}": it has no repository's index, as its packages were named by reference`,
      {
        hint: `Run \`pkg install --from ${from}\``,
      },
    );
  }
  const isGiven = name !== null || keys.length > 0 || threshold !== null || unsignedIndex;
  if (indexes.length === 1 || !isGiven) return;
  const names = indexes.map(({ repository }) => repository).join(", ");
  throw new PkgError(
    "USAGE",
    `Cannot add "${bundle}": a name or a key was given for one repository, and it has ${names}`,
    {
      hint: `Run \`pkg repo add ${from}\` alone, or first \`pkg repo add NAME URL --offline --key KEY\``,
    },
  );
}

interface Adding {
  readonly request: AddBundleRequest;
  readonly location: Location;
  readonly index: BundledIndex;
}

async function addOne(cap: SyncCapabilities, adding: Adding): Promise<BundledRepository> {
  const { request, location, index } = adding;
  const { keys, threshold, unsignedIndex, directory } = request;
  const bundle = bundleText(location);
  if (knownRepository(cap.config, index) !== null) return { ...(await readFromNowOn(cap, adding)), bundle };
  const { repository, kind, url: place } = index;
  // Formulae do not say what they are called.
  const name = request.name ?? (kind === "homebrew" ? repository : null);
  const asked = { name, place, directory, kind, keys, threshold, unsignedIndex, bundle: location, keepsBundle: true };
  return { ...(await addRepository(cap, asked)), bundle };
}

/** The same repository, read from a bundle; its index there is judged as any other, before anything is written. */
async function readFromNowOn(cap: SyncCapabilities, { request, location, index }: Adding): Promise<AddedRepository> {
  const { config, indexes, emit } = cap;
  const known = knownRepository(config, index);
  if (known === null) throw new Error(`"${index.url}" is not configured`);
  const { name, url } = known;
  refuseOtherSettings(name, request);
  const repository = { ...known, bundle: location };
  try {
    await syncRepository({ ...cap, config: { ...config, repositories: [repository] } }, repository, { force: true });
  } catch (error) {
    if (!hasCode(error, "INDEX_ROLLED_BACK") || indexes.freshAt(name) === null) throw error;
    emit({ kind: "note", message: `${name}: the index here is newer than the one in the bundle, and is used instead` });
  }
  const enabled = known.enabled ? {} : { enabled: true };
  writeRepository(config, name, { ...enabled, bundle: bundleText(location) });
  const meta = readIndexMeta(indexes, name);
  return {
    ...{ name, url, action: "add", configFile: config.paths.configFile },
    ...{ packageCount: meta?.packages ?? null, entryCount: meta?.entries ?? null },
    ...{ trust: null, signed: meta === null ? null : isSigned(meta), notice: null, orphans: [] },
  };
}

function refuseOtherSettings(
  name: string,
  { from, name: wanted, keys, threshold, unsignedIndex }: AddBundleRequest,
): void {
  const isSame = (wanted === null || wanted === name) && keys.length === 0 && threshold === null && !unsignedIndex;
  if (isSame) return;
  throw new PkgError(
    "REPOSITORY_EXISTS",
    `Cannot add "${from}": "${name}" is configured for its address, with keys of its own`,
    {
      hint: `Run \`pkg repo add ${from}\` to read "${name}" from the bundle, or \`pkg repo remove ${name}\` first`,
    },
  );
}
