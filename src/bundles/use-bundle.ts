import { listSome } from "../base/lists.ts";
import { bundleLocation } from "../bundle-format/location.ts";
import type { BundledIndex, BundleTable } from "../bundle-format/table.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { refuseReader } from "../capabilities/system.ts";
import { type Config, reloaded } from "../config/config.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import { isSameAddress } from "../config/same-address.ts";
import { hasCode, PkgError } from "../errors.ts";
import { openBundle } from "../network/opened-bundle.ts";
import { formatLocation, type Location } from "../oci/location.ts";
import { addRepository } from "../repositories/add-repository.ts";
import { beginTrial } from "../repositories/on-trial.ts";
import { removeRepository } from "../repositories/repositories.ts";
import { sync } from "../repositories/sync.ts";
import { isReference } from "../resolve/spec.ts";

/** What installing from a bundle takes. */
export type UseCapabilities<C extends Capabilities> = Capabilities & {
  readonly workingDirectory: string;
  withConfig(config: Config): C;
};

export interface UseBundleRequest {
  /** As typed. */
  readonly from: string;
  /** As typed; empty: all that was asked for when the bundle was made; null: what is wanted is known already. */
  readonly specs: readonly string[] | null;
  readonly allowStale: boolean;
  readonly dryRun: boolean;
}

/** A run that fetches from a bundle alone. */
export interface BundleUse<C> {
  /** Released by whoever uses it. */
  readonly context: C;
  readonly specs: readonly string[];
  readonly table: BundleTable;
  readonly name: string;
  /** Releases it; a repository that had to be added to plan with is removed if nothing of it was installed. */
  close(): Promise<void>;
}

/**
 * Opens a bundle to install from, and takes the indexes in it as `sync` takes those of the network: signed by the keys that are
 * pinned or configured, no older than what was seen, and not expired. A repository that is not configured is added, and its keys
 * are pinned; its name comes from what is signed.
 *
 * @throws {PkgError} LAYOUT_INVALID, PLATFORM_UNSUPPORTED, REPOSITORY_UNKNOWN, INDEX_EXPIRED, REPOSITORY_EXISTS; as addRepository, and those of the place
 */
export async function useBundle<C extends Capabilities & { close(): Promise<void> }>(
  cap: UseCapabilities<C>,
  { from, specs, allowStale, dryRun }: UseBundleRequest,
): Promise<BundleUse<C>> {
  const { config, network, retry, signal, workingDirectory: directory } = cap;
  const location = bundleLocation(from, directory);
  const { table, name, close } = await openBundle({ network, retry, signal }, location);
  await close();
  refuseOtherMachine(table, name, config.host);
  const reading = { table, location, directory, allowStale, addsUnknown: specs !== null };
  const unknown = unknownUrls(cap, reading);
  if (unknown.length > 0) refuseReader(config, null);
  const endTrial = unknown.length === 0 ? () => {} : beginTrial(config, unknown);
  const { bundled, added, config: anew } = await bundledRepositories(cap, reading, endTrial);
  const repositories = bundled.map(({ repository }) => repository);
  const context = cap.withConfig(configOver(anew, location, repositories));
  const closeAll = async () => {
    try {
      await takeOut({ ...context, config: anew }, added, { isDryRun: dryRun });
      endTrial();
    } finally {
      await context.close();
    }
  };
  try {
    await takeIndexes(context, repositories, allowStale);
    const localNames = new Map(bundled.map(({ index, repository }) => [index.repository, repository.name]));
    const wanted = specs?.length === 0 ? requestedIn(table, localNames) : (specs ?? []);
    if (specs !== null && wanted.length === 0) throw nothingAsked(name);
    return { context, table, name, specs: wanted, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The configuration of a run that asks nobody but the bundle; what it does not have is not looked for elsewhere. */
function configOver(config: Config, location: Location, bundled: readonly ConfiguredRepository[]): Config {
  const own = new Map(bundled.map((repository) => [repository.name, repository]));
  const others = config.repositories
    .filter(({ name }) => !own.has(name))
    .map((each) => ({ ...each, enabled: false, bundle: null }));
  return { ...config, syncIntervalMs: null, onlyBundle: location, repositories: [...bundled, ...others] };
}

interface Bundled {
  readonly index: BundledIndex;
  readonly repository: ConfiguredRepository;
}

interface Reading {
  readonly table: BundleTable;
  readonly location: Location;
  readonly directory: string;
  readonly allowStale: boolean;
  /** Whether repositories that are not configured are added. */
  readonly addsUnknown: boolean;
}

/** Addresses of the repositories that using a bundle adds. */
function unknownUrls({ config }: Capabilities, { table, addsUnknown }: Reading): readonly string[] {
  const indexes = table.indexes.filter((index) => index.platform === config.host);
  return addsUnknown ? indexes.filter((index) => knownRepository(config, index) === null).map(({ url }) => url) : [];
}

interface BundledRepositories {
  readonly bundled: readonly Bundled[];
  /** Names of those that were not configured. */
  readonly added: readonly string[];
  readonly config: Config;
}

async function bundledRepositories(
  cap: Capabilities,
  reading: Reading,
  endTrial: () => void,
): Promise<BundledRepositories> {
  const { table, location } = reading;
  const bundled: Bundled[] = [];
  const added: string[] = [];
  let { config } = cap;
  try {
    for (const index of table.indexes.filter(({ platform }) => platform === config.host)) {
      let repository = knownRepository(config, index);
      if (repository === null && !reading.addsUnknown) throw notConfigured(index, bundleText(location));
      if (repository === null) {
        added.push(await addUnknown({ ...cap, config }, index, reading));
        config = reloaded(config);
        repository = knownRepository(config, index);
      }
      if (repository !== null) bundled.push({ index, repository: { ...repository, bundle: location } });
    }
    return { bundled, added, config };
  } catch (error) {
    await takeOut({ ...cap, config }, added, { isDryRun: false });
    endTrial();
    throw error;
  }
}

/** Takes out what was added for a bundle of which nothing was installed. */
async function takeOut(
  cap: Capabilities,
  added: readonly string[],
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<void> {
  if (added.length === 0) return;
  const { installations } = await cap.records();
  const used = new Set(isDryRun ? [] : installations.list().map(({ repository }) => repository));
  let { config } = cap;
  for (const name of added.filter((each) => !used.has(each))) {
    await removeRepository({ ...cap, config }, name);
    config = reloaded(config);
    const message = `${name} was taken out of the repositories again, as nothing was installed from it`;
    if (!isDryRun) cap.emit({ kind: "note", message });
  }
}

/** What is locked names its repositories, so a person decides which is which. */
function notConfigured({ repository, url }: BundledIndex, bundle: string): PkgError {
  return new PkgError("REPOSITORY_UNKNOWN", `Cannot use "${bundle}": the repository at "${url}" is not configured`, {
    hint: `If you trust it, run \`pkg repo add ${bundle} --name ${repository}\`, with the name that is locked`,
  });
}

/** The configured repository that an index in a bundle belongs to; null: none. */
export function knownRepository({ repositories }: Config, { url, kind }: BundledIndex): ConfiguredRepository | null {
  return repositories.find((repository) => repository.kind === kind && isSameAddress(repository.url, url)) ?? null;
}

async function addUnknown(
  cap: Capabilities,
  { repository, url, kind }: BundledIndex,
  { location: bundle, directory, allowStale }: Reading,
): Promise<string> {
  const nothing = { keys: [], threshold: null, unsignedIndex: false };
  // Formulae do not say what they are called.
  const asked = { name: kind === "homebrew" ? repository : null, place: url, directory, kind };
  const { name, trust } = await addRepository(cap, { ...asked, ...nothing, bundle, allowStale });
  const keys =
    trust === null
      ? ""
      : `: its keys are pinned on first use: ${trust.keys.map(({ publicKey }) => publicKey).join(", ")}; compare them with those that the publisher of ${trust.identity} announces`;
  cap.emit({ kind: "note", message: `${name} was added to the repositories, as the bundle has packages of it${keys}` });
  return name;
}

async function takeIndexes(
  cap: Capabilities,
  repositories: readonly ConfiguredRepository[],
  allowStale: boolean,
): Promise<void> {
  const { failed } = await sync(
    cap,
    repositories.filter(({ enabled }) => enabled),
    { force: false, allowStale },
  );
  for (const [name, error] of failed) {
    // Whatever the newer one lists must be in the bundle just the same, by its digest.
    if (!hasCode(error, "INDEX_ROLLED_BACK") || cap.indexes.freshAt(name) === null) throw error;
    const message = `${name}: the index here is newer than the one in the bundle, and is used instead`;
    cap.emit({ kind: "note", message });
  }
}

/** Refuses a bundle that has nothing for this machine. @throws {PkgError} PLATFORM_UNSUPPORTED */
export function refuseOtherMachine({ platforms }: BundleTable, name: string, host: string): void {
  if (platforms.includes(host)) return;
  throw new PkgError(
    "PLATFORM_UNSUPPORTED",
    `Cannot install from "${name}": it is for ${listSome(platforms, 8)}, and this machine is ${host}`,
    {
      hint: `Make one for it where there is a network: \`pkg bundle create NAME --platform ${host} -o FILE\``,
    },
  );
}

/** What the bundle says was asked for: names, and references to registries; nothing that would be looked for on this machine. */
function requestedIn({ requested }: BundleTable, localNames: ReadonlyMap<string, string>): readonly string[] {
  return requested
    .filter((spec) => !spec.startsWith("-") && !/^(?:\.{0,2}\/|oci(?:-archive)?:(?!\/\/))/.test(spec))
    .map((spec) => (isReference(spec) ? spec : withLocalName(spec, localNames)));
}

/** `trurl:tools`, where the repository has another name here. */
function withLocalName(spec: string, localNames: ReadonlyMap<string, string>): string {
  const [, before = "", repository = ""] = /^(.*):([^:]+)$/.exec(spec) ?? [];
  const local = localNames.get(repository);
  return local === undefined ? spec : `${before}:${local}`;
}

function nothingAsked(name: string): PkgError {
  return new PkgError("LAYOUT_INVALID", `Cannot install from "${name}": it does not say what was asked for`, {
    hint: `Name a package: pkg install --from ${name} NAME`,
  });
}

/** As it is typed. */
export function bundleText(location: Location): string {
  return location.kind === "registry" ? formatLocation(location) : location.path;
}
