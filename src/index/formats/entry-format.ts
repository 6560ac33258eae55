import type { PackageEntry } from "../../package/metadata.ts";

/** The names of the forms that an entry may be written in, the oldest first. */
export type FormatName = "g1" | "g2" | "g3" | "v1";

/** What surrounds the entries: nothing but a list, an object with other members, or a v1 header, which is signed. */
export type DocumentForm = "list" | "object" | "v1";

/** An entry in the internal model, or why it cannot be used. */
export type Decoded =
  | { readonly kind: "entry"; readonly entry: PackageEntry }
  | { readonly kind: "skipped"; readonly reason: string };

/** A form in which entries are written. To add one: a file that defines it, and a row in `FORMATS`. */
export interface EntryFormat {
  readonly name: FormatName;
  /** True if `value` is meant as an entry of this form, valid or not; called after every newer form returned false. */
  readonly detects: (value: unknown, document: DocumentForm) => boolean;
  /**
   * Decodes an entry; never throws for what the entry holds.
   *
   * @param defaultHost completes tags if the entry names no host, e.g. `x86_64-linux`; empty: not known
   */
  readonly decode: (value: unknown, defaultHost: string) => Decoded;
}
