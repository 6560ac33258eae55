import { compressDocument } from "../archive/compression.ts";
import { formatCount } from "../base/age.ts";
import { PkgError } from "../errors.ts";
import type { V1Entry } from "../generated/index-schema.js";
import { diffIndexes, type GonePackage, gonePackages, type IndexDiff } from "../index/diff.ts";
import { formatDocument } from "../index/document.ts";
import { type IndexDocument, readDocument } from "../index/read-document.ts";
import type { KeySettings } from "../keys/key-files.ts";
import { readPublicKey } from "../keys/read-public-key.ts";
import { openSigners, type SignersRequest } from "../keys/signers.ts";
import type { IndexHeader } from "../package/index-header.ts";
import type { PublicKey } from "../package/public-key.ts";
import type { Signer } from "../sign/signer.ts";
import type { CheckedKeySet } from "../verify/key-sets.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import type { AcceptRequest } from "./check-signed.ts";
import { requireOwnWork } from "./check-signers.ts";
import { chooseKeySets, type KeySetExchange } from "./choose-key-sets.ts";
import { type CollectedEntries, collectEntries, entryRepository } from "./collect-entries.ts";
import { checkSigners } from "./decide-key-sets.ts";
import type { IndexFile } from "./index-file.ts";
import { nextFacts } from "./next-facts.ts";
import type { PackageReader } from "./package-reader.ts";
import { findPackageSources, type IndexSources } from "./package-sources.ts";
import { createIndexProblems, type IndexProblems } from "./problems.ts";

/** Options for the next index; null keeps what the previous index has. */
export interface DraftOptions extends AcceptRequest {
  readonly sources: IndexSources;
  /** Leaves out the packages that the previous index has from other repositories. */
  readonly only: boolean;
  /** How many of the newest versions of each package to keep; null: all. */
  readonly versions: number | null;
  /** What the index calls itself. */
  readonly repository: string | null;
  /** Null: one more than before, at first 1. */
  readonly serial: number | null;
  /** How long it is valid, e.g. `30d`. */
  readonly expiresIn: string;
  /** Public keys that may sign from now on, each as text, as a file, or as the name of a kept key; empty: as before. */
  readonly trust: readonly string[];
  /** How many of these keys have to sign. */
  readonly threshold: number | null;
  readonly signing: SignersRequest;
}

/** The keys of a draft, as they were read. */
export interface DraftKeys {
  /** Public keys that may sign from now on; null: as before. */
  readonly trust: readonly string[] | null;
  readonly signers: readonly Signer[];
  /** Further keys whose packages may be in the index. */
  readonly accepted: readonly PublicKey[];
}

/** What a draft is made from. */
export interface DraftIndexRequest extends Omit<DraftOptions, "trust" | "signing" | "acceptKeys">, DraftKeys {
  /** The index to build on; null: this is the first. */
  readonly previous: IndexFile | null;
  /** The highest serial that is known to have been published; the next one is higher. 0: none is known. */
  readonly lowestSerial: number;
  /** Null: key sets cannot be handed to others to sign. */
  readonly exchange: KeySetExchange | null;
  /** Makes an index even if packages have to be left out. */
  readonly keepGoing: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A new index, neither written nor published yet. */
export interface IndexDraft {
  readonly header: IndexHeader;
  readonly entries: readonly V1Entry[];
  readonly document: Buffer;
  /** The document, packed with zstd. */
  readonly packed: Buffer;
  readonly inForce: CheckedKeySet;
  /** How many entries were read from registries. */
  readonly read: number;
  /** How it differs from the previous index; null: this is the first. */
  readonly changes: IndexDiff | null;
  /** Packages that the previous index has and this one has not. */
  readonly gone: readonly GonePackage[];
}

/** A draft, and what had to be left out of it. */
export interface Drafted {
  readonly draft: IndexDraft;
  /** Why packages were left out. */
  readonly problems: readonly PkgError[];
}

/**
 * Reads the keys of a draft: unlocks those that sign, reads those that are to be trusted.
 *
 * @throws {PkgError} as openSigners and readPublicKey
 */
export async function openDraftKeys(settings: KeySettings, options: DraftOptions): Promise<DraftKeys> {
  const { signing, trust, acceptKeys = [], sources } = options;
  const from = { paths: settings.paths, directory: sources.directory };
  const read = (texts: readonly string[]) => texts.map((text) => readPublicKey(text, from));
  const trusted = trust.length === 0 ? null : read(trust).map(({ text }) => text);
  const accepted = read(acceptKeys);
  // Last, since to unlock a key takes seconds, and perhaps a person.
  return { trust: trusted, accepted, signers: await openSigners(settings, signing) };
}

/**
 * Makes the next index from what its sources hold.
 *
 * @throws {PkgError} USAGE; INDEX_MISMATCH, INDEX_ROLLED_BACK, CLOCK_WRONG for an index that could not follow the previous one;
 * SIGNATURE_MISSING for a key set that too few have signed; as requireOwnWork, checkSigners, findPackageSources; those of
 * the network
 */
export async function draftPackageIndex(request: DraftIndexRequest, reader: PackageReader): Promise<Drafted> {
  const { previous, signers } = request;
  const before = previous === null ? null : await readDocument(previous.bytes);
  const facts = nextFacts(request, before?.header ?? null);
  const keySets = chooseKeySets(request, before?.header ?? null, facts);
  checkSigners(signers, [...(before?.header.keySets.slice(-1) ?? []), keySets.inForce]);
  if (before !== null && previous !== null) requireOwnWork(previous, before.header, ownKeys(request));
  const problems = createIndexProblems();
  const { entries, read } = await readSources(request, { before, problems, inForce: keySets.inForce }, reader);
  const isRefused = problems.errors.length > 0 && !request.keepGoing;
  if (before !== null && !isRefused) refuseEmpty(request, { before: before.entries, after: entries });
  const header: IndexHeader = { ...facts, keySets: keySets.all };
  const document = formatDocument(header, entries);
  const draft = {
    ...{ header, entries, document, packed: await compressDocument(document), inForce: keySets.inForce, read },
    changes: before === null ? null : diffIndexes(side(before), { entries, keySet: keySets.inForce }),
    gone: gonePackages(before?.entries ?? [], entries),
  };
  return { draft, problems: problems.errors };
}

/** An index that loses everything is a mistake, or somebody's wish. */
function refuseEmpty(
  { only, sources }: Pick<DraftIndexRequest, "only" | "sources">,
  { before, after }: { readonly before: readonly V1Entry[]; readonly after: readonly V1Entry[] },
): void {
  if (before.length === 0 || after.length > 0 || only || sources.without.length > 0) return;
  throw new PkgError(
    "INDEX_INVALID",
    `Cannot build the index: it would lose all that it has, ${formatCount(before.length, "entry")}`,
    {
      hint: "If that is meant, name the packages that are dropped: --without ghcr.io/me/tools/trurl",
    },
  );
}

interface DraftState {
  readonly before: IndexDocument | null;
  readonly problems: IndexProblems;
  readonly inForce: CheckedKeySet;
}

async function readSources(
  { sources, only, versions, accepted: others, acceptUnsigned = false, readPrograms = true }: DraftIndexRequest,
  { before, problems, inForce }: DraftState,
  reader: PackageReader,
): Promise<CollectedEntries> {
  const previous = before?.entries ?? [];
  const found = await findPackageSources(withDefault(sources, previous), reader);
  const accepted = { trusted: inForce.publicKeys, others, unsigned: acceptUnsigned, readPrograms };
  const recheck = (before?.header.keySets.at(-1)?.keys ?? []).some((key) => !inForce.keys.includes(key));
  const { without } = sources;
  return collectEntries({ sources: found, previous, only, without, versions, accepted, recheck, problems }, reader);
}

/** The builder's own keys: those that sign, and those that are to be trusted. */
export function ownKeys({ signers, trust }: DraftKeys): readonly PublicKey[] {
  return [...signers.map(({ publicKey }) => publicKey), ...(trust ?? [])].map(parsePublicKey);
}

/** If no source is named, the repositories in the previous index are read again. */
function withDefault(sources: IndexSources, previous: readonly V1Entry[]): IndexSources {
  if (sources.named.length + sources.prefixes.length > 0) return sources;
  const named = [...new Set(previous.map(entryRepository))];
  if (named.length > 0) return { ...sources, named };
  throw new PkgError("USAGE", "Cannot build the index: there is nothing to build it from", {
    hint: "Name packages, e.g. ghcr.io/owner/tools/trurl, or pkg.json files",
  });
}

function side({ header, entries }: IndexDocument) {
  return { entries, keySet: header.keySets.at(-1) ?? null };
}
