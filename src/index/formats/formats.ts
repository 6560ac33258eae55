import type { Decoded, DocumentForm, EntryFormat, FormatName } from "./entry-format.ts";
import { G1 } from "./g1.ts";
import { G2 } from "./g2.ts";
import { G3 } from "./g3.ts";
import { V1 } from "./v1.ts";

/** Every form in which entries are written, the newest first. */
const FORMATS: readonly EntryFormat[] = [V1, G3, G2, G1];

/** The form that `value` is written in; if it fits none, the form whose missing field the error should name. */
export function formatOf(value: unknown, document: DocumentForm): FormatName {
  return (FORMATS.find(({ detects }) => detects(value, document)) ?? G1).name;
}

/** The newer of two forms. */
export function newerFormat(a: FormatName, b: FormatName): FormatName {
  return FORMATS.find(({ name }) => name === a || name === b)?.name ?? a;
}

/** Decodes one entry of an index into the internal model, as `EntryFormat.decode` does. */
export function decodeEntry(name: FormatName, value: unknown, defaultHost = ""): Decoded {
  const format = FORMATS.find((candidate) => candidate.name === name) ?? G1;
  return format.decode(value, defaultHost);
}
