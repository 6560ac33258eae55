import { compressDocument } from "../archive/compression.ts";
import { parseDuration } from "../base/duration.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import type { V1Entry } from "../generated/index-schema.js";
import { diffIndexes, type IndexDiff } from "../index/diff.ts";
import { formatDocument } from "../index/document.ts";
import { type IndexDocument, readDocument } from "../index/read-document.ts";
import { readPublicKey } from "../keys/read-public-key.ts";
import { openSigners, type SignersRequest } from "../keys/signers.ts";
import type { PlaceCapabilities } from "../oci-tools/open-place.ts";
import type { IndexHeader } from "../package/index-header.ts";
import { keySetText } from "../package/key-set.ts";
import type { Signer } from "../sign/signer.ts";
import { MAX_LIFE_DAYS } from "../verify/index-freshness.ts";
import type { CheckedKeySet } from "../verify/key-sets.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { requireOwnWork } from "./check-signers.ts";
import { type CollectedEntries, collectEntries, entryRepository } from "./collect-entries.ts";
import { checkSigners, decideKeySets, type KeySets, keySetFileName } from "./decide-key-sets.ts";
import type { IndexFile } from "./index-file.ts";
import { findPackageSources, type IndexSources } from "./package-sources.ts";
import { createIndexProblems, type IndexProblems } from "./problems.ts";

export type DraftCapabilities = PlaceCapabilities & Pick<Capabilities, "emit" | "retry" | "now">;

/** How an index is to be made; what is null is as it was in the index before. */
export interface DraftOptions {
  readonly sources: IndexSources;
  /** Leaves out what the index before has of other repositories. */
  readonly only: boolean;
  /** Newest versions of each package to keep; null: all. */
  readonly versions: number | null;
  /** What the index calls itself. */
  readonly repository: string | null;
  /** Null: one more than before, at first 1. */
  readonly serial: number | null;
  /** How long it is good for, e.g. `30d`. */
  readonly expiresIn: string;
  /** Public keys that may sign from now on, each as text, as a file, or as the name of a kept key; none: as before. */
  readonly trust: readonly string[];
  /** How many of them must. */
  readonly threshold: number | null;
  readonly signing: SignersRequest;
}

export interface DraftIndexRequest extends DraftOptions {
  /** The index to build on; null: it is the first. */
  readonly previous: IndexFile | null;
  /** Null: there is no place for it. */
  readonly exchange: KeySetExchange | null;
}

/** Where the text of a new key set is left for others to sign, and their signatures are found. */
export interface KeySetExchange {
  /** Signatures of the file of this name, each four lines. */
  collected(fileName: string): readonly string[];
  /** Leaves the text there; gives the path. */
  leave(fileName: string, text: string): string;
}

/** An index that is nowhere yet. */
export interface IndexDraft {
  readonly header: IndexHeader;
  readonly entries: readonly V1Entry[];
  /** The document, and the same packed. */
  readonly document: Buffer;
  readonly packed: Buffer;
  readonly inForce: CheckedKeySet;
  /** How many entries were read anew. */
  readonly read: number;
  /** What it has other than the index before; null: there was none. */
  readonly changes: IndexDiff | null;
}

export interface Drafted {
  readonly draft: IndexDraft;
  /** Who signs it, or a key set of it. */
  readonly signers: readonly Signer[];
  /** What did not fit, and is not in it. */
  readonly problems: readonly PkgError[];
}

/**
 * Makes the next index of what its sources hold.
 *
 * @throws {PkgError} USAGE; INDEX_MISMATCH, INDEX_ROLLED_BACK, CLOCK_WRONG for one that could not follow the index before;
 * as requireOwnWork, decideKeySets, checkSigners, findPackageSources; SIGNATURE_MISSING for a key set that too few have signed;
 * those of the network
 */
export async function draftPackageIndex(cap: DraftCapabilities, request: DraftIndexRequest): Promise<Drafted> {
  const signers = await openSigners(cap.config, request.signing);
  const trust =
    request.trust.length === 0
      ? null
      : request.trust.map(
          (text) => readPublicKey(text, { paths: cap.config.paths, directory: request.sources.directory }).text,
        );
  const before = request.previous === null ? null : await readDocument(request.previous.bytes);
  const facts = nextFacts(request, before?.header ?? null, Math.floor(cap.now() / 1000) * 1000);
  const chosen = { ...request, trust, signers };
  const keySets = chooseKeySets(chosen, before?.header ?? null, facts);
  checkSigners(signers, [...(before?.header.keySets.slice(-1) ?? []), keySets.inForce]);
  if (before !== null && request.previous !== null) requireOwnWork(request.previous, before.header, ownKeys(chosen));
  const problems = createIndexProblems();
  const { entries, read } = await readSources(cap, request, { before, problems });
  const header: IndexHeader = { ...facts, keySets: keySets.all };
  const document = formatDocument(header, entries);
  const draft = {
    ...{ header, entries, document, packed: await compressDocument(document), inForce: keySets.inForce, read },
    changes: before === null ? null : diffIndexes(side(before), { entries, keySet: keySets.inForce }),
  };
  return { draft, signers, problems: problems.errors };
}

async function readSources(
  cap: DraftCapabilities,
  { sources, only, versions }: DraftIndexRequest,
  { before, problems }: { readonly before: IndexDocument | null; readonly problems: IndexProblems },
): Promise<CollectedEntries> {
  const previous = before?.entries ?? [];
  const found = await findPackageSources(cap, withDefault(sources, previous));
  return collectEntries(cap, { sources: found, previous, only, without: sources.without, versions, problems });
}

/** Who signs, and whom the next key set is to name; null: as before. */
interface Chosen extends Omit<DraftIndexRequest, "trust"> {
  readonly trust: readonly string[] | null;
  readonly signers: readonly Signer[];
}

type Facts = Omit<IndexHeader, "keySets">;

/** What the header says but for its key sets; each must be able to follow what was there before. */
function nextFacts(request: DraftIndexRequest, before: IndexHeader | null, issuedMs: number): Facts {
  const lifeMs = lifeOf(request.expiresIn);
  const repository = request.repository ?? before?.repository;
  const serial = request.serial ?? (before?.serial ?? 0) + 1;
  if (repository === undefined) {
    throw new PkgError("USAGE", "Cannot build the index: it has no name", {
      hint: "Give it one with --repository, e.g. the reference it will be published at: ghcr.io/owner/index",
    });
  }
  if (before !== null) checkFollows({ repository, serial, issuedMs }, before);
  return { repository, serial, issuedMs, expiresMs: issuedMs + lifeMs };
}

function lifeOf(text: string): number {
  const lifeMs = parseDuration(text, "--expires-in") ?? 0;
  if (lifeMs > 0 && lifeMs <= MAX_LIFE_DAYS * DAY_MS) return lifeMs;
  throw new PkgError("USAGE", `Cannot use --expires-in: expected at most ${MAX_LIFE_DAYS} days, found "${text}"`, {
    hint: "An index that nobody renews should not be good for ever, e.g. --expires-in 30d",
  });
}

const DAY_MS = 24 * 60 * 60 * 1000;

function checkFollows(next: Pick<Facts, "repository" | "serial" | "issuedMs">, before: IndexHeader): void {
  if (next.repository !== before.repository) {
    throw new PkgError(
      "INDEX_MISMATCH",
      `Cannot build the index: the one before calls itself "${before.repository}", expected "${next.repository}"`,
      { hint: "An index keeps its name: those who use it take no other. Leave out --repository" },
    );
  }
  if (next.serial <= before.serial) {
    throw new PkgError(
      "INDEX_ROLLED_BACK",
      `Cannot build the index: its serial is ${next.serial}, expected more than ${before.serial}`,
      { hint: "Leave out --serial" },
    );
  }
  if (next.issuedMs >= before.issuedMs) return;
  throw new PkgError("CLOCK_WRONG", "Cannot build the index: by this machine's clock the one before is of the future", {
    hint: "Set the clock",
  });
}

/** A set that too few have signed would make an index that nobody takes. */
function chooseKeySets(request: Chosen, before: IndexHeader | null, facts: Facts): KeySets {
  const previous = before?.keySets ?? [];
  const { trust, threshold, signers, exchange } = request;
  const { repository } = facts;
  const fileName = keySetFileName({ version: previous.length + 1 });
  const keySets = decideKeySets({
    ...{ repository, previous, trust, threshold, signers },
    collected: exchange?.collected(fileName) ?? [],
    timestamp: facts.issuedMs / 1000,
  });
  const { problem, missing } = keySets;
  if (problem === null) return keySets;
  const path = exchange?.leave(fileName, keySetText(repository, keySets.inForce));
  const how =
    path === undefined
      ? "Sign with more keys: --key NAME --key OTHER; or have others sign it, which `pkg index build --output DIR` is for"
      : `Have "${path}" signed by ${missing.join(", ")}, with \`pkg index sign\` or \`minisign -S\`, then run this again`;
  throw new PkgError("SIGNATURE_MISSING", `Cannot build the index: ${problem}`, { hint: how });
}

function ownKeys({ signers, trust }: Chosen) {
  return [...signers.map(({ publicKey }) => publicKey), ...(trust ?? [])].map(parsePublicKey);
}

/** Without any named, the packages that are in the index are looked at again. */
function withDefault(sources: IndexSources, previous: readonly V1Entry[]): IndexSources {
  if (sources.named.length + sources.prefixes.length > 0) return sources;
  const named = [...new Set(previous.map(entryRepository))];
  if (named.length > 0) return { ...sources, named };
  throw new PkgError("USAGE", "Cannot build the index: there is nothing to build it of", {
    hint: "Name repositories, e.g. ghcr.io/owner/tools/trurl, or pkg.json files",
  });
}

function side({ header, entries }: IndexDocument) {
  return { entries, keySet: header.keySets.at(-1) ?? null };
}
