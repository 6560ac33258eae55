import type { Database } from "./database.ts";

/** How long what the profile has been is remembered. */
export interface GenerationRule {
  /** Generations that were made before go, ISO 8601; the last one stays, so the state before it can be brought back. */
  readonly before: string;
  /** How many versions of what is installed stay besides, by name. */
  readonly versionsOf: (name: string) => number;
}

interface Row {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  /** The version that is installed. */
  readonly now: string;
}

/** Numbers of the generations that a rule would forget, the oldest first. */
export function forgettable(database: Database, { before }: Pick<GenerationRule, "before">): readonly number[] {
  // What was made before something that stays, by a clock that was wrong, stays too.
  return database
    .all<{ number: number }>(
      `SELECT number FROM generations
       WHERE number < (SELECT max(number) FROM generations)
         AND number < coalesce((SELECT min(number) FROM generations WHERE made_at >= ?), 9e15)
       ORDER BY number`,
      before,
    )
    .map(({ number }) => number);
}

/** Forgets generations, and editions that none of those that stay could bring back. Must run in a transaction. */
export function forgetGenerations(database: Database, rule: GenerationRule): void {
  for (const number of forgettable(database, rule)) database.run("DELETE FROM generations WHERE number = ?", number);
  forgetEditions(database, rule.versionsOf);
}

/** Forgets all generations: only what is installed is known. Must run in a transaction. */
export function forgetAllGenerations(database: Database): void {
  database.run("DELETE FROM generations");
  forgetEditions(database, () => 0);
}

function forgetEditions(database: Database, versionsOf: GenerationRule["versionsOf"]): void {
  const kept = new Map<string, Set<string>>();
  for (const { id, name, version, now } of loose(database)) {
    const versions = kept.get(name) ?? new Set();
    const isKept = version !== now && (versions.has(version) || versions.size < versionsOf(name));
    if (isKept) versions.add(version);
    else database.run("DELETE FROM editions WHERE id = ?", id);
    kept.set(name, versions);
  }
  database.run(
    `DELETE FROM editions WHERE left_at IS NULL AND NOT EXISTS
     (SELECT 1 FROM generation_changes WHERE before = editions.id OR after = editions.id)`,
  );
  // What is not installed any more has no versions to go back to.
  database.run(
    `DELETE FROM editions WHERE NOT EXISTS (SELECT 1 FROM installations WHERE installations.name = editions.name)
     AND NOT EXISTS (SELECT 1 FROM generation_changes WHERE before = editions.id OR after = editions.id)`,
  );
  database.run(
    "DELETE FROM edition_contents WHERE NOT EXISTS (SELECT 1 FROM editions WHERE contents = edition_contents.id)",
  );
}

/** Editions that no generation needs, of what is installed; the last that was replaced first. */
function loose(database: Database): readonly Row[] {
  return database.all<Row>(
    `SELECT id, editions.name, editions.version, installations.version AS now FROM editions
     JOIN installations ON installations.name = editions.name
     WHERE left_at IS NOT NULL AND NOT EXISTS
       (SELECT 1 FROM generation_changes WHERE before = editions.id OR after = editions.id)
     ORDER BY left_at DESC, id DESC`,
  );
}
