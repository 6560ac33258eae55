import type { Digest } from "../oci/digest.ts";
import type { Database } from "./database.ts";
import { forgetAllGenerations, forgetGenerations, type GenerationRule } from "./forget-generations.ts";
import { beginGeneration } from "./generation-writer.ts";
import { forgetInstallation, recordInstallation, returnLink } from "./installation-rows.ts";
import { createInstallations } from "./installations.ts";
import type { Cleanup, Intent } from "./intent.ts";
import { decodeCleanup, decodeIntent, encodeCleanup, encodeIntent } from "./intent-document.ts";

/** `open`: to be finished or undone; `undo`: to be undone; `cleanup`: recorded, only `cleanup` is left to remove. */
export type IntentState = "open" | "undo" | "cleanup";

/** An intent in the journal that has not ended. */
export interface OpenIntent {
  readonly id: number;
  readonly state: IntentState;
  readonly intent: Intent;
  readonly cleanup: Cleanup;
}

/** Every method is one transaction, durable when it returns; throws what `Database` throws. */
export interface Journal {
  /** Records an intent and returns its id. */
  begin(intent: Intent): number;
  /** Oldest first. */
  open(): readonly OpenIntent[];
  /** From now on the intent can only be undone. */
  markUndo(id: number): void;
  /** Records everything that an intent changed, the generation that it makes, and the `cleanup` that is left to do. */
  commit(id: number, intent: CommittedIntent, cleanup: Cleanup): void;
  /** Ends an intent: nothing is left to do, or everything was undone. `cleared`: the directories that were cleaned up. */
  finish(id: number, cleared?: readonly ClearedDirectory[]): void;
  /** Forgets generations by a rule, or all; what they alone needed may then leave the store. */
  forget(rule: GenerationRule | "all", how?: { readonly isDryRun: boolean }): Kept;
}

/** What is left after generations were forgotten. */
export interface Kept {
  /** How many there are. */
  readonly generations: number;
  /** What has to stay in the store. */
  readonly digests: ReadonlySet<Digest>;
}

function keptNow(database: Database, elsewhere: () => ReadonlySet<Digest>): Kept {
  const { count } = database.get<{ count: number }>("SELECT count(*) AS count FROM generations") ?? { count: 0 };
  return { generations: count, digests: createInstallations(database, null, elsewhere).referencedDigests() };
}

/** What an intent has changed. */
export interface CommittedIntent extends Omit<Intent, "links" | "unlinks" | "draft"> {
  /** The places of directories in the data directory that are gone. */
  readonly pruned?: readonly string[];
}

/** The directory of a package that is not installed any more, or a copy of one of its files. */
export interface ClearedDirectory {
  /** What it was installed as. */
  readonly name: string;
  /** Relative to the packages directory. */
  readonly directory: string;
  /** True if it is there still, for what this program did not place. */
  readonly isLeft: boolean;
}

const NO_CLEANUP = encodeCleanup({ directories: [], digests: [] });

interface IntentRow {
  readonly id: number;
  readonly state: IntentState;
  readonly document: string;
  readonly cleanup: string;
}

/**
 * The journal of changes on disk, in the database that also records what is installed.
 *
 * @param elsewhere what other profiles need of the store
 */
export function createJournal(database: Database, elsewhere: () => ReadonlySet<Digest> = () => new Set()): Journal {
  const setState = (id: number, state: IntentState, cleanup: string) =>
    database.run("UPDATE intents SET state = ?, cleanup = ? WHERE id = ?", state, cleanup, id);
  return {
    begin: (intent) =>
      database.transaction(() =>
        database.run(
          "INSERT INTO intents (state, document, cleanup) VALUES ('open', ?, ?)",
          encodeIntent(intent),
          NO_CLEANUP,
        ),
      ),
    open: () =>
      database.all<IntentRow>("SELECT * FROM intents ORDER BY id").map(({ id, state, document, cleanup }) => ({
        id,
        state,
        intent: decodeIntent(document),
        cleanup: decodeCleanup(cleanup),
      })),
    markUndo(id) {
      database.transaction(() => setState(id, "undo", NO_CLEANUP));
    },
    commit(id, intent, cleanup) {
      const { installs, removals, renewals, returns = [], saves = [], forgets = [] } = intent;
      const { makes = [], pruned = [] } = intent;
      database.transaction(() => {
        const recording = beginGeneration(database, intent);
        for (const { name } of removals) forgetInstallation(database, name);
        for (const installation of renewals) recordInstallation(database, installation);
        for (const { installation } of installs) {
          recordInstallation(database, installation);
          const { directory, links } = installation;
          const copies = links.filter(({ kind }) => kind === "copy").map(({ path }) => path);
          for (const place of [directory, ...copies]) database.run("DELETE FROM leftovers WHERE directory = ?", place);
        }
        for (const link of returns) returnLink(database, link);
        for (const saved of forgets) database.run("DELETE FROM saved_files WHERE saved = ?", saved);
        for (const { path, saved, stamp } of saves) database.insert("saved_files", { saved, path, stamp }, "replace");
        for (const place of makes) database.insert("made_directories", { place }, "replace");
        for (const place of pruned) database.run("DELETE FROM made_directories WHERE place = ?", place);
        recording.end();
        setState(id, "cleanup", encodeCleanup(cleanup));
      });
    },
    finish(id, cleared = []) {
      database.transaction(() => {
        for (const item of cleared) recordCleared(database, item);
        database.run("DELETE FROM intents WHERE id = ?", id);
      });
      // What a package of very many files leaves behind.
      database.shrink();
    },
    forget(rule, { isDryRun } = { isDryRun: false }) {
      const kept = database.trial(() => {
        if (rule === "all") forgetAllGenerations(database);
        else forgetGenerations(database, rule);
        return keptNow(database, elsewhere);
      }, isDryRun);
      if (!isDryRun) database.shrink();
      return kept;
    },
  };
}

function recordCleared(database: Database, { name, directory, isLeft }: ClearedDirectory): void {
  if (isLeft) database.run("INSERT OR REPLACE INTO leftovers (directory, name) VALUES (?, ?)", directory, name);
  else database.run("DELETE FROM leftovers WHERE directory = ?", directory);
}
