/** What is remembered of the formulae at an address, so that older ones are not taken for newer ones. */
export interface FormulaFloor {
  /** The commit that those accepted last were made from, or the digest of a document that names none. */
  readonly mark: string;
  /** When that was first seen, ms since the epoch. */
  readonly sinceMs: number;
  /** How many formulae there were. */
  readonly formulae: number;
  /** The marks that it has replaced. */
  readonly replaced: ReadonlySet<string>;
}
