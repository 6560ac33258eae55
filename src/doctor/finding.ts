import type { Capabilities } from "../capabilities/capabilities.ts";

/** What can be found, by the group that it is told in: docs/doctor.md says what each one means. */
export const FINDING_CODES = {
  configuration: ["config-invalid", "variable-wrong", "variable-nowhere"],
  access: ["open-to-others", "not-writable", "not-yours", "secret-readable", "umask-open", "directory-blocked"],
  machine: ["clock-wrong", "disk-low", "files-low"],
  path: ["path-missing", "path-order", "path-twice", "program-hidden", "share-path-missing"],
  records: ["database-damaged", "database-unreadable", "database-newer", "lock-left", "change-interrupted"],
  store: ["blob-missing", "blob-damaged", "kept-version-incomplete", "blob-unneeded", "partial-left"],
  repositories: [
    "index-missing",
    "index-damaged",
    "index-stale",
    "index-expired",
    "index-outdated-rules",
    "index-unowned",
  ],
  packages: [
    ...["file-missing", "file-changed", "file-unreadable", "link-missing", "link-changed", "link-replaced"],
    ...["package-moved", "package-unrecorded", "link-loose", "draft-left", "package-orphaned"],
    ...["program-unusable", "interpreter-missing", "library-missing", "dependency-missing", "dependency-needless"],
    ...["prefix-foreign", "prefix-changed", "link-left"],
  ],
  environments: ["environment-damaged", "environment-abandoned"],
  examination: ["not-examined"],
} as const;

export type FindingGroup = keyof typeof FINDING_CODES;
export type FindingCode = (typeof FINDING_CODES)[FindingGroup][number];

/** The order in which cures are applied: each relies on those before it. */
export const STAGES = ["access", "records", "store", "indexes", "packages", "leftovers"] as const;
export type Stage = (typeof STAGES)[number];

/** What `--fix` does about a finding. */
export interface Mend {
  readonly stage: Stage;
  /** Mends with the same key are one: it is applied once. */
  readonly key: string;
  /** @throws {PkgError} why it cannot be mended */
  readonly apply: (cap: Capabilities) => Promise<void> | void;
}

/** Something that is wrong, as it was found. */
export interface Found {
  readonly code: FindingCode;
  /** What it is about: a path, or the name of a package, repository or variable. */
  readonly subject: string;
  /** What is wrong with it, as a sentence without a full stop. */
  readonly message: string;
  /** What a person can do about it. */
  readonly cure: string;
  /** Null: nothing but a person can. */
  readonly mend: Mend | null;
}

/** The groups, in the order in which they are told. */
export const FINDING_GROUPS: readonly FindingGroup[] = [
  ...(["configuration", "access", "machine", "path", "records", "store"] as const),
  ...(["repositories", "packages", "environments", "examination"] as const),
];

/** The group of a code. */
export function groupOf(code: FindingCode): FindingGroup {
  return FINDING_GROUPS.find((group) => FINDING_CODES[group].some((other) => other === code)) ?? "examination";
}
