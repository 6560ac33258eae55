import { formatCount } from "../base/age.ts";
import { asFailure } from "../capabilities/outcome.ts";
import type { Config } from "../config/config.ts";
import { type ConfiguredRepository, configuredRepository } from "../config/repository.ts";
import { describeOwner } from "../package/describe-owner.ts";
import type { Pinning } from "../verify/trust-request.ts";
import { writeRepository } from "./config-file.ts";
import { fetchWhole } from "./fetch-index.ts";
import { describeTrust, type TrustSummary } from "./index-summary.ts";
import {
  type AddRepositoryRequest,
  checkFree,
  type NewRepository,
  nameFrom,
  parseNewRepository,
} from "./new-repository.ts";
import { reachable } from "./reachable.ts";
import { namesOf } from "./repositories.ts";
import { readerOf, requestOf } from "./repository-fetch.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";
import { type TakenIndex, takeIndex } from "./take-index.ts";
import { unsignedNotice } from "./unsigned-notice.ts";

export interface AddedRepository {
  readonly name: string;
  readonly url: string;
  readonly action: "add";
  readonly configFile: string;
  /** Null when it was not fetched, with --offline. */
  readonly packageCount: number | null;
  /** One for each version, and each build of it. */
  readonly entryCount: number | null;
  /** What the index says about itself; null for an index of an older version. */
  readonly trust: (TrustSummary & { readonly pinning: Pinning }) | null;
  /** Whether its index is signed; null when it was not fetched. */
  readonly signed: boolean | null;
  /** What it means that its index is not signed; null: it is. */
  readonly notice: string | null;
  /** Installed packages of another repository that had this name: they are not its own. */
  readonly orphans: readonly { readonly name: string; readonly owner: string }[];
}

/** What a repository is called until its index supplies a name. */
const NAMELESS = "new";

/**
 * Fetches and verifies the index of a repository, pins its keys, and adds it to the config file: all of that or none of
 * it. With --offline, an index on another machine is fetched and pinned by the first sync.
 *
 * @throws {PkgError} REPOSITORY_EXISTS, USAGE, KEY_INVALID; OFFLINE without a name; those of fetchIndex and takeIndex
 */
export async function addRepository(cap: SyncCapabilities, request: AddRepositoryRequest): Promise<AddedRepository> {
  const { config, emit } = cap;
  const { name, place } = request;
  const written = parseNewRepository(request);
  if (name !== null) checkFree(config, name);
  // Problems with keys and threshold are reported before anything is fetched.
  const configured = configuredRepository(name ?? NAMELESS, written, config.host);
  const draft = { ...configured, bundle: request.bundle ?? null, areKeysTyped: true };
  if (name !== null && (await reachable(cap.network, [draft])).length === 0) {
    writeRepository(config, name, { ...written });
    return {
      ...facts(config, draft),
      packageCount: null,
      entryCount: null,
      trust: null,
      signed: null,
      notice: null,
      orphans: [],
    };
  }
  const id = `sync:${draft.name}`;
  emit({ kind: "task-started", id, title: `add ${name ?? place}`, totalBytes: null });
  try {
    const added = await fetchAndAdd(cap, { request, draft, written });
    emit({ kind: "task-done", id, summary: formatCount(added.packageCount ?? 0, "package") });
    return added;
  } catch (error) {
    emit({ kind: "task-failed", id, error: asFailure(error) });
    throw error;
  }
}

interface Adding {
  readonly request: AddRepositoryRequest;
  readonly draft: ConfiguredRepository;
  readonly written: NewRepository;
}

async function fetchAndAdd(cap: SyncCapabilities, { request, draft, written }: Adding): Promise<AddedRepository> {
  const { config, indexes, emit } = cap;
  const trust = await cap.trust();
  const reader = readerOf(cap, draft.name);
  const task = `add "${request.name ?? request.place}"`;
  const fetching = requestOf(cap, draft, { task, namedBy: "person" });
  const fetched = await fetchWhole(reader, fetching);
  const name = request.name ?? (await nameFrom(config, fetched, { url: written.url, bundle: request.bundle }));
  const repository = { ...draft, name };
  const isNew = trust.get(name) === null;
  const taken = await takeIndex(
    { indexes, trust, host: config.host, configured: [...namesOf(config), name], emit, now: cap.now() },
    {
      ...{
        repository,
        fetched,
        task: `add "${name}"`,
        accepted: null,
        acceptLoss: false,
        allowStale: request.allowStale ?? false,
      },
      refetch: () => fetchWhole(reader, fetching),
    },
  );
  try {
    writeRepository(config, name, { ...written });
  } catch (error) {
    indexes.remove(name);
    if (isNew) trust.forget(name);
    if (isNew) trust.owners.retire(name, cap.now());
    throw error;
  }
  const signed = taken.signers.length > 0;
  return {
    ...facts(config, repository),
    packageCount: taken.packages,
    entryCount: taken.entries,
    trust: toldOf(taken),
    signed,
    notice: signed ? null : unsignedNotice(repository),
    orphans: trust.owners.orphans(name).map(({ package: orphan, owner }) => ({
      name: orphan,
      owner: describeOwner({ ...owner, isOrphan: true }),
    })),
  };
}

function toldOf({ trusted }: TakenIndex): AddedRepository["trust"] {
  return trusted === null ? null : { ...describeTrust(trusted.record, trusted.record.url), pinning: trusted.pinning };
}

function facts({ paths }: Config, { name, url }: ConfiguredRepository) {
  return { name, url, action: "add", configFile: paths.configFile } as const;
}
