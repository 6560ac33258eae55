import { createReadStream, existsSync } from "node:fs";
import { resolve } from "node:path";
import { asFailure } from "../capabilities/outcome.ts";
import { type Config, type Repository, repositoryOf, type WrittenRepository } from "../config/config.ts";
import { indexUrlOf } from "../config/index-address.ts";
import { checkIndexUrl, checkRepositoryName } from "../config/repository-rules.ts";
import { PkgError } from "../errors.ts";
import { openContainer } from "../index/container.ts";
import { readElements } from "../index/elements.ts";
import { decodeHeader, isVersionedHeader } from "../index/header.ts";
import { INDEX_LIMITS } from "../index/read-index.ts";
import type { IndexHeader } from "../package/index-header.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import type { Pinning } from "../verify/trust-request.ts";
import { writeRepository } from "./config-file.ts";
import { fetchWhole } from "./fetch-index.ts";
import type { FetchedIndex } from "./fetched-index.ts";
import { describeTrust, type TrustSummary } from "./index-summary.ts";
import { reachable } from "./reachable.ts";
import { findOrNull } from "./repositories.ts";
import { readerOf, requestOf } from "./repository-fetch.ts";
import { repositoryName } from "./repository-name.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";
import { type TakenIndex, takeIndex } from "./take-index.ts";

export interface AddRepositoryRequest {
  /** Null: it is made of what the index calls itself. */
  readonly name: string | null;
  /** As typed: an address, a reference such as `ghcr.io/me/index`, a layout, a file, a directory. */
  readonly place: string;
  /** Where relative paths begin. */
  readonly directory: string;
  /** minisign public keys. */
  readonly keys: readonly string[];
  /** How many of them have to sign; null: one. */
  readonly threshold: number | null;
}

export interface AddedRepository {
  readonly name: string;
  readonly url: string;
  readonly change: "added";
  readonly configFile: string;
  /** Null when it was not fetched, with --offline. */
  readonly packages: number | null;
  /** What the index says of itself; null for one of an older version. */
  readonly trust: (TrustSummary & { readonly pinning: Pinning }) | null;
}

/** What a repository is called until its index tells its name. */
const NAMELESS = "new";

/**
 * Fetches and verifies the index of a repository, pins its keys, and adds it to the config file; all of that or nothing.
 * With --offline an index on another machine is fetched and pinned by the first sync.
 *
 * @throws {PkgError} REPOSITORY_EXISTS, USAGE, KEY_INVALID; OFFLINE without a name; those of fetchIndex and takeIndex
 */
export async function addRepository(cap: SyncCapabilities, request: AddRepositoryRequest): Promise<AddedRepository> {
  const { config, emit } = cap;
  const { name, place } = request;
  const written = writtenOf(request);
  if (name !== null) checkFree(config, name);
  // Whatever is wrong with keys and threshold shows before anything is fetched.
  const draft = repositoryOf(name ?? NAMELESS, written, config.host);
  if (name !== null && (await reachable(cap.network, [draft])).length === 0) {
    writeRepository(config, name, { ...written });
    return { ...facts(config, draft), packages: null, trust: null };
  }
  const id = `sync:${draft.name}`;
  emit({ kind: "task-started", id, title: `add ${name ?? place}`, totalBytes: null });
  try {
    const added = await fetchAndAdd(cap, { request, draft, written });
    emit({ kind: "task-done", id, summary: `${added.packages} packages` });
    return added;
  } catch (error) {
    emit({ kind: "task-failed", id, error: asFailure(error) });
    throw error;
  }
}

interface Adding {
  readonly request: AddRepositoryRequest;
  readonly draft: Repository;
  readonly written: Written;
}

async function fetchAndAdd(cap: SyncCapabilities, { request, draft, written }: Adding): Promise<AddedRepository> {
  const { config, indexes, emit } = cap;
  const reader = readerOf(cap, draft.name);
  const task = `add "${request.name ?? request.place}"`;
  const fetching = requestOf(cap, draft, { task, namedBy: "person", answerWithinMs: null });
  const fetched = await fetchWhole(reader, fetching);
  const name = request.name ?? (await nameFrom(config, fetched, written.url));
  const repository = { ...draft, name };
  const trust = await cap.trust();
  const isNew = trust.get(name) === null;
  const taken = await takeIndex(
    { indexes, trust, host: config.host, emit, now: cap.now() },
    {
      ...{ repository, fetched, task: `add "${name}"`, accepted: null, allowStale: false },
      refetch: () => fetchWhole(reader, fetching),
    },
  );
  try {
    writeRepository(config, name, { ...written });
  } catch (error) {
    indexes.remove(name);
    if (isNew) trust.forget(name);
    throw error;
  }
  return { ...facts(config, repository), packages: taken.entries, trust: toldOf(taken) };
}

function toldOf({ trusted }: TakenIndex): AddedRepository["trust"] {
  return trusted === null ? null : { ...describeTrust(trusted.record), pinning: trusted.pinning };
}

type Written = Required<Pick<WrittenRepository, "url">> & Pick<WrittenRepository, "keys" | "threshold">;

function writtenOf({ place, directory, keys, threshold }: AddRepositoryRequest): Written {
  const isWord = !/[/:]/.test(place);
  if (isWord && !existsSync(resolve(directory, place))) {
    throw new PkgError("USAGE", `Cannot add a repository: the URL is missing, found only "${place}"`, {
      hint: "Type pkg repo add NAME URL, or pkg repo add ghcr.io/owner/index",
    });
  }
  const url = place.includes("://") ? place : indexUrlOf(place, directory);
  checkIndexUrl(url, "USAGE");
  const parsed = keys.map((key) => parsePublicKey(key).text);
  if (threshold !== null && (!Number.isInteger(threshold) || threshold < 1 || threshold > new Set(parsed).size)) {
    throw new PkgError(
      "USAGE",
      `Cannot use --threshold: it is ${threshold}, expected a whole number from 1 to ${parsed.length}, the number of keys`,
      { hint: "Name each key with --key RW…" },
    );
  }
  return { url, ...(parsed.length > 0 ? { keys: parsed } : {}), ...(threshold === null ? {} : { threshold }) };
}

function checkFree(config: Config, name: string): void {
  checkRepositoryName(name, "USAGE");
  if (findOrNull(config, name) === null) return;
  throw new PkgError("REPOSITORY_EXISTS", `Cannot add "${name}": a repository of that name is configured`, {
    hint: `Run \`pkg repo remove ${name}\` first, or choose another name with --name`,
  });
}

/** What the index calls itself, as a repository's name. The download is removed when there is none. */
async function nameFrom(config: Config, { download }: FetchedIndex, url: string): Promise<string> {
  try {
    const header = await readHeader(download.path);
    if (header === null) {
      throw new PkgError("USAGE", `Cannot add "${url}": its index does not say what it is called`, {
        hint: `Give it a name: pkg repo add NAME ${url}`,
      });
    }
    const name = repositoryName(header.repository);
    checkFree(config, name);
    return name;
  } catch (error) {
    download.remove();
    throw error;
  }
}

/** What an index says of itself; null for one of an older version. Nothing of it is verified. */
async function readHeader(path: string): Promise<IndexHeader | null> {
  for await (const part of readElements(openContainer(createReadStream(path), INDEX_LIMITS), INDEX_LIMITS)) {
    return part.kind === "header" && isVersionedHeader(part.header) ? decodeHeader(part.header) : null;
  }
  return null;
}

function facts({ paths }: Config, { name, url }: Repository) {
  return { name, url, change: "added", configFile: paths.configFile } as const;
}
