import type { OutdatedOutcome } from "../../install/outdated.ts";
import { columns } from "../../report/columns.ts";

/** One line for each package that has a newer version. */
export function outdatedLines(outcome: OutdatedOutcome): readonly string[] {
  const rows = outcome.outdated.map(({ name, installed, available, repository }) => [
    name,
    `${installed} → ${available}`,
    repository,
  ]);
  const held = outcome.held.map(({ name, version, requested }) => [name, `${version} (held: "${requested}")`, ""]);
  const orphaned = outcome.orphaned.map(({ name, version, repository }) => [
    name,
    `${version} (orphaned: its repository was removed)`,
    repository,
  ]);
  const all = [...rows, ...held, ...orphaned];
  return all.length === 0 ? ["Everything is up to date"] : columns(all);
}
