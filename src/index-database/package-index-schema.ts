import type { Digest } from "../oci/digest.ts";
import type { KeySet } from "../package/key-set.ts";

/** Where an index came from, and what was found in it. */
export interface IndexMeta extends WrittenMeta {
  /** How many different packages it has. */
  readonly packages: number;
}

/** The part of it that is written down; the rest follows from the entries. */
export interface WrittenMeta {
  readonly url: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Which of several files at the address it is; absent: there is only one. */
  readonly file?: string;
  /** When its content was first seen, in milliseconds since the epoch. */
  readonly syncedAtMs: number;
  /** One for each version, and each build of it. */
  readonly entries: number;
  readonly skipped: number;
  readonly format: string;
  /** Id of the key that signed the index; null when it was not signed. */
  readonly keyId: string | null;
  /** The config's rules by which it was checked: when these change, the index is fetched again. */
  readonly checkedBy: string;
  /** Null for the older forms, which say nothing about themselves. */
  readonly trust: IndexTrust | null;
  /** How its document was read, so that what is the same in the next one can be told by its bytes; absent: that cannot be told. */
  readonly readAs?: string;
}

/** What a signed index says about itself; verified. */
export interface IndexTrust {
  /** What it calls itself. */
  readonly repository: string;
  readonly serial: number;
  /** Of the unpacked document. */
  readonly digest: Digest;
  /** Milliseconds since the epoch. */
  readonly issuedMs: number;
  /** Milliseconds since the epoch. */
  readonly expiresMs: number;
  /** The set in force: its keys sign the packages too. */
  readonly keySet: KeySet;
  /** Ids of the keys that signed it. */
  readonly signers: readonly string[];
}

/** To be changed whenever a table or IndexMeta changes: an index of another version is then fetched again. */
export const INDEX_SCHEMA_VERSION = 12;

/** Kinds of name, in the order in which a name is looked up. */
export const NAME_KINDS = { name: 0, recipe: 1, alias: 2, provides: 3 } as const;

const KINDS = Object.keys(NAME_KINDS).length;

/** A position and the kind of a name, as `names` holds them. */
export function nameNumber(position: number, kind: number): number {
  return position * KINDS + kind;
}

/** What nameNumber() was made of. */
export function nameOf(number: number): { readonly position: number; readonly kind: number } {
  return { position: positionOf(number), kind: kindOf(number) };
}

/** The position of what nameNumber() was made of. */
export function positionOf(number: number): number {
  return Math.floor(number / KINDS);
}

/** The kind of what nameNumber() was made of; see NAME_KINDS. */
export function kindOf(number: number): number {
  return number % KINDS;
}

/** More platforms than there are; an index with more of them does not tell of the others. */
export const MAX_HOSTS = 256;

/** The how manieth element for another platform, and the index of that platform, as `elsewhere` holds them. */
export function elsewhereNumber(element: number, host: number): number {
  return element * MAX_HOSTS + host;
}

/** The form in which names are looked up. */
export function foldName(name: string): string {
  return name.toLowerCase();
}
