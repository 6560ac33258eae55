import { createReadStream } from "node:fs";
import { asFailure } from "../capabilities/outcome.ts";
import { type Repository, repositoryOf, type WrittenRepository } from "../config/config.ts";
import { checkIndexUrl, checkRepositoryName } from "../config/repository-rules.ts";
import { PkgError } from "../errors.ts";
import { openContainer } from "../index/container.ts";
import { readElements } from "../index/elements.ts";
import { decodeHeader, isVersionedHeader } from "../index/header.ts";
import { INDEX_LIMITS } from "../index/read-index.ts";
import { looksLikeReference } from "../oci/reference.ts";
import type { IndexHeader } from "../package/index-header.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import type { Pinning } from "../verify/trust-request.ts";
import { writeRepository } from "./config-file.ts";
import type { FetchedIndex } from "./fetched-index.ts";
import { fetchIndex } from "./index-source.ts";
import { describeTrust, type TrustSummary } from "./index-summary.ts";
import { replaceFetched } from "./replace-fetched.ts";
import { findOrNull } from "./repositories.ts";
import { repositoryName } from "./repository-name.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";

export interface AddRepositoryRequest {
  /** Null: it is made of what the index calls itself. */
  readonly name: string | null;
  /** An address, or a reference such as `ghcr.io/me/index`. */
  readonly place: string;
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
  /** What the index says of itself; null for the older forms. */
  readonly trust: (TrustSummary & { readonly pinning: Pinning }) | null;
}

/** What a repository is called until its index has told. */
const NAMELESS = "new";

/**
 * Fetches and verifies the index of a repository, pins its keys, and adds it to the config file; all of that or nothing.
 * With --offline it is only added, and its index fetched and pinned by the first sync.
 *
 * @throws {PkgError} REPOSITORY_EXISTS, USAGE, KEY_INVALID; those of replaceIndex
 */
export async function addRepository(cap: SyncCapabilities, request: AddRepositoryRequest): Promise<AddedRepository> {
  const written = writtenOf(request);
  const { config } = cap;
  if (request.name !== null) checkFree(cap, request.name);
  // Whatever is wrong with keys and threshold shows before anything is fetched.
  const draft = repositoryOf(request.name ?? NAMELESS, written, config.host);
  if (config.offline && request.name !== null) {
    writeRepository(config, request.name, { ...written });
    return { ...facts(cap, draft), packages: null, trust: null };
  }
  const id = `sync:${draft.name}`;
  cap.emit({ kind: "task-started", id, title: `add ${request.name ?? request.place}`, totalBytes: null });
  try {
    const added = await fetchAndAdd(cap, { request, draft, written });
    cap.emit({ kind: "task-done", id, summary: `${added.packages} packages` });
    return added;
  } catch (error) {
    cap.emit({ kind: "task-failed", id, error: asFailure(error) });
    throw error;
  }
}

interface Adding {
  readonly request: AddRepositoryRequest;
  readonly draft: Repository;
  readonly written: Written;
}

async function fetchAndAdd(cap: SyncCapabilities, { request, draft, written }: Adding): Promise<AddedRepository> {
  if (!cap.config.offline) (await cap.network()).trustIndexUrl(draft.url);
  const fetched = await fetchIndex(cap, { repository: draft, known: null, answerWithinMs: null });
  if (fetched === null) throw new Error("nothing was known, and the index is unchanged");
  const name = request.name ?? (await nameFrom(cap, fetched, written.url));
  return await addFetched(cap, { ...draft, name }, { fetched, written });
}

type Written = Required<Pick<WrittenRepository, "url">> & Pick<WrittenRepository, "keys" | "threshold">;

function writtenOf({ place, keys, threshold }: AddRepositoryRequest): Written {
  const url = looksLikeReference(place) ? `oci://${place}` : place;
  if (!url.includes("://")) {
    throw new PkgError("USAGE", `Cannot add a repository: the URL is missing, found only "${place}"`, {
      hint: "Type pkg repo add NAME URL, or pkg repo add ghcr.io/owner/index",
    });
  }
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

function checkFree({ config }: SyncCapabilities, name: string): void {
  checkRepositoryName(name, "USAGE");
  if (findOrNull(config, name) === null) return;
  throw new PkgError("REPOSITORY_EXISTS", `Cannot add "${name}": a repository of that name is configured`, {
    hint: `Run \`pkg repo remove ${name}\` first, or choose another name with --name`,
  });
}

/** The download is removed when no name can be made of it. */
async function nameFrom(cap: SyncCapabilities, { download }: FetchedIndex, url: string): Promise<string> {
  try {
    const header = await readHeader(download.path);
    if (header === null) {
      throw new PkgError("USAGE", `Cannot add "${url}": its index does not say what it is called`, {
        hint: `Give it a name: pkg repo add NAME ${url}`,
      });
    }
    const name = repositoryName(header.repository);
    checkFree(cap, name);
    return name;
  } catch (error) {
    download.remove();
    throw error;
  }
}

/** What a v1 index says of itself; null for the older forms. Nothing of it is verified. */
async function readHeader(path: string): Promise<IndexHeader | null> {
  for await (const part of readElements(openContainer(createReadStream(path), INDEX_LIMITS), INDEX_LIMITS)) {
    return part.kind === "header" && isVersionedHeader(part.header) ? decodeHeader(part.header) : null;
  }
  return null;
}

async function addFetched(
  cap: SyncCapabilities,
  repository: Repository,
  { fetched, written }: { readonly fetched: FetchedIndex; readonly written: Written },
): Promise<AddedRepository> {
  const { name } = repository;
  const trust = await cap.trust();
  const isNew = trust.get(name) === null;
  const task = `add "${name}"`;
  const request = { repository, fetched, accepted: null, allowStale: false, task, answerWithinMs: null };
  const { replaced } = await replaceFetched(cap, request);
  try {
    writeRepository(cap.config, name, { ...written });
  } catch (error) {
    cap.indexes.remove(name);
    if (isNew) trust.forget(name);
    throw error;
  }
  const { trusted, entries } = replaced;
  const told = trusted === null ? null : { ...describeTrust(trusted.record), pinning: trusted.pinning };
  return { ...facts(cap, repository), packages: entries, trust: told };
}

function facts({ config }: SyncCapabilities, { name, url }: Repository) {
  return { name, url, change: "added", configFile: config.paths.configFile } as const;
}
