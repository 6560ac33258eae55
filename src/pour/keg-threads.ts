import { availableParallelism } from "node:os";
import { MessageChannel, type MessagePort, type Worker } from "node:worker_threads";
import { optimizeAsUsual } from "../base/optimizing.ts";
import { startWorker } from "../base/thread.ts";
import type { StoredBlob } from "../blobs/blob-store.ts";
import type { KegTaking } from "./begin-keg.ts";
import { type FromThread, type KegJob, receivedError, type ToThread } from "./keg-messages.ts";
import { giveBack, piecesOf } from "./pieces.ts";
import type { TakenKeg } from "./take-keg.ts";

const MAX_THREADS = 4;

/** A thread, how its kegs are told that it has failed, and how large their bottles are. */
interface Thread {
  readonly worker: Worker;
  readonly jobs: Map<(error: unknown) => void, number>;
}

const threads: Thread[] = [];

/** A keg to take in, and how large its bottle is. */
export interface ThreadJob extends Omit<KegJob, "port"> {
  readonly bytes: number;
}

/** Takes a keg in on another thread; null: there is but one processor, or the system gives no thread. */
export function takeInThread({ bytes, ...job }: ThreadJob): KegTaking | null {
  const limit = maxThreads();
  if (limit < 2) return null;
  try {
    return new ThreadTaking(leastBusy(limit), job, bytes);
  } catch {
    return null;
  }
}

/** Among so many bottles there are large ones, most likely. */
const MANY_BOTTLES = 4;

/** Starts the threads that so many bottles will need, while these are asked for: it takes a while. */
export function warmKegThreads(bottles: number): void {
  const limit = maxThreads();
  if (limit < 2 || bottles < MANY_BOTTLES) return;
  try {
    while (threads.length < limit) startThread();
  } catch {
    // The bottles will be unpacked on this one.
  }
}

/**
 * Ends the threads that have nothing to do. While their kegs are placed, which one thread does, there is a processor to give
 * their memory back; at the end of the process it would be waited for.
 */
export function endKegThreads(): void {
  const idle = threads.filter(({ jobs }) => jobs.size === 0);
  for (const thread of idle) {
    threads.splice(threads.indexOf(thread), 1);
    thread.worker.terminate();
  }
}

function maxThreads(): number {
  return Math.min(MAX_THREADS, availableParallelism());
}

function leastBusy(limit: number): Thread {
  const [first] = threads.toSorted((a, b) => workOf(a) - workOf(b));
  return first !== undefined && (first.jobs.size === 0 || threads.length >= limit) ? first : startThread();
}

function workOf({ jobs }: Thread): number {
  return [...jobs.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function startThread(): Thread {
  const worker = startWorker(new URL("./keg-worker.ts", import.meta.url));
  const thread: Thread = { worker, jobs: new Map() };
  const end = (error: unknown) => {
    if (threads.includes(thread)) threads.splice(threads.indexOf(thread), 1);
    for (const fail of thread.jobs.keys()) fail(error);
  };
  worker.on("error", end).on("exit", () => end(new Error("a thread ended that takes kegs in")));
  // The port of a keg keeps the process alive, a thread with nothing to do does not.
  worker.unref();
  threads.push(thread);
  return thread;
}

/** How many pieces of a bottle may wait to be read. */
const MAX_WAITING = 4;

interface Lost {
  readonly kind: "lost";
  readonly error: unknown;
}

type Answer<Kind extends FromThread["kind"]> = FromThread & { readonly kind: Kind };

class ThreadTaking implements KegTaking {
  readonly #thread: Thread;
  readonly #port: MessagePort;
  #room = MAX_WAITING;
  /** What the thread has said and nobody has taken; an error: it will say nothing more. */
  #answer: FromThread | Lost | null = null;
  #wake: () => void = () => {};
  readonly #lose = (error: unknown) => this.#hear({ kind: "lost", error });

  constructor(thread: Thread, job: Omit<KegJob, "port">, bytes: number) {
    const { port1, port2 } = new MessageChannel();
    this.#thread = thread;
    this.#port = port1;
    thread.jobs.set(this.#lose, bytes);
    thread.worker.postMessage({ ...job, port: port2 }, [port2]);
    port1.on("message", (message: FromThread) => this.#hear(message));
  }

  async take(source: AsyncIterable<Uint8Array>): Promise<TakenKeg> {
    for await (const bytes of piecesOf(source)) {
      while (this.#room === 0 && this.#answer === null) await this.#heard();
      // It may have failed, or read all that it needs.
      if (this.#answer !== null) break;
      this.#room -= 1;
      this.#send({ kind: "piece", bytes }, [bytes.buffer]);
    }
    this.#send({ kind: "end" });
    return (await this.#expect("taken")).keg;
  }

  async finish(): Promise<void> {
    this.#send({ kind: "finish" });
    await this.#expect("finished");
    this.#close();
  }

  async abandon(): Promise<readonly StoredBlob[]> {
    this.#send({ kind: "abandon" });
    try {
      for (;;) {
        const answer = await this.#next();
        // What it said before it knew is of no interest any more.
        if (answer.kind === "abandoned") return answer.added;
        if (answer.kind === "lost") return [];
      }
    } finally {
      this.#close();
    }
  }

  #send(message: ToThread, given: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, given);
  }

  async #expect<Kind extends FromThread["kind"]>(kind: Kind): Promise<Answer<Kind>> {
    const answer = await this.#next();
    if (answer.kind === "failed") throw receivedError(answer.error);
    if (answer.kind === "lost") throw answer.error;
    if (isAnswer(answer, kind)) return answer;
    throw new Error(`a thread said "${answer.kind}", expected "${kind}"`);
  }

  async #next(): Promise<FromThread | Lost> {
    while (this.#answer === null) await this.#heard();
    const answer = this.#answer;
    if (answer.kind !== "lost") this.#answer = null;
    return answer;
  }

  #hear(message: FromThread | Lost): void {
    if (message.kind === "more") this.#more(message.spare);
    else if (this.#answer?.kind !== "lost") this.#answer = message;
    this.#wake();
  }

  #more(spare: ArrayBuffer | null): void {
    this.#room += 1;
    if (spare !== null) giveBack(spare);
  }

  #heard(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #close(): void {
    this.#thread.jobs.delete(this.#lose);
    this.#port.close();
    if (threads.every(({ jobs }) => jobs.size === 0)) optimizeAsUsual();
  }
}

function isAnswer<Kind extends FromThread["kind"]>(answer: FromThread, kind: Kind): answer is Answer<Kind> {
  return answer.kind === kind;
}
