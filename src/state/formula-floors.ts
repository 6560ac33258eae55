import { PkgError } from "../errors.ts";
import type { FormulaFloor } from "../package/formula-floor.ts";
import type { Database } from "./database.ts";

/** What was accepted as the formulae at each address. */
export interface FormulaFloors {
  /** Null: none were ever accepted from there. */
  get(address: string): FormulaFloor | null;
  /**
   * Remembers, durably, formulae that were judged by comparing them with `basis`.
   *
   * @throws {PkgError} STATE_CHANGED when another process has accepted others since `basis` was read
   */
  advance(accepted: AcceptedFormulae, basis: FormulaFloor | null): void;
}

/** Formulae that may take the place of those before. */
export interface AcceptedFormulae {
  readonly address: string;
  readonly mark: string;
  readonly formulae: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What is being done, for the message that begins "Cannot". */
  readonly task: string;
}

interface MarkRow {
  readonly address: string;
  readonly mark: string;
  readonly seen_at: string;
  readonly formulae: number;
  readonly is_replaced: number;
}

/** Of one address: with four a day, those of more than half a year. */
const MAX_REPLACED = 1000;

/** Keeps them in the state database, as they must survive the removal of any cache. */
export function createFormulaFloors(database: Database): FormulaFloors {
  return {
    get: (address) => read(database, address),
    advance: (accepted, basis) => database.transaction(() => advance(database, accepted, basis)),
  };
}

function read(database: Database, address: string): FormulaFloor | null {
  const rows = database.all<MarkRow>("SELECT * FROM formula_marks WHERE address = ?", address);
  const current = rows.find(({ is_replaced: isReplaced }) => isReplaced === 0);
  if (current === undefined) return null;
  const replaced = rows.filter((row) => row !== current).map(({ mark }) => mark);
  return {
    ...{ mark: current.mark, sinceMs: Date.parse(current.seen_at), formulae: current.formulae },
    replaced: new Set(replaced),
  };
}

function advance(
  database: Database,
  { address, mark, formulae, now, task }: AcceptedFormulae,
  basis: FormulaFloor | null,
): void {
  const current = read(database, address);
  if (current?.mark === mark) return;
  if (current?.mark !== basis?.mark) {
    throw new PkgError("STATE_CHANGED", `Cannot ${task}: another process synced it in the meantime`, {
      hint: "Run the command again",
    });
  }
  database.run("UPDATE formula_marks SET is_replaced = 1 WHERE address = ?", address);
  const row: MarkRow = { address, mark, seen_at: new Date(now).toISOString(), formulae, is_replaced: 0 };
  database.insert("formula_marks", row, "replace");
  database.run(
    `DELETE FROM formula_marks WHERE address = ? AND is_replaced = 1 AND mark NOT IN (
       SELECT mark FROM formula_marks WHERE address = ? AND is_replaced = 1 ORDER BY seen_at DESC LIMIT ?)`,
    address,
    address,
    MAX_REPLACED,
  );
}
