import type { Installation } from "../package/installation.ts";
import { isSameRecord } from "../package/same-record.ts";
import { type Database, IN_LIST, listed } from "./database.ts";
import { readEdition, storeEdition } from "./edition-document.ts";
import { createInstallations } from "./installations.ts";
import type { ChangeOrigin, Intent } from "./intent.ts";
import { ownersOf } from "./known-owners.ts";

/** What a generation is made of. */
export type RecordedIntent = Pick<
  Intent,
  "installs" | "removals" | "renewals" | "returns" | "restores" | "forgets" | "origin"
>;

/** A generation that is being recorded. */
export interface GenerationRecording {
  /** To be called once everything else is recorded, in the same transaction. */
  end(): void;
}

/**
 * Begins to record a generation: everything that the transaction changes in the record of what is installed, also of packages
 * whose links are taken or given back. What one run of the program changes is one generation, and where only times have
 * changed there is none. Must run in the transaction, before anything is written.
 */
export function beginGeneration(database: Database, intent: RecordedIntent): GenerationRecording {
  const { get } = createInstallations(database);
  const before = new Map(affectedNames(database, intent).map((name) => [name, get(name)] as const));
  return {
    end() {
      const changed = [...before].map(([name, was]) => ({ name, was, is: get(name) }));
      const real = changed.filter(({ was, is }) => !isSameRecord(was, is));
      if (real.length > 0) recordChanges(database, intent, real);
    },
  };
}

interface Change {
  readonly name: string;
  readonly was: Installation | null;
  readonly is: Installation | null;
}

function affectedNames(database: Database, { installs, removals, renewals, returns = [] }: RecordedIntent) {
  const placed = [...installs.map(({ installation }) => installation), ...renewals];
  const paths = [...placed.flatMap(({ links }) => links), ...returns].map(({ path }) => path);
  const owners = database
    .all<{ owner: string }>(`SELECT DISTINCT installation AS owner FROM links WHERE path ${IN_LIST}`, listed(paths))
    .map(({ owner }) => owner);
  return [...new Set([...[...removals, ...placed, ...returns].map(({ name }) => name), ...owners])].toSorted();
}

function recordChanges(database: Database, intent: RecordedIntent, changes: readonly Change[]): void {
  const { origin = unknownOrigin(), restores = [] } = intent;
  const returned = restores.map(({ path }) => path);
  const number = generationOf(database, origin, returned);
  for (const { name, was, is } of changes) {
    const earlier = database.get<{ before: number | null }>(
      "SELECT before FROM generation_changes WHERE generation = ? AND name = ?",
      ...[number, name],
    );
    const before = earlier === undefined ? store(database, was) : earlier.before;
    const after = store(database, is);
    database.insert("generation_changes", { generation: number, name, before, after }, "replace");
    if (isUndone(database, before, is)) {
      database.run("DELETE FROM generation_changes WHERE generation = ? AND name = ?", number, name);
    }
    if (before !== null) database.run("UPDATE editions SET left_at = ? WHERE id = ?", origin.at, before);
  }
  // A run may have undone all that it did.
  database.run(
    "DELETE FROM generations WHERE number = ? AND NOT EXISTS (SELECT 1 FROM generation_changes WHERE generation = number)",
    number,
  );
}

function store(database: Database, installation: Installation | null): number | null {
  return installation === null ? null : storeEdition(database, installation);
}

/** True if what a run changed first is as it was before. */
function isUndone(database: Database, before: number | null, is: Installation | null): boolean {
  const was = before === null ? null : readEdition(database, ownersOf(database, null).all(), before);
  return isSameRecord(was, is);
}

/** The number of the generation that the run has begun, or of a new one. */
function generationOf(database: Database, origin: ChangeOrigin, returned: readonly string[]): number {
  const { command, run, at, stateOf } = origin;
  const last = database.get<{ number: number; run: string; returned: string }>(
    "SELECT number, run, returned FROM generations ORDER BY number DESC LIMIT 1",
  );
  if (last?.run !== run) {
    return database.run(
      "INSERT INTO generations (made_at, command, run, state_of, returned) VALUES (?, ?, ?, ?, ?)",
      ...[at, command, run, stateOf, JSON.stringify(returned)],
    );
  }
  const all = [...(JSON.parse(last.returned) as readonly string[]), ...returned];
  database.run("UPDATE generations SET returned = ? WHERE number = ?", JSON.stringify(all), last.number);
  return last.number;
}

/** Of an intent that an older program has written. */
function unknownOrigin(): ChangeOrigin {
  const at = new Date().toISOString();
  return { command: "", run: at, at, stateOf: null };
}
