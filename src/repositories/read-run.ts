import { RUN_KINDS } from "../index/element-runs.ts";
import type { FormatName } from "../index/formats/entry-format.ts";
import { newerFormat } from "../index/formats/formats.ts";
import { type ElementContext, markOf, readElement, type UnreadElement } from "../index/read-element.ts";
import { ElementRecords } from "../index-database/element-records.ts";
import type { EntryCollector } from "../index-database/entry-collector.ts";

/** What is known of a run of elements besides what a collector has of it; it can be sent to another thread. */
export interface RunFacts {
  /** As in ReadRun, like what follows. */
  readonly kinds: Uint8Array;
  readonly format: FormatName;
  readonly reasons: readonly string[];
  /** Bytes of ElementRecords: of its entries, and of what is for other platforms. */
  readonly records: Uint8Array;
  readonly elsewhereRecords: Uint8Array;
}

/** Reads the elements of a run into a collector, on whichever thread. */
export function readRun(
  elements: readonly UnreadElement[],
  context: ElementContext,
  collector: EntryCollector,
): RunFacts {
  const kinds = new Uint8Array(elements.length);
  const reasons: string[] = [];
  const [records, elsewhereRecords] = [new ElementRecords(), new ElementRecords()];
  let format: FormatName = "g1";
  for (const [index, part] of elements.entries()) {
    const element = readElement(part, context);
    format = newerFormat(format, element.format);
    kinds[index] = RUN_KINDS[element.kind];
    const stampWith = (key: string) =>
      part.kind === "element" ? { ...markOf(part.bytes), format: element.format, key } : null;
    if (element.kind === "skipped") reasons.push(element.reason);
    else if (element.kind === "elsewhere") {
      elsewhereRecords.push({ isHere: false, number: 0 }, stampWith(""));
      collector.addElsewhere(element.entry);
    } else {
      records.push({ isHere: true, number: 0 }, stampWith(element.key));
      collector.add(element.entry, element.key);
    }
  }
  return { kinds, format, reasons, records: records.bytes, elsewhereRecords: elsewhereRecords.bytes };
}
