import type { DescriptorPlatform } from "../oci/descriptor.ts";
import type { Reference } from "../oci/reference.ts";
import type { Libc } from "./metadata.ts";

/** What is to be published, decoded and checked. None of its files has been read yet. */
export interface Publication {
  /** Without tag and digest. */
  readonly reference: Reference;
  readonly name: string;
  readonly version: string;
  readonly family: string | null;
  readonly id: string;
  readonly description: string | null;
  /** An SPDX expression. */
  readonly license: string | null;
  readonly homepage: string | null;
  readonly source: string | null;
  readonly documentation: string | null;
  readonly maintainers: readonly string[];
  readonly keywords: readonly string[];
  readonly categories: readonly string[];
  readonly notes: readonly string[];
  readonly replaces: readonly string[];
  /** Null: derived from what is published. */
  readonly provides: readonly string[] | null;
  /** The program, once for each platform, in the order written. */
  readonly files: readonly PublicationFile[];
  /** Paths of further files, which every platform's package carries. */
  readonly documents: readonly string[];
}

export interface PublicationFile {
  /** Absolute. */
  readonly path: string;
  readonly platform: DescriptorPlatform;
  /** As typed; null: read from the program itself. */
  readonly libc: Libc | null;
}

/** `static`: needs no library; `archive`: a directory. */
export type ProgramType = "static" | "dynamic" | "script" | "archive";

/** What is known about a file once it has been hashed; all hashes are lower-case hex. */
export interface HashedFile {
  readonly title: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly blake3: string;
  readonly blake2b512: string;
}

/** The program for one platform. */
export interface ProgramFile extends HashedFile {
  readonly platform: DescriptorPlatform;
  readonly libc: Libc | null;
  readonly type: ProgramType;
  /** The names in an archive's `bin`; none for a single file. */
  readonly programs: readonly string[];
}
