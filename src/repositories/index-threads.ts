import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import { startWorker } from "../base/thread.ts";
import { type ReadRun, RUN_SIZES, type RunReader, type RunSizes } from "../index/element-runs.ts";
import type { ElementContext, UnreadElement } from "../index/read-element.ts";
import { ElementRecords } from "../index-database/element-records.ts";
import type { IndexRuns } from "../index-database/package-index-writer.ts";
import { type RunFacts, readRun } from "./read-run.ts";
import { type FromIndexThread, type RunAnswer, runJob } from "./run-messages.ts";

/** Reads the runs of a document, on this thread and on another one. */
export interface IndexThreads extends RunReader {
  /** Ends the thread. */
  close(): void;
}

/** Runs that a thread has at a time: it never waits for one, and this one does not wait long for the last. */
const MAX_SENT = 3;

/** Of a small nursery, most of what is read outlives it, and is copied. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 16 };

interface ThreadOptions {
  /** Null: there is to be no thread. */
  readonly start?: () => Worker | null;
  readonly sizes?: RunSizes;
}

/** Reads runs into `runs`. The thread is started with the first of them, where there is more than one processor. */
export function createIndexThreads(
  runs: IndexRuns,
  { start = workerIfUseful, sizes = RUN_SIZES }: ThreadOptions = {},
): IndexThreads {
  let thread: IndexThread | null = null;
  let isStarted = false;
  return {
    sizes,
    read(elements, context) {
      if (!isStarted) thread = startThread(start, runs);
      isStarted = true;
      return thread?.read(elements, context) ?? readHere(elements, context, runs);
    },
    close: () => thread?.close(),
  };
}

function readHere(elements: readonly UnreadElement[], context: ElementContext, runs: IndexRuns): ReadRun {
  const first = firstsOf(runs);
  return placing(readRun(elements, context, runs.added), first, runs);
}

/** The numbers of what will be added next. */
interface Firsts {
  readonly entry: number;
  readonly elsewhere: number;
}

function firstsOf({ added }: IndexRuns): Firsts {
  return { entry: added.entries.names.length, elsewhere: added.elsewhereHosts.length };
}

function placing({ records, elsewhereRecords, ...facts }: RunFacts, first: Firsts, runs: IndexRuns): ReadRun {
  const ofEntries = recordsIn(records);
  const ofElsewhere = recordsIn(elsewhereRecords);
  return {
    ...facts,
    keys: runs.added.entries.keys.slice(first.entry, first.entry + ofEntries.count),
    placeEntry: (index) => runs.place({ number: first.entry + index, records: ofEntries, index }),
    placeElsewhere: (index) => runs.placeElsewhere({ number: first.elsewhere + index, records: ofElsewhere, index }),
  };
}

function recordsIn(bytes: Uint8Array): ElementRecords {
  return new ElementRecords(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function workerIfUseful(): Worker | null {
  return availableParallelism() < 2 ? null : startIndexWorker();
}

/** Starts the thread that runs are read on. */
export function startIndexWorker(): Worker {
  return startWorker(new URL("./index-worker.ts", import.meta.url), { resourceLimits: THREAD_LIMITS });
}

/** Null where there is none: all is read here then. */
function startThread(start: () => Worker | null, runs: IndexRuns): IndexThread | null {
  try {
    const worker = start();
    return worker === null ? null : new IndexThread(worker, runs);
  } catch {
    return null;
  }
}

interface SentRun {
  readonly take: (answer: RunAnswer) => void;
  /** The thread has failed. */
  readonly lose: () => void;
}

class IndexThread {
  readonly #worker: Worker;
  readonly #runs: IndexRuns;
  readonly #join: ReturnType<IndexRuns["joiner"]>;
  /** What it has not answered. */
  readonly #sent: SentRun[] = [];
  #isReady = false;

  constructor(worker: Worker, runs: IndexRuns) {
    this.#worker = worker;
    this.#runs = runs;
    this.#join = runs.joiner();
    worker.on("message", (message: FromIndexThread) => this.#hear(message));
    worker.on("error", () => this.#lose()).on("exit", () => this.#lose());
  }

  /** Null where it has enough to do, or has not started yet. */
  read(elements: readonly UnreadElement[], context: ElementContext): Promise<ReadRun> | null {
    if (!this.#isReady || this.#sent.length >= MAX_SENT) return null;
    const job = runJob(elements, context);
    this.#worker.postMessage(job, [job.bytes.buffer]);
    return new Promise((resolve, reject) => {
      const settling = (give: () => ReadRun) => {
        try {
          resolve(give());
        } catch (error) {
          reject(error);
        }
      };
      this.#sent.push({
        take: (answer) => settling(() => this.#take(answer)),
        lose: () => settling(() => readHere(elements, context, this.#runs)),
      });
    });
  }

  close(): void {
    this.#isReady = false;
    this.#worker.removeAllListeners();
    this.#worker.on("error", () => {}).unref();
    void this.#worker.terminate();
  }

  #hear(message: FromIndexThread): void {
    if (message.kind === "ready") this.#isReady = true;
    else this.#sent.shift()?.take(message);
  }

  #take({ facts, run }: RunAnswer): ReadRun {
    const first = firstsOf(this.#runs);
    this.#join(run);
    return placing(facts, first, this.#runs);
  }

  /** What it was sent is read here. */
  #lose(): void {
    this.#isReady = false;
    for (const { lose } of this.#sent.splice(0)) lose();
  }
}
