import type { ElementContext, UnreadElement } from "../index/read-element.ts";
import type { PackedRun } from "../index-database/index-draft.ts";
import type { RunFacts } from "./read-run.ts";

/** A run of elements, as a thread is sent it. */
export interface RunJob {
  readonly context: ElementContext;
  /** The bytes of its elements, one after the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** FIELDS numbers for each element. */
  readonly elements: Uint32Array;
}

/** A run as a thread has read it. */
export interface RunAnswer {
  readonly facts: RunFacts;
  readonly run: PackedRun;
}

/** What a thread says; the first time, that it can be sent something. */
export type FromIndexThread = { readonly kind: "ready" } | ({ readonly kind: "read" } & RunAnswer);

/** Size in bytes, colons, depth, and 1 for an element that is too large, whose bytes are not there. */
const FIELDS = 4;

/** Copies a run, because the memory of what is sent is not there any more afterwards. */
export function runJob(parts: readonly UnreadElement[], context: ElementContext): RunJob {
  const elements = new Uint32Array(parts.length * FIELDS);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + (part.kind === "element" ? part.bytes.length : 0), 0));
  let size = 0;
  parts.forEach((part, index) => {
    if (part.kind === "oversized") elements.set([part.bytes, 0, 0, 1], index * FIELDS);
    else {
      bytes.set(part.bytes, size);
      size += part.bytes.length;
      elements.set([part.bytes.length, part.counts.colons, part.counts.depth, 0], index * FIELDS);
    }
  });
  return { context, bytes, elements };
}

/** The elements that a job was made of. */
export function elementsOf({ bytes, elements }: RunJob): readonly UnreadElement[] {
  const parts: UnreadElement[] = [];
  let from = 0;
  for (let at = 0; at < elements.length; at += FIELDS) {
    const [size = 0, colons = 0, depth = 0, isOversized = 0] = elements.subarray(at, at + FIELDS);
    if (isOversized === 1) parts.push({ kind: "oversized", bytes: size });
    else {
      parts.push({ kind: "element", bytes: Buffer.from(bytes.buffer, from, size), counts: { colons, depth } });
      from += size;
    }
  }
  return parts;
}
