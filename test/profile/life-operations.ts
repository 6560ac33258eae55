import assert from "node:assert/strict";
import { removeUnneeded, unneededFiles } from "../../src/blobs/unneeded.ts";
import type { State } from "../../src/capabilities/capabilities.ts";
import { loadConfig } from "../../src/config/config.ts";
import { PkgError } from "../../src/errors.ts";
import { createPackageIndexes } from "../../src/index-database/package-indexes.ts";
import { linkPrograms, unlinkPrograms } from "../../src/install/link-programs.ts";
import { pin } from "../../src/install/pin.ts";
import { autoremove, remove } from "../../src/install/remove.ts";
import { rollback, undo } from "../../src/install/undo.ts";
import { use } from "../../src/install/use.ts";
import type { Named } from "./life-packages.ts";
import { place } from "./life-place.ts";
import { openHome, type ProfileHome } from "./profile-home.ts";

/** One thing that a process does with a home. */
export type Operation =
  | { readonly kind: "place"; readonly items: readonly Named[]; readonly force: boolean }
  | { readonly kind: "remove"; readonly names: readonly string[]; readonly purge: boolean }
  | { readonly kind: "use" | "pin" | "unpin" | "unlink"; readonly word: string }
  | { readonly kind: "link"; readonly word: string; readonly force: boolean }
  /** `before`: what is older goes; null: all. */
  | { readonly kind: "clean"; readonly before: string | null }
  | { readonly kind: "rollback"; readonly to: string }
  | { readonly kind: "autoremove" | "undo" | "recover" };

const { signal } = new AbortController();
const NOTHING_ELSE = nothingElse();

/** Opens a home; `run` is the number of the run of the program. */
export function openLife(directory: string, run: () => number): ProfileHome {
  return openHome(directory, {
    origin: () => ({ command: `pkg ${run()}`, run: `${run()}`, at: timeOf(run()) }),
    // Nothing runs; to ask /proc again and again would take most of the time.
    inUse: () => new Set(),
  });
}

/** When a run was, ISO 8601. */
export function timeOf(run: number): string {
  return new Date(Date.UTC(2026, 0, 1) + run * 1000).toISOString();
}

/** Does it, and returns the codes of what could not be done. */
export async function perform(home: ProfileHome, operation: Operation): Promise<readonly string[]> {
  try {
    const errors = await performed(home, operation);
    return errors.map(({ code }) => code);
  } catch (error) {
    if (error instanceof PkgError) return [error.code];
    throw error;
  }
}

async function performed(home: ProfileHome, operation: Operation): Promise<readonly PkgError[]> {
  const cap = capabilitiesOf(home);
  const how = { dryRun: false, force: false };
  const named = (...names: readonly string[]) => ({ names, directory: "/", dryRun: false });
  switch (operation.kind) {
    case "place":
      return place(home, operation.items, operation.force);
    case "remove": {
      const request = { ...named(...operation.names), purge: operation.purge, keepDependencies: false, force: false };
      return (await remove(cap, request)).errors;
    }
    case "autoremove":
      return (await autoremove(cap, how)).errors;
    case "use":
      return (await use(cap, { words: [operation.word], directory: "/", dryRun: false })).errors;
    case "pin":
    case "unpin":
      return (await pin(cap, named(operation.word), operation.kind === "pin")).errors;
    case "unlink":
      return (await unlinkPrograms(cap, named(operation.word))).errors;
    case "link":
      return (await linkPrograms(cap, { ...named(operation.word), force: operation.force, allowed: [] })).errors;
    case "clean":
      return clean(home, operation.before);
    case "undo":
      return (await undo(cap, how)).errors;
    case "rollback":
      return (await rollback(cap, { to: operation.to, ...how })).errors;
    case "recover":
      await home.profile.recover(signal);
      return [];
  }
}

function capabilitiesOf(home: ProfileHome) {
  const state: State = { ...home, forget: home.journal.forget, withLock: async (work) => work() };
  return { ...NOTHING_ELSE, records: async () => state, state: async () => state, emit: () => {}, signal };
}

/** What only fetching would use: nothing is in a registry here. */
function nothingElse() {
  const config = loadConfig({ env: {}, platform: "linux", arch: "x64", flags: { home: "/nonexistent" } });
  const retry = { policy: { attempts: 1, patienceMs: 0, baseMs: 0, capMs: 0 }, random: () => 0, sleep: async () => {} };
  const network = async () => assert.fail("nothing is asked for");
  const pins = async () => assert.fail("nothing is resolved");
  return { config, indexes: createPackageIndexes(config.paths.index), retry, network, pins, now: Date.now };
}

/** As `pkg clean`, but for how long what may be in use is kept: here, nothing is. */
function clean({ journal, installations, blobs, profile }: ProfileHome, before: string | null): readonly PkgError[] {
  profile.clearOldVersions();
  const needed = installations.referencedDigests();
  const { digests } = journal.forget(before === null ? "all" : { before, versionsOf: () => 1 });
  const gone = new Set([...needed].filter((digest) => !digests.has(digest)));
  removeUnneeded(unneededFiles({ root: blobs.root, keep: digests, gone, untouchedSinceMs: 0 }));
  return [];
}
