import type { Digest } from "../oci/digest.ts";
import { type ImageWish, isSameWish } from "../package/image.ts";
import type { InstalledKeg } from "../package/keg.ts";
import type { PackageOwner } from "../package/repository-owner.ts";
import { isSameVersion } from "../package/version.ts";
import type { PackageOrigin } from "./origin.ts";
import type { Resolution } from "./resolution.ts";

/** What would change, as plain data: `--dry-run` prints it, and the installer does it. */
export interface Plan {
  readonly steps: readonly Step[];
  /** What is installed and not asked for any more: it goes, unless something that stays needs it. Absent: nothing. */
  readonly released?: readonly InstalledState[];
  /** Bytes of the main files to fetch, as far as the index says. */
  readonly bytes: number;
}

/** What would be done about one package. */
export type Step =
  | { readonly kind: "install"; readonly resolution: Resolution }
  | {
      readonly kind: "change";
      readonly resolution: Resolution;
      readonly from: InstalledState;
      /** True when the same is placed again, since not all of it is there. */
      readonly isRepair?: boolean;
    }
  /** The same stays, and only its record changes: whether it was asked for, and what it needs. */
  | { readonly kind: "mark"; readonly resolution: Resolution; readonly from: InstalledState }
  | { readonly kind: "keep"; readonly resolution: Resolution; readonly from: InstalledState };

/** A step that changes something. */
export type ChangingStep = Exclude<Step, { readonly kind: "keep" }>;

/** True where carrying out a plan would change something. */
export function changesAnything({ steps, released = [] }: Plan): boolean {
  return released.length > 0 || steps.some(isChanging);
}

/** A step that bytes are needed for. */
export type PlacingStep = Step & { readonly kind: "install" | "change" };

/** True unless all that is installed stays as it is. */
export function isChanging(step: Step): step is ChangingStep {
  return step.kind !== "keep";
}

/** True for a step that bytes are needed for. */
export function isPlacing(step: Step): step is PlacingStep {
  return step.kind === "install" || step.kind === "change";
}

/** What a plan assumes about an installed package; checked again under the lock before anything is placed. */
export interface InstalledState {
  readonly name: string;
  readonly version: string;
  /** The version or range that `update` keeps to; null: the newest. */
  readonly wish: string | null;
  /** True when nothing but a person changes it. */
  readonly isPinned: boolean;
  /** Null for a direct reference. */
  readonly repository: string | null;
  /** Whose it is; null for a direct reference. */
  readonly owner: PackageOwner | null;
  readonly packageId: string;
  readonly programDigest: Digest;
  readonly manifestDigest: Digest | null;
  /** The key that a person gave for a direct reference. */
  readonly publisherKey: string | null;
  /** The repository that its publisher signed it for. */
  readonly signedAs: string | null;
  /** Names of the installations that it needs to run. */
  readonly dependencies: readonly string[];
  /** True when nobody asked for it. */
  readonly isDependency: boolean;
  /** The spec as it was typed. */
  readonly requested: string;
  /** Null for everything but bottles. */
  readonly keg: Pick<InstalledKeg, "versionScheme"> | null;
  /** What was taken from its image; null: it does not come from one. */
  readonly image: ImageWish | null;
}

/** Whose a package is. */
export type Owned = Pick<InstalledState, "repository" | "owner" | "packageId">;

/**
 * True when two packages have the same owner: the same repository, not just one of the same name; for direct references,
 * the same place in a registry.
 */
export function isSameOwner(a: Owned, b: Owned): boolean {
  if (a.repository === null || b.repository === null) {
    return a.repository === b.repository && a.packageId === b.packageId;
  }
  return a.owner === null || b.owner === null ? a.repository === b.repository : a.owner.id === b.owner.id;
}

/** Who owns a name once it is installed: a repository or, for a direct reference, a place in a registry. */
export function ownerName({ repository, packageId }: Owned): string {
  return repository ?? packageId;
}

/** How a plan is made. */
export interface PlanOptions {
  /** Place again what is already installed. */
  readonly reinstall: boolean;
  /** Names of what nobody named and others need: that is not placed again. */
  readonly needed?: ReadonlySet<string>;
  /** Whether what was typed is recorded, where the same stays; default: it is not. */
  readonly recordsRequest?: boolean;
}

/** Compares resolutions with what is installed. A package named twice is planned once. */
export function makePlan(
  resolutions: readonly Resolution[],
  installed: (name: string) => InstalledState | null,
  options: PlanOptions,
): Plan {
  const byName = new Map(resolutions.map((resolution) => [resolution.name, resolution]));
  const steps = [...byName.values()].map((resolution) => stepFor(resolution, installed(resolution.name), options));
  const fetched = steps.filter(isPlacing);
  return { steps, bytes: fetched.reduce((sum, step) => sum + (step.resolution.expected.sizeBytes ?? 0), 0) };
}

function stepFor(resolution: Resolution, from: InstalledState | null, options: PlanOptions): Step {
  const { reinstall, needed, recordsRequest = false } = options;
  if (from === null) return { kind: "install", resolution };
  const isAgain = reinstall && needed?.has(resolution.name) !== true;
  if (!isSame(resolution, from)) return { kind: "change", resolution, from };
  if (isAgain) return { kind: "change", resolution, from, ...(isAsPoured(resolution, from) ? { isRepair: true } : {}) };
  const isTyped = needed?.has(resolution.name) !== true && !resolution.isDependency;
  const isOther = resolution.wish !== from.wish || (recordsRequest && resolution.requested !== from.requested);
  const isFreed = resolution.isPinned === true && !from.isPinned;
  return {
    kind: isRecordedSo(resolution, from) && !(isTyped && (isOther || isFreed)) ? "keep" : "mark",
    resolution,
    from,
  };
}

/** The archive of a bottle is not kept, but its files are: it is placed again as it is recorded, where nothing else is to be checked. */
function isAsPoured({ keg, policy, ...resolution }: Resolution, from: InstalledState): boolean {
  const isChecked = policy.require.every((check) => check === "digest");
  const isKeg = keg !== null && from.keg !== null && compareBytes(resolution.origin, from) === "same";
  return isKeg && isChecked && isRecordedSo(resolution, from);
}

/** Whether the record says the same about who needs it, and what it needs. */
function isRecordedSo(
  { isDependency, dependencies }: Pick<Resolution, "isDependency" | "dependencies">,
  from: InstalledState,
): boolean {
  const recorded = new Set(from.dependencies);
  const isSameSet = recorded.size === dependencies.length && dependencies.every((name) => recorded.has(name));
  return from.isDependency === isDependency && isSameSet;
}

/** The same owner, the same version and, if a digest is known beforehand, the same bytes; and nothing new to check. */
function isSame(resolution: Resolution, from: InstalledState): boolean {
  const { version, origin } = resolution;
  const isOwn = isSameOwner(resolution, from) && isSameVersion(version, from.version);
  return isOwn && compareBytes(origin, from) !== "other" && !provesMore(resolution, from) && !takesOther(origin, from);
}

/** Other programs of the same image are wanted. */
function takesOther(origin: PackageOrigin, { image }: InstalledState): boolean {
  return origin.kind === "image" && (image === null || !isSameWish(origin.image, image));
}

/** A key was given that the installation was not checked by, or facts are signed that it does not record yet. */
function provesMore({ repository, publisherKey, facts }: Resolution, from: InstalledState): boolean {
  if (repository !== null) return false;
  return publisherKey !== from.publisherKey || (facts !== null && facts.repository !== null && from.signedAs === null);
}

/** Whether an origin is known to hold what is installed; a tag alone does not show that. */
export function compareBytes(
  { blob, manifest, digest }: Pick<PackageOrigin, "blob" | "manifest" | "digest">,
  from: Pick<InstalledState, "programDigest" | "manifestDigest">,
): "same" | "other" | "unknown" {
  if (blob !== null) return blob === from.programDigest ? "same" : "other";
  const known = manifest?.digest ?? digest;
  if (known === null) return "unknown";
  return known === from.manifestDigest || known === from.programDigest ? "same" : "other";
}
