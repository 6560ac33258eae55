import type { Event } from "../base/events.ts";
import { keptText } from "../base/kept-text.ts";
import { listSome } from "../base/lists.ts";
import { Speed, TaskProgress } from "./progress.ts";

const MAX_LISTED = 10;
/** More tasks than these are counted: the documents of a package, say, are no news by their names. */
const MAX_FINISHED = 3;

/** All tasks of a run together. */
export interface Totals {
  readonly ended: number;
  readonly failed: number;
  /** Those that were planned, or as many as were started. */
  readonly tasks: number;
  readonly bytes: number;
  /** Null if not all are known. */
  readonly totalBytes: number | null;
  /** Bytes per second of all that runs. */
  readonly rate: number | null;
}

/** What the tasks of a run have done so far, from their events. Times are milliseconds of the caller's clock. */
export class TaskBoard {
  readonly #tasks = new Map<string, TaskProgress>();
  readonly #now: () => number;
  /** How titles are shown: without secrets, and escaped. */
  readonly #render: (text: string) => string;
  #planned: { readonly tasks: number; readonly totalBytes: number | null } | null = null;
  #speed: Speed;

  constructor(now: () => number, render: (text: string) => string) {
    this.#now = now;
    this.#render = render;
    this.#speed = new Speed(now());
  }

  apply(event: Event): void {
    if (event.kind === "tasks-planned") this.#plan(event);
    if (event.kind === "task-started") this.#start(event);
    const task = "id" in event ? this.#tasks.get(event.id) : undefined;
    if (task === undefined) return;
    if (event.kind === "task-step") stepTo(task, event.step);
    else if (event.kind === "task-progress") this.#progress(task, event);
    else if (event.kind === "task-done") task.state = "done";
    else if (event.kind === "task-failed") task.state = "failed";
  }

  /** In the order in which they were started. */
  get running(): readonly TaskProgress[] {
    return [...this.#tasks.values()].filter(({ state }) => state === "running");
  }

  totals(now: number): Totals {
    const tasks = [...this.#tasks.values()];
    const sizes = tasks.map(({ totalBytes }) => totalBytes);
    const known = sizes.reduce((sum: number | null, size) => (sum === null || size === null ? null : sum + size), 0);
    const planned = this.#planned;
    const isAllStarted = planned === null || planned.tasks <= tasks.length;
    const totalBytes = isAllStarted ? known : planned.totalBytes;
    return {
      ended: tasks.filter(({ state }) => state !== "running").length,
      failed: tasks.filter(({ state }) => state === "failed").length,
      tasks: Math.max(tasks.length, planned?.tasks ?? 0),
      bytes: tasks.reduce((sum, task) => sum + heldBytes(task), 0),
      totalBytes,
      rate: tasks.some((task) => task.rate(now) !== null) ? this.#speed.at(now) : null,
    };
  }

  /**
   * What was finished, and what the next run need not transfer again: `finished a 1.0; kept 4.2 of 10.0 MB of b 1.0`, or
   * `finished 12 of 13; kept …`. Null if there were no tasks.
   */
  leftBehind(): string | null {
    const tasks = [...this.#tasks.values()];
    if (tasks.length === 0) return null;
    const done = tasks.filter(({ state }) => state === "done").map(({ title }) => title);
    const kept = this.#keptTexts();
    const finished = finishedText(done, Math.max(tasks.length, this.#planned?.tasks ?? 0));
    return kept.length === 0 ? finished : `${finished}; kept ${listed(kept)}`;
  }

  /** `4.2 of 10.0 MB of b 1.0`, for what broke off; null if nothing is kept. */
  kept(): string | null {
    const kept = this.#keptTexts();
    return kept.length === 0 ? null : listed(kept);
  }

  #keptTexts(): readonly string[] {
    const open = [...this.#tasks.values()].filter(({ state }) => state === "running" || state === "ready");
    return open.flatMap((task) => {
      if (!task.isKept) return [];
      const text = keptText(task.bytes, task.totalBytes);
      return text === null ? [] : [`${text} of ${task.title}`];
    });
  }

  #plan({ tasks, totalBytes }: Extract<Event, { kind: "tasks-planned" }>): void {
    // What came before, such as the sync before an install, is another piece of work.
    if (this.running.length === 0) {
      this.#tasks.clear();
      this.#speed = new Speed(this.#now());
    }
    this.#planned = { tasks, totalBytes };
  }

  #start({ id, title, totalBytes }: Extract<Event, { kind: "task-started" }>): void {
    if (this.running.length === 0 && this.#planned === null) this.#speed = new Speed(this.#now());
    this.#tasks.set(id, new TaskProgress(this.#render(title), totalBytes, this.#now()));
  }

  #progress(task: TaskProgress, event: Extract<Event, { kind: "task-progress" }>): void {
    const now = this.#now();
    task.progress(event, now);
    this.#speed.count(
      [...this.#tasks.values()].reduce((sum, { ownBytes }) => sum + ownBytes, 0),
      now,
    );
  }
}

/** From when it is ready on, a task counts as ended: what is left, placing all of them, takes no time. */
function stepTo(task: TaskProgress, step: TaskProgress["step"]): void {
  task.step = step;
  if (step === "ready") task.state = "ready";
}

/** A task that is done holds all its bytes, even those that it found in place. */
function heldBytes({ state, bytes, totalBytes }: TaskProgress): number {
  return state === "done" || state === "ready" ? (totalBytes ?? bytes) : bytes;
}

function finishedText(done: readonly string[], tasks: number): string {
  if (done.length === 0) return "nothing was finished";
  return done.length > MAX_FINISHED ? `finished ${done.length} of ${tasks}` : `finished ${listed(done)}`;
}

function listed(items: readonly string[]): string {
  return listSome(items, MAX_LISTED);
}
