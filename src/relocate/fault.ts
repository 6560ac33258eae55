/**
 * Why a file cannot be changed: it contradicts itself, it is of a kind that this room does not know, or a path does not
 * fit. The message continues "Cannot relocate FILE: "; `relocateFile()` makes it an error that a person can read.
 */
export class RelocationFault extends Error {
  override readonly name = "RelocationFault";
  /** What to do about it, where anything can be done. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** @throws {RelocationFault} unless the condition holds */
export function expectElf(condition: boolean, otherwise: string, hint?: string): asserts condition {
  if (!condition) throw new RelocationFault(otherwise, hint);
}
