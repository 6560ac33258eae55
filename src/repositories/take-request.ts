import type { EmitEvent } from "../base/events.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import type { DocumentForm } from "../index/formats/entry-format.ts";
import type { ReadIndexResult } from "../index/read-index.ts";
import type { IndexTrust } from "../index-database/package-index.ts";
import type { IndexWriter } from "../index-database/package-index-writer.ts";
import type { PackageIndexes } from "../index-database/package-indexes.ts";
import type { PublicKey } from "../package/public-key.ts";
import type { TrustStore } from "../state/trust.ts";
import type { FetchedIndex } from "./fetched-index.ts";
import type { JudgedIndex } from "./judge-index.ts";

/** Where an accepted index is stored, and what is remembered about it. */
export interface IndexTaker {
  readonly indexes: PackageIndexes;
  readonly trust: TrustStore;
  /** The names of the repositories that the config has. */
  readonly configured: readonly string[];
  /** The platform of this machine, e.g. `x86_64-linux`. */
  readonly host: string;
  readonly emit: EmitEvent;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A fetched index to judge and to store. */
export interface TakeIndexRequest {
  readonly repository: ConfiguredRepository;
  /** Removed in the end, whether or not it is accepted. */
  readonly fetched: FetchedIndex;
  /** Fetches it again, with its signatures. */
  readonly refetch: () => Promise<FetchedIndex>;
  /** The new keys that a person accepts; null: none are. */
  readonly accepted: readonly PublicKey[] | null;
  readonly allowStale: boolean;
  /** Whether a person accepts that many formulae are missing at once. */
  readonly acceptLoss: boolean;
  /** Whether entries that are the same in the index in place are taken over from there; default: no. */
  readonly takesOver?: boolean;
  /** What cannot be done if it is refused, for the message. */
  readonly task: string;
}

/** A fetched index that is read into a new one, which is not in place yet. */
export interface Accepting extends TakeIndexRequest {
  readonly writer: IndexWriter;
}

/** An index that was read and judged, and may be put in place. */
export interface AcceptedContent {
  readonly read: Pick<ReadIndexResult, "entries" | "skipped"> & {
    readonly format: string;
    /** Absent for formulae, which are not read element by element. */
    readonly form?: DocumentForm;
  };
  readonly judged: JudgedIndex;
  /** Remembers, durably, what shows that a later one is older. */
  readonly remember: () => void;
  /** True if nothing was pinned for the repository. */
  readonly isFirst: boolean;
  /** Null for an index that says nothing about itself. */
  readonly trust: IndexTrust | null;
  /** When its content was first seen, ms since the epoch. */
  readonly sinceMs: number;
}
