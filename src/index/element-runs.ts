import type { FormatName } from "./formats/entry-format.ts";
import type { ElementContext, UnreadElement } from "./read-element.ts";

/** A run of elements that were read, on whichever thread, and wait for those before them in the document. */
export interface ReadRun {
  /** What each element is. */
  readonly kinds: Uint8Array;
  /** The newest form that one of them has. */
  readonly format: FormatName;
  /** For each entry: what no other one of the index may have as well. */
  readonly keys: readonly string[];
  /** For each element that cannot be used: why, with its name before it. */
  readonly reasons: readonly string[];
  /** Says that an entry, by its number among those of the run, comes next in the document. */
  readonly placeEntry: (number: number) => void;
  /** The same for what is for another platform. */
  readonly placeElsewhere: (number: number) => void;
}

/** What an element of a run is. */
export const RUN_KINDS = { entry: 0, elsewhere: 1, skipped: 2 } as const;

/** Reads the elements of a large document in runs, some of them on another thread. */
export interface RunReader {
  readonly sizes: RunSizes;
  /** Reads a run here, or has it read elsewhere, as it sees fit. */
  read(elements: readonly UnreadElement[], context: ElementContext): ReadRun | Promise<ReadRun>;
}

/** In bytes of elements. */
export interface RunSizes {
  /** So many are read one by one before any are read in runs: a thread takes as long to start as these do to be read. */
  readonly first: number;
  /** A run takes some ten milliseconds to read. */
  readonly run: number;
}

export const RUN_SIZES: RunSizes = { first: 4 * 1024 * 1024, run: 256 * 1024 };

/** Runs that wait for one before them: what was read is in memory until it has its place. */
const MAX_WAITING = 16;

interface WaitingRun {
  readonly reading: Promise<ReadRun> | null;
  read: ReadRun | null;
}

/** Gathers elements to runs, and gives these back in the order of the document. */
export function createRunQueue(reader: RunReader, accept: (run: ReadRun) => void) {
  const waiting: WaitingRun[] = [];
  let gathered: UnreadElement[] = [];
  let bytes = 0;

  function begin(context: ElementContext): void {
    const elements = gathered;
    gathered = [];
    bytes = 0;
    const reading = reader.read(elements, context);
    if (!(reading instanceof Promise)) {
      waiting.push({ reading: null, read: reading });
      return;
    }
    const run: WaitingRun = { reading, read: null };
    waiting.push(run);
    const settled = reading.then((read) => {
      run.read = read;
    });
    // Whoever takes it meets the error.
    settled.catch(() => {});
  }

  /** Accepts the runs that have been read, up to the first that has not. */
  function acceptRead(): void {
    for (let [first] = waiting; first?.read != null; [first] = waiting) {
      waiting.shift();
      accept(first.read);
    }
  }

  async function acceptFirst(): Promise<void> {
    const first = waiting.shift();
    const read = first?.read ?? (await first?.reading);
    if (read != null) accept(read);
  }

  return {
    add(element: UnreadElement, context: ElementContext): void {
      gathered.push(element);
      bytes += element.kind === "element" ? element.bytes.length : 0;
      if (bytes >= reader.sizes.run) begin(context);
    },
    /** Accepts what there is, and waits where too much of it waits for the first. */
    async settle(): Promise<void> {
      acceptRead();
      while (waiting.length > MAX_WAITING) {
        await acceptFirst();
        acceptRead();
      }
    },
    /** Accepts all. */
    async end(context: ElementContext): Promise<void> {
      if (gathered.length > 0) begin(context);
      while (waiting.length > 0) await acceptFirst();
    },
  };
}
