import type { Digest } from "../oci/digest.ts";
import type { KegFacts } from "./keg.ts";

/**
 * One package of one version in one repository's index: the single internal model that every
 * index format is decoded into. Absent optional facts are `null`, absent lists are empty.
 */
export interface PackageEntry {
  /** The name it is installed as, e.g. `trurl`. */
  readonly name: string;
  /** The recipe's name, e.g. `7z.static`. */
  readonly recipe: string;
  /** e.g. `curl`; empty when unknown. */
  readonly family: string;
  /** e.g. `github.com.ip7z.7zip`; (id, name, version) identifies an entry. */
  readonly id: string;
  /** `static`, `archive`, `appimage`, … as the index says. */
  readonly type: string;
  readonly version: string;
  /** e.g. `x86_64-linux`, lower case; empty when the index does not say. */
  readonly host: string;
  /** What the program is linked against; null when the index does not say, or it does not matter. */
  readonly libc: Libc | null;
  readonly description: string;
  readonly disabled: boolean;
  readonly installable: boolean;
  readonly deprecated: boolean;
  readonly artifact: PackageLocation;
  /** Bytes of the main file; null when unknown. */
  readonly sizeBytes: number | null;
  /** SHA-256 and BLAKE3 of the main file, lower-case hex. */
  readonly sha256: string | null;
  readonly blake3: string | null;
  /** Other names that it is found by, which nothing is linked as. */
  readonly aliases: readonly string[];
  readonly provides: readonly Provide[];
  /** Names of the packages of the same repository that it needs to run. */
  readonly dependencies: readonly string[];
  /** Null for everything but bottles. */
  readonly keg: KegFacts | null;
  readonly snapshots: readonly Snapshot[];
  readonly homepages: readonly string[];
  readonly sources: readonly string[];
  readonly licenses: readonly string[];
  readonly maintainers: readonly string[];
  readonly notes: readonly string[];
  readonly categories: readonly string[];
  readonly tags: readonly string[];
  /** Ids of packages this one replaces. */
  readonly replaces: readonly string[];
  readonly rank: number | null;
  readonly downloads: number | null;
  /** ISO 8601, as the index says. */
  readonly buildDate: string | null;
}

/** The C library that a program needs: `static` needs none. */
export type Libc = "glibc" | "musl" | "static";

/** Where the bytes of a package are. */
export type PackageLocation = OciLocation | HttpLocation;

/** A package in a registry. */
export interface OciLocation {
  readonly kind: "oci";
  /** Tag reference of the whole artifact, e.g. `ghcr.io/pkgforge/bincache/…/trurl:8.11.1-x86_64-linux`. */
  readonly reference: string;
  /** The main file's blob, when the index names it (`ghcr_blob`, else `shasum`). */
  readonly blob: Digest | null;
  /** Titles of every layer, when the index lists them. */
  readonly files: readonly string[];
  /** The digest of the manifest at `reference`, when the index names it: unlike a tag, it cannot move. */
  readonly manifest: Digest | null;
}

/** A package at an address. */
export interface HttpLocation {
  readonly kind: "http";
  readonly url: string;
  /** What is taken of the artifact; empty: all of it. */
  readonly files: readonly MappedFile[];
}

/** A file of an artifact, and where it is placed. */
export interface MappedFile {
  /** Its path in the archive, also without the directory that everything lies in; empty: the artifact itself. */
  readonly source: string;
  /** Its path in the package, e.g. `bin/x` or `share/man/man1/x.1`. */
  readonly to: string;
  /** Further names beside it. */
  readonly aliases: readonly string[];
}

/**
 * One line of `provides`: `a` → program only; `a==b` → keep both names; `a=>b` → link only `b`;
 * `a:b` → alias; `@a` → extra binary.
 */
export interface Provide {
  /** Title of the file in the artifact. */
  readonly program: string;
  /** Names it is linked as in the bin directory. */
  readonly links: readonly string[];
}

/** An older tag that can still be pulled. */
export interface Snapshot {
  readonly tag: string;
  readonly version: string;
}

/** An entry together with the repository whose index holds it. */
export interface IndexedPackage {
  readonly repository: string;
  readonly entry: PackageEntry;
}
