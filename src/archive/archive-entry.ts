/** The content of an entry, which can be read once. */
export interface EntryBody extends AsyncIterable<Uint8Array> {
  /**
   * All of it in one piece, in place of reading it as it arrives; at once where it is there already. The caller must limit its size. It
   * may be used until the next entry is requested. Undefined where it can only be read as it arrives.
   */
  whole?(): Buffer | Promise<Buffer>;
}

/** One entry as it stands in the archive: its path and target have not been checked. */
export interface ArchiveEntry {
  readonly kind: "file" | "directory" | "symlink" | "hard link";
  readonly path: string;
  /** Where a link points; empty for everything else. */
  readonly target: string;
  /** Permission bits, special ones included. */
  readonly mode: number;
  /** Bytes; 0 for all but files. */
  readonly size: number;
  /** Must be read before the next entry is requested; whatever is left of it is then skipped. */
  readonly body: EntryBody;
}
