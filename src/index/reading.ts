import type { DocumentForm } from "./formats/entry-format.ts";

/**
 * Stands for the code that decides what an element of a document means: a digest over the files that `test/index/reading.test.ts`
 * lists. What was read by other code is read again, though its bytes are the same.
 */
export const READING_CODE = "caad9b021fc3c999";

/** How documents are read for a platform, e.g. `x86_64-linux`: the same bytes mean something else in another form. */
export function readingFor(host: string): (form: DocumentForm) => string {
  return (form) => `${READING_CODE} ${host} ${form}`;
}
