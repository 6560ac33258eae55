import { join } from "node:path";
import type { Environment } from "../base/environment.ts";
import { once } from "../base/once.ts";
import { DEFAULT_RETRY_POLICY, type RetryPolicy, sleep } from "../base/retry.ts";
import type { Secrets } from "../base/secrets.ts";
import type { Records, StateUse } from "../capabilities/capabilities.ts";
import type { StateOptions } from "../capabilities/open-state.ts";
import { profilesBeside } from "../capabilities/profiles-beside.ts";
import { openSystem, refuseReader } from "../capabilities/system.ts";
import { tellClosed } from "../capabilities/tell-closed.ts";
import type { Context, Trouble } from "../commands/context.ts";
import type { Config } from "../config/config.ts";
import { pathsOf } from "../config/paths.ts";
import type { CredentialStore } from "../credentials/credentials-store.ts";
import { PkgError } from "../errors.ts";
import { createPackageIndexes } from "../index-database/package-indexes.ts";
import type { NetworkOptions } from "../network/create-network.ts";
import type { Network } from "../network/network.ts";
import type { Reporter } from "../report/reporter.ts";
import type { TrustStore } from "../state/trust.ts";

export interface ContextOptions {
  readonly config: Config;
  readonly report: Reporter;
  /** What no output shows; it grows while the command runs. */
  readonly secrets?: Secrets;
  readonly signal: AbortSignal;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly workingDirectory: string;
  readonly json: boolean;
  /** Whether each request is told as a detail; default: false. */
  readonly verbose?: boolean;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly version: string;
  /** Default: none. */
  readonly troubles?: readonly Trouble[];
  /** Default: none. */
  readonly env?: Environment;
  /** What was typed, shown by other processes that wait for the lock. */
  readonly commandLine: string;
  /** The whole of it, without secrets, as generations record it. */
  readonly command: string;
}

/** Builds every capability at most once, when it is first used, so that a command loads only the rooms it needs. */
export function createContext(options: ContextOptions): Context {
  const { config, report, signal } = options;
  const credentials = once(() => openCredentials(options));
  const network = once(() => openNetwork(options, credentials.get));
  let use: StateUse | undefined;
  const state = once(() => openState(options, use));
  const pictures = new Pictures(options);
  const trust = once(() => openTrust(options));
  return {
    ...options,
    env: options.env ?? {},
    troubles: options.troubles ?? [],
    at: (paths) => createContext({ ...options, config: { ...config, paths: { ...config.paths, ...paths } } }),
    withConfig: (other) => createContext({ ...options, config: other }),
    inProfile: (profile) =>
      createContext({ ...options, config: { ...config, profile, paths: pathsOf(config, profile) } }),
    emit: report.emit,
    now: Date.now,
    retry: {
      policy: retryPolicy(config),
      random: Math.random,
      sleep,
      onRetry: tellRetry(report, "the source"),
    },
    indexes: createPackageIndexes(config.paths.index),
    credentials: credentials.get,
    network: network.get,
    records: async () => (await state.made())?.state ?? (await pictures.take()),
    state: async (wanted) => {
      refuseReader(config, options.command);
      use ??= wanted;
      return (await state.get()).state;
    },
    pins: async () => pictures.pins(),
    trust: async () => {
      refuseReader(config, options.command);
      return (await trust.get()).store;
    },
    signal,
    close: async () => {
      await (await network.made())?.close();
      (await state.made())?.close();
      pictures.close();
      (await trust.made())?.close();
    },
  };
}

function retryPolicy({ retryForMs }: Config): RetryPolicy {
  return { ...DEFAULT_RETRY_POLICY, patienceMs: retryForMs ?? DEFAULT_RETRY_POLICY.patienceMs };
}

function tellRetry({ emit }: Reporter, what: string) {
  return (error: PkgError, waitMs: number) => emit({ kind: "retrying", what, waitMs, reason: error.message });
}

/** Tells each request that is sent, where it went, and what came of it. */
async function tellExchanges({ emit }: Reporter): Promise<NonNullable<NetworkOptions["onExchange"]>> {
  const { exchangeText } = await import("./exchange-text.ts");
  return (exchange, mirrorOf) => emit({ kind: "detail", message: exchangeText(exchange, mirrorOf) });
}

async function openCredentials({ config, report }: ContextOptions): Promise<CredentialStore> {
  const { createCredentialStore } = await import("../credentials/credentials-store.ts");
  const onWarning = (message: string) => report.emit({ kind: "warning", message });
  return createCredentialStore({ settings: config.credentials, onWarning });
}

async function openNetwork(options: ContextOptions, credentials: () => Promise<CredentialStore>) {
  const { config, report, secrets, version, verbose = false } = options;
  const { createNetwork } = await import("../network/create-network.ts");
  const telling = verbose ? { onExchange: await tellExchanges(report) } : {};
  const network = createNetwork({
    config,
    version,
    ...(secrets === undefined ? {} : { secrets }),
    credentials,
    retry: retryPolicy(config),
    random: Math.random,
    now: Date.now,
    onRetry: tellRetry(report, "the registry"),
    onWarning: (message) => report.emit({ kind: "warning", message }),
    ...telling,
    uploadDirectory: join(config.paths.blobs, "partial"),
  });
  return overBundles(network, options);
}

/** The same network, or one that finds what is in the bundles of the config. */
async function overBundles<N extends Network>(network: N, { config, signal, report }: ContextOptions): Promise<N> {
  const { onlyBundle, repositories } = config;
  const locations = repositories.flatMap(({ enabled, bundle }) => (enabled && bundle !== null ? [bundle] : []));
  const wanted = new Map(
    [...(onlyBundle ? [onlyBundle] : []), ...locations].map((each) => [JSON.stringify(each), each]),
  );
  if (wanted.size === 0) return network;
  const [{ bundledNetwork }, { openBundle }] = await Promise.all([
    import("../network/bundled-network.ts"),
    import("../network/opened-bundle.ts"),
  ]);
  const retry = { policy: retryPolicy(config), random: Math.random, sleep, onRetry: tellRetry(report, "the bundle") };
  const reader = { network: async () => network, retry, signal };
  const opened = [...wanted.values()].map(async (location) => {
    try {
      return [await openBundle(reader, location)];
    } catch (error) {
      if (location === onlyBundle || !(error instanceof PkgError) || error.code === "INTERRUPTED") throw error;
      // Only what is in it cannot be had.
      report.emit({ kind: "warning", message: `${error.message}; nothing is taken from this bundle` });
      return [];
    }
  });
  const bundles = (await Promise.all(opened)).flat();
  if (bundles.length === 0) return network;
  return { ...network, ...bundledNetwork(network, { bundles, isOnly: onlyBundle !== undefined }) };
}

async function openTrust({ config, report }: ContextOptions): Promise<{ readonly store: TrustStore; close(): void }> {
  const [{ openDatabase }, { createTrustStore }, { indexAddress }, { isOwnerElsewhere }, { readableCopies }] =
    await Promise.all([
      import("../state/database.ts"),
      import("../state/trust.ts"),
      import("../index-database/package-indexes.ts"),
      import("../state/other-profiles.ts"),
      import("../state/readable-copies.ts"),
    ]);
  const { stateDatabase, sharedDatabase: shared } = config.paths;
  if (config.isSystem) openSystem(config.paths);
  const publish = config.isSystem ? readableCopies([stateDatabase, shared]) : () => {};
  const database = openDatabase(stateDatabase, { onDirectoryClosed: tellClosed(report.emit), shared });
  const store = createTrustStore(database, isOwnerElsewhere(profilesBeside(config.paths)));
  store.owners.settle(config.repositories, (name) => indexAddress(config.paths.index, name));
  const close = () => {
    database.close();
    publish();
  };
  return { store, close };
}

async function openState(options: ContextOptions, use: StateUse | undefined) {
  const { openInstallationState } = await import("../capabilities/open-state.ts");
  if (options.config.isSystem) openSystem(options.config.paths);
  return openInstallationState(stateOptions(options), use);
}

/**
 * Pictures of the records, as they are when one is asked for: another part of the run, or another process, may have changed
 * something since the last one was taken. While nothing has changed, that one serves again, as it is all in memory.
 */
class Pictures {
  readonly #options: ContextOptions;
  readonly #taken: { close(): void }[] = [];
  #last: { readonly stamp: string; readonly records: Records } | null = null;

  constructor(options: ContextOptions) {
    this.#options = options;
  }

  async take(): Promise<Records> {
    const [{ readInstallationRecords }, { pictureStamp }] = await Promise.all([
      import("../capabilities/open-state.ts"),
      import("../state/picture.ts"),
    ]);
    const options = stateOptions(this.#options);
    // Before the picture: what is changed meanwhile makes the next one asked for a new one.
    const { stateDatabase, sharedDatabase } = options.paths;
    const stamp = [stateDatabase, sharedDatabase].map(pictureStamp).join(" ");
    if (this.#last?.stamp === stamp) return this.#last.records;
    // What was interrupted is told once.
    const picture = readInstallationRecords(this.#last === null ? options : { ...options, emit: () => {} });
    this.#taken.push(picture);
    this.#last = { stamp, records: picture.records };
    return picture.records;
  }

  async pins(): Promise<Pick<TrustStore, "get" | "floors">> {
    const [{ openPicture }, { createTrustStore }] = await Promise.all([
      import("../state/picture.ts"),
      import("../state/trust.ts"),
    ]);
    const { stateDatabase, sharedDatabase } = this.#options.config.paths;
    const picture = openPicture(stateDatabase, sharedDatabase);
    this.#taken.push(picture);
    return createTrustStore(picture);
  }

  close(): void {
    for (const picture of this.#taken) picture.close();
  }
}

function stateOptions(options: ContextOptions): StateOptions {
  return {
    paths: options.config.paths,
    repositories: options.config.repositories,
    isSystem: options.config.isSystem,
    emit: options.report.emit,
    signal: options.signal,
    commandLine: options.commandLine,
    command: options.command,
    now: Date.now,
    retry: retryPolicy(options.config),
  };
}
