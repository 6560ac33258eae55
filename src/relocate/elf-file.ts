import type { ElfBytes } from "./elf-bytes.ts";
import type { Dynamic, DynamicEntry } from "./elf-dynamic.ts";
import type { Section, Segment } from "./elf-tables.ts";

/** What is known about a file before it is changed. */
export interface ElfFile {
  readonly elf: ElfBytes;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
  readonly dynamic: Dynamic | null;
}

/** The program's interpreter, as it shall be. */
export interface InterpreterEdit {
  readonly segment: Segment;
  /** Latin-1, one character for each byte. */
  readonly text: string;
}

/** A search path, as it shall be. */
export interface PathEdit {
  readonly entry: DynamicEntry;
  readonly before: string;
  /** Latin-1, one character for each byte. */
  readonly text: string;
}

/** What does not fit where it stood; at least one of them. */
export interface Growth {
  readonly interpreter: InterpreterEdit | null;
  readonly paths: readonly PathEdit[];
}
