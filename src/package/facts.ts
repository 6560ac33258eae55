import type { Machine } from "./machine.ts";
import type { Libc, Provide } from "./metadata.ts";

/** What a publisher signed about a package, in its `PROGRAM.json`. */
export interface SignedFacts {
  readonly name: string;
  readonly version: string;
  /** e.g. `x86_64-linux`, lower case. */
  readonly host: string;
  readonly libc: Libc | null;
  /** The repository that it was published in, without tag or digest: `ghcr.io/me/tools/trurl`. */
  readonly repository: string;
  /** Of the program: lower-case hex, and bytes. */
  readonly sha256: string;
  readonly blake3: string | null;
  readonly sizeBytes: number;
  /** True for a directory, packed. */
  readonly isArchive: boolean;
  /** Its programs, and the names that they are linked as; empty: its own name, or all that a directory has. */
  readonly provides: readonly Provide[];
}

/** A `PROGRAM.json` as it was fetched; nothing in it is trusted yet. */
export interface WrittenFacts {
  /** e.g. `trurl.json`. */
  readonly title: string;
  readonly bytes: Buffer;
  /** The bytes of `trurl.json.sig`. */
  readonly signature: Buffer;
}

/** What a package has to be, where only its own signed facts can say what it is. */
export interface WantedFacts {
  readonly name: string;
  readonly version: string;
  /** The repository that it was published in; null: any. */
  readonly repository: string | null;
  readonly machine: Machine;
  /** What an earlier version was signed as: then the facts are required, and are the same program's. Null: no earlier one. */
  readonly signedBefore: string | null;
  /** Whether to record that no facts were signed. */
  readonly tellsMissing: boolean;
  /** The facts, if they had to be read to learn what a reference means. */
  readonly written: WrittenFacts | null;
}
