import type { EmitEvent } from "../base/events.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { describeFailure } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { programLinks } from "../package/place.ts";
import type { Damage } from "../profile/profile.ts";
import type { AppliedStep } from "./apply-plan.ts";
import type { InstalledItem } from "./install-outcome.ts";
import { prefixFacts } from "./prefix-facts.ts";
import { reinstallHint, wordFor } from "./reinstall-hint.ts";
import { listPaths, tellKept, tellNotes, tellTaken } from "./tell-kept.ts";

/** What repairing uses of the world. */
export type RepairCapabilities = Pick<Capabilities, "records" | "state" | "emit" | "signal" | "now">;

/** How something is placed again. */
export interface RepairOptions {
  /** Whether what somebody has put in the place of a link is moved aside. */
  readonly force: boolean;
  /** Whether the index of its repository is signed; null: not known, or a direct reference. */
  readonly indexSigned: boolean | null;
}

/**
 * Places what is installed under a name again, as it is recorded, from the store: no index and no request is needed.
 *
 * @returns null when the store does not hold all of it
 * @throws {PkgError} INTERRUPTED, LOCKED
 */
export async function repair(
  cap: RepairCapabilities,
  name: string,
  options: RepairOptions,
): Promise<AppliedStep | null> {
  const state = await cap.state();
  const startedAt = cap.now();
  const installation = state.installations.get(name);
  if (installation === null) return null;
  const { broken, replaced } = state.profile.damage(installation);
  const { force } = options;
  const result = await state.withLock(() => state.profile.repair(installation, { force, signal: cap.signal }));
  if (result?.kind === "failed") return { kind: "failed", error: result.error };
  if (result?.kind !== "placed") return null;
  if (broken.length + replaced.length > 0) tellDamage(cap.emit, installation, [...broken, ...replaced]);
  tellKept(cap.emit, name, result.kept);
  const durationMs = cap.now() - startedAt;
  const { kept, taken, givenBack } = result;
  tellTaken(cap.emit, name, taken);
  tellNotes(cap.emit, name, result.notes);
  return {
    kind: "applied",
    item: {
      ...repairedItem(result.installation, options),
      durationMs,
      kept,
      taken,
      givenBack,
      ...prefixFacts(result.notes),
    },
  };
}

/** Says why something that seemed to be installed is placed again. */
function tellDamage(emit: EmitEvent, { name, version }: Installation, paths: readonly string[]): void {
  emit({
    kind: "note",
    message: `${name} ${version} was not as it was placed, and was placed again: ${listPaths(paths)}`,
  });
}

function repairedItem(installation: Installation, { indexSigned }: RepairOptions) {
  const { name, version, repository, sizeBytes, signedBy, checks, skipped, links, isDependency } = installation;
  return {
    action: "reinstall" as const,
    ...{ name, version, previousVersion: version, repository, isDependency, sizeBytes, bytesReceived: 0 },
    ...{ signedBy, indexSigned, checks, skipped },
    links: programLinks(links).map(({ path }) => path),
  };
}

/** What `update` says of a package that has no newer version: it is repaired, or what is wrong with it is named. */
export async function keepOrRepair(
  cap: RepairCapabilities & Pick<Capabilities, "config">,
  installation: Installation,
  kept: InstalledItem,
  options: { readonly force: boolean; readonly dryRun: boolean },
): Promise<{ readonly item: InstalledItem; readonly error: PkgError | null }> {
  const { profile } = await cap.records();
  const damage = profile.damage(installation);
  if (damage.broken.length === 0 || options.dryRun) {
    tellUnrepaired(cap.emit, installation, damage);
    return { item: kept, error: null };
  }
  const done = await repair(cap, installation.name, { force: options.force, indexSigned: null });
  if (done?.kind === "applied") return { item: done.item, error: null };
  const error = done?.error ?? notInStore(installation, damage.broken, reinstallHint(installation, cap.config));
  return { item: { action: "fail", name: installation.name, error: describeFailure(error) }, error };
}

function tellUnrepaired(emit: EmitEvent, installation: Installation, { broken, replaced }: Damage): void {
  const { name, version } = installation;
  const message = `${name} ${version} is not as it was placed: ${listPaths([...broken, ...replaced])}`;
  if (broken.length > 0) emit({ kind: "warning", message: `${message}. \`pkg update\` places it again` });
  else if (replaced.length > 0) {
    emit({
      kind: "warning",
      message: `${message}. Run \`pkg install ${wordFor(installation)} --force\` to have it back`,
    });
  }
}

function notInStore({ name, version }: Installation, paths: readonly string[], hint: string): PkgError {
  return new PkgError(
    "INTEGRITY",
    `Cannot place "${name}" ${version} again: ${listPaths(paths)} cannot be used, and the store does not hold all of it`,
    { hint },
  );
}
