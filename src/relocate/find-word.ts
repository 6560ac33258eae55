/** A word to look for in whole files, and a part of it by which it is found sooner. */
export interface Word {
  readonly whole: string;
  /** At most seven characters, of which the first seldom stands in programs or texts. */
  readonly part: string;
}

/**
 * Where a word begins, from an offset on; -1: nowhere. For a word of up to seven characters, Node calls memchr(3) with the
 * first of them, which takes a fifth of the time that its search for longer words takes; a file without the part is done.
 */
export function findWord(bytes: Buffer, { whole, part }: Word, from = 0): number {
  const before = whole.indexOf(part);
  const found = bytes.indexOf(part, from + before, "latin1");
  return found === -1 ? -1 : bytes.indexOf(whole, found - before, "latin1");
}
