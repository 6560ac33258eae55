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
  readonly body: AsyncIterable<Uint8Array>;
}
