import type { Digest } from "../oci/digest.ts";
import type { InstalledImage } from "./image.ts";
import type { InstalledKeg } from "./keg.ts";
import type { Check, ExpectedHashes, Waiver } from "./policy.ts";
import type { PackageOwner } from "./repository-owner.ts";

/** What is installed under one name. */
export interface Installation {
  readonly name: string;
  /** The name that it has in its repository: another one where it is installed beside a package of the same name. */
  readonly packageName: string;
  readonly version: string;
  /** The version or range that `update` keeps to, as it was typed after the `@`; null: the newest. */
  readonly wish: string | null;
  /** True when nothing but a person changes it. */
  readonly isPinned: boolean;
  /** Null for a direct reference. */
  readonly repository: string | null;
  /** Whose it is; null for a direct reference. */
  readonly owner: PackageOwner | null;
  readonly packageId: string;
  readonly family: string;
  readonly type: string;
  readonly reference: string;
  readonly manifestDigest: Digest | null;
  readonly programDigest: Digest;
  /** Bytes of all files together. */
  readonly sizeBytes: number;
  /** Relative to the packages directory; below `@prefix/`, to the prefix. */
  readonly directory: string;
  readonly files: readonly InstalledFile[];
  readonly links: readonly InstalledLink[];
  /** Links of its own that other packages have taken over: they come back when those give them up. */
  readonly taken: readonly InstalledLink[];
  /** Names of its programs that a person does not want in the bin directory, whatever version is installed; `*`: all. */
  readonly unlinked: readonly string[];
  readonly checks: readonly Check[];
  readonly skipped: readonly Waiver[];
  /** Id of the key that signed it; null when no signature was checked. */
  readonly signedBy: string | null;
  /** Who built it, as JSON, if that was verified: `pkg info --provenance` shows it. */
  readonly provenance: string | null;
  /** The publisher's public key, where a person gave it with a direct reference: updates are checked against it. */
  readonly publisherKey: string | null;
  /** The repository that the publisher signed it for: no update comes from another, or without signed facts. Null: none. */
  readonly signedAs: string | null;
  /** Names of the installations that it needs to run. */
  readonly dependencies: readonly string[];
  /** True when nobody asked for it: it goes once nothing needs it any more. */
  readonly isDependency: boolean;
  /** Null for everything but bottles. */
  readonly keg: InstalledKeg | null;
  /** Null for what does not come out of a container image. */
  readonly image: InstalledImage | null;
  /** ISO 8601. */
  readonly installedAt: string;
  /** The spec as it was typed. */
  readonly requested: string;
  readonly expected: ExpectedHashes;
  readonly evidence: InstallationEvidence;
}

/** An installation, as far as what it needs and who needs it matter. */
export type Needing = Pick<Installation, "name" | "dependencies" | "isDependency">;

/** A file of an installation, as it was placed. */
export interface InstalledFile {
  /** Relative to the installation's directory. */
  readonly path: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** Permission bits; 0o120777 for a symlink, as in git: its content is the text of its target. */
  readonly mode: number;
  readonly blake3: string | null;
}

/** A link to a file of an installation, or a copy of one, as it was placed. */
export interface InstalledLink {
  /** Its name in the bin directory; below `@prefix/`, its path in the prefix, and below `@data/`, in the data directory. */
  readonly path: string;
  /** Relative to the installation's directory; `.` for the directory itself. */
  readonly target: string;
  /**
   * `copy`: a file of its own, for a person to edit, which an update replaces only as long as it is as it was placed; below
   * `@prefix/` alone.
   */
  readonly kind: "link" | "copy";
}

/** The documents that the installation was verified by. */
export interface InstallationEvidence {
  readonly manifest: Buffer | null;
  readonly checksum: Buffer | null;
  readonly checksumSignature: Buffer | null;
  /** `PROGRAM.json`, if its signature was verified: that is among `signatures`. */
  readonly entry: Buffer | null;
  /** By the title of the signed file. */
  readonly signatures: Readonly<Record<string, Buffer>>;
}
