import type { Installation } from "../package/installation.ts";
import type { ConfiguredOwner } from "../package/repository-owner.ts";
import type { Database } from "./database.ts";
import { readEdition } from "./edition-document.ts";
import { ownersOf } from "./known-owners.ts";

/** A change of the profile, all that one command did. */
export interface Generation {
  readonly number: number;
  /** ISO 8601. */
  readonly madeAt: string;
  /** As it was typed, without secrets; empty where an older program began it. */
  readonly command: string;
  /** The generation whose state it has brought back, if it is an undo; null: it is none. */
  readonly stateOf: number | null;
  /** By name. */
  readonly changes: readonly GenerationChange[];
}

/** What a generation did to the package of one name. */
export interface GenerationChange {
  readonly name: string;
  /** Null: it was not installed. */
  readonly before: EditionSummary | null;
  readonly after: EditionSummary | null;
}

/** An installation as it was recorded. */
export interface EditionSummary {
  /** Its id, for edition(). */
  readonly id: number;
  readonly name: string;
  readonly version: string;
  /** When it was last replaced or removed, ISO 8601; null: it never was. */
  readonly leftAt: string | null;
}

/** What the profile has been; the journal alone writes it. */
export interface Generations {
  /** Those that are kept, the oldest first. */
  list(): readonly Generation[];
  /** The number of the last one; 0: nothing was ever changed. */
  current(): number;
  /** The number of the oldest state that is known: what was there before the first generation that is kept. */
  oldest(): number;
  /** What was changed after a generation, as it was then, by name; null: it was not installed then. */
  changedSince(number: number): ReadonlyMap<string, Installation | null>;
  /** Places at which what had been moved aside came back after a generation. */
  returnedSince(number: number): ReadonlySet<string>;
  /** What is kept of one name, or of all, also what is installed, the last that was replaced or removed first. */
  editions(name?: string): readonly EditionSummary[];
  /** One of these, with evidence. */
  edition(id: number): Installation;
}

interface ChangeRow {
  readonly generation: number;
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
}

interface GenerationRow {
  readonly number: number;
  readonly made_at: string;
  readonly command: string;
  readonly state_of: number | null;
}

/** Reads the generations. @param configured as for createInstallations() */
export function createGenerations(
  database: Database,
  configured: readonly ConfiguredOwner[] | null = null,
): Generations {
  const owners = ownersOf(database, configured);
  const edition = (id: number) => readEdition(database, owners.all(), id);
  return {
    list: () => database.snapshot(() => list(database)),
    current: () => database.get<{ last: number | null }>("SELECT max(number) AS last FROM generations")?.last ?? 0,
    oldest: () =>
      (database.get<{ first: number | null }>("SELECT min(number) AS first FROM generations")?.first ?? 1) - 1,
    changedSince: (number) =>
      database.snapshot(() => {
        const first = firstChanges(database, number);
        return new Map(first.map(({ name, before }) => [name, before === null ? null : edition(before)]));
      }),
    returnedSince: (number) =>
      new Set(
        database
          .all<{ returned: string }>("SELECT returned FROM generations WHERE number > ?", number)
          .flatMap(({ returned }) => JSON.parse(returned) as readonly string[]),
      ),
    editions: (name) => [...summaries(database, name).values()],
    edition,
  };
}

/** Of each name that was changed after a generation, the first change. */
function firstChanges(database: Database, number: number): readonly ChangeRow[] {
  const rows = database.all<ChangeRow>(
    "SELECT * FROM generation_changes WHERE generation > ? ORDER BY generation DESC, name",
    number,
  );
  return [...new Map(rows.map((row) => [row.name, row])).values()];
}

function list(database: Database): readonly Generation[] {
  const editions = summaries(database);
  const summary = (id: number | null) => (id === null ? null : (editions.get(id) ?? null));
  const rows = database.all<ChangeRow>("SELECT * FROM generation_changes ORDER BY name");
  const changes = Map.groupBy(rows, ({ generation }) => generation);
  return database.all<GenerationRow>("SELECT * FROM generations ORDER BY number").map((row) => ({
    number: row.number,
    madeAt: row.made_at,
    command: row.command,
    stateOf: row.state_of,
    changes: (changes.get(row.number) ?? []).map(({ name, before, after }) => ({
      ...{ name, before: summary(before), after: summary(after) },
    })),
  }));
}

function summaries(database: Database, name?: string): ReadonlyMap<number, EditionSummary> {
  const columns = "SELECT id, name, version, left_at AS leftAt FROM editions";
  const order = "ORDER BY left_at IS NULL DESC, left_at DESC, id DESC";
  const rows =
    name === undefined
      ? database.all<EditionSummary>(`${columns} ${order}`)
      : database.all<EditionSummary>(`${columns} WHERE name = ? ${order}`, name);
  return new Map(rows.map((row) => [row.id, row]));
}
