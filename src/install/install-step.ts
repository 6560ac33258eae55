import { readFileSync } from "node:fs";
import type { Capabilities, Network, State } from "../capabilities/capabilities.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { directoryLinks, type Link } from "../package/provides.ts";
import { ownerOf, type Step } from "../plan/plan.ts";
import { type VerifiedPackage, verifyPackage } from "../verify/package.ts";
import { programsOf } from "./directory-programs.ts";
import { discardBlobs, type Fetched, fetchPackage } from "./fetch.ts";
import type { CarryOutOptions, InstalledItem } from "./install-outcome.ts";
import { draftInstallation } from "./installation-draft.ts";
import { concernsOf, ownInstallation, refuseWithoutConsent } from "./name-concerns.ts";
import { fetchFromStore } from "./stored-package.ts";
import { isDirectoryPackage, unpackPackage } from "./unpack-package.ts";

/** What the steps of one plan share. */
export interface Run {
  readonly cap: Capabilities;
  /** Null: offline. */
  readonly network: Network | null;
  readonly state: State;
  readonly options: CarryOutOptions;
}

export type ChangingStep = Step & { readonly kind: "install" | "change" };

/** Fetches, verifies and places one package. */
export async function runStep(run: Run, step: ChangingStep): Promise<InstalledItem> {
  const { emit } = run.cap;
  const { name: id, version, expected } = step.resolution;
  emit({ kind: "task-started", id, title: `${id} ${version}`, totalBytes: expected.sizeBytes });
  try {
    const item = await place(run, step);
    emit({ kind: "task-done", id, summary: "placed" });
    return item;
  } catch (error) {
    if (error instanceof PkgError && error.code !== "INTERRUPTED") emit({ kind: "task-failed", id, error });
    throw error;
  }
}

async function place(run: Run, step: ChangingStep): Promise<InstalledItem> {
  const { cap, state } = run;
  const { resolution } = step;
  const startedAt = cap.now();
  const { fetched, verified: checked } = (await verifyStored(run, step)) ?? (await verifyFetched(run, step));
  cap.emit({ kind: "task-step", id: resolution.name, step: "place" });
  const verified = await unpackPackage(state, checked, { signal: cap.signal });
  const links = isDirectoryPackage(verified) ? linksInside(run, step, verified) : fetched.links;
  const draft = draftInstallation({ resolution, verified, links, installedAt: new Date(cap.now()).toISOString() });
  const { installation } = await state.withLock(() => {
    checkAssumptions(state, step);
    checkNames(run, step, links);
    return state.profile.place(verified, draft, { force: run.options.force });
  });
  dropArchives(state, verified);
  return {
    action: step.kind === "install" ? "install" : step.from.version === resolution.version ? "reinstall" : "change",
    name: draft.name,
    version: draft.version,
    previousVersion: step.kind === "change" ? step.from.version : null,
    repository: draft.repository,
    bytes: draft.sizeBytes,
    receivedBytes: fetched.receivedBytes,
    durationMs: cap.now() - startedAt,
    signedBy: verified.evidence.signedBy,
    checks: verified.evidence.checks,
    skipped: verified.evidence.skipped,
    links: installation.links.map((link) => link.path),
  };
}

/** A directory's links lead to the programs in its `bin`. */
function linksInside({ cap, state }: Run, { resolution }: ChangingStep, { files }: VerifiedPackage): readonly Link[] {
  const programs = programsOf(files, ({ digest }) => readFileSync(state.blobs.pathOf(digest), "utf8"));
  const links = directoryLinks(resolution.provides, programs);
  if (links.length === 0) {
    cap.emit({ kind: "note", message: `${resolution.name} has no program in its directory bin: nothing is linked` });
  }
  return links;
}

/** What was not known before it was fetched may still need a yes. */
function checkNames({ cap, state, options }: Run, { resolution }: ChangingStep, links: readonly Link[]): void {
  const own = ownInstallation(state.installations, resolution);
  const concerns = concernsOf(
    cap.config,
    links.map(({ link }) => link),
    own,
  );
  if (concerns.length > 0) refuseWithoutConsent({ kind: "names", name: resolution.name, concerns }, options.consent);
}

/** Their members are what is placed; a reinstall fetches them again. */
function dropArchives(state: State, { fetched }: VerifiedPackage): void {
  discardBlobs(
    state,
    fetched.programs.filter(({ archive }) => archive === true).map(({ blob }) => blob),
  );
}

interface Checked {
  readonly fetched: Fetched;
  readonly verified: VerifiedPackage;
}

/**
 * What is installed and recorded in full is verified again from the store; nothing is sent for it. Null when that
 * cannot be: the policy may ask for documents now that were not fetched then.
 */
async function verifyStored({ cap, state }: Run, step: ChangingStep): Promise<Checked | null> {
  const fetched = step.kind === "change" ? await fetchFromStore(state, step.resolution, cap.signal) : null;
  if (fetched === null) return null;
  try {
    return { fetched, verified: verifyPackage(fetched.package, step.resolution.policy) };
  } catch (error) {
    if (hasCode(error, "CHECKSUM_MISSING", "SIGNATURE_MISSING", "PROVENANCE_MISSING")) return null;
    throw error;
  }
}

async function verifyFetched({ cap, network, state }: Run, { resolution }: ChangingStep): Promise<Checked> {
  if (network === null) {
    throw new PkgError("OFFLINE", `Cannot fetch "${resolution.name}": --offline is set`, {
      hint: "Run the command again without --offline",
    });
  }
  const fetched = await fetchPackage(cap, network, state, resolution);
  cap.emit({ kind: "task-step", id: resolution.name, step: "verify" });
  try {
    return { fetched, verified: verifyPackage(fetched.package, resolution.policy) };
  } catch (error) {
    discardBlobs(
      state,
      fetched.package.programs.map(({ blob }) => blob),
    );
    throw error;
  }
}

/** Between plan and lock another process may have changed what the plan stands on. */
function checkAssumptions(state: State, step: ChangingStep): void {
  const now = state.installations.get(step.resolution.name);
  const expected = step.kind === "change" ? step.from : null;
  if (now === null ? expected === null : expected !== null && isUnchanged(now, expected)) return;
  throw new PkgError(
    "STATE_CHANGED",
    `Cannot install "${step.resolution.name}": another process changed it meanwhile (expected ${expected?.version ?? "not installed"}, found ${now?.version ?? "not installed"})`,
    { hint: "Run the command again" },
  );
}

function isUnchanged(now: Installation, from: (ChangingStep & { readonly kind: "change" })["from"]): boolean {
  return now.version === from.version && now.programDigest === from.programDigest && ownerOf(now) === ownerOf(from);
}
