import type { Event } from "../base/events.ts";
import type { Style } from "./style.ts";
import { formatBytes, formatRate, formatTimeLeft } from "./units.ts";

type Step = Extract<Event, { kind: "task-step" }>["step"];

/** A rate needs this much time behind it before it is worth showing. */
const MIN_RATE_MS = 300;
/** Weight of the past in the smoothed rate, per second. */
const MEMORY_PER_SECOND = 0.5;

/** One running task: what its line shows. Times are milliseconds of the caller's clock. */
export class TaskProgress {
  readonly title: string;
  #step: Step | null = null;
  #bytes = 0;
  #totalBytes: number | null;
  #rate: number | null = null;
  #measured: { readonly at: number; readonly bytes: number };

  constructor(title: string, totalBytes: number | null, now: number) {
    this.title = title;
    this.#totalBytes = totalBytes;
    this.#measured = { at: now, bytes: 0 };
  }

  step(step: Step): void {
    this.#step = step;
  }

  progress(bytes: number, totalBytes: number | null, now: number): void {
    this.#bytes = bytes;
    this.#totalBytes = totalBytes ?? this.#totalBytes;
    // A retry that starts over must not count as negative speed.
    if (bytes < this.#measured.bytes) this.#measured = { at: now, bytes };
    this.#measure(now);
  }

  /** `trurl 8.14.1   fetch   3.1 MB of 7.8 MB   8.6 MB/s   1 s left`. */
  line(style: Style, now: number): string {
    const parts = [style.bold(this.title), this.#step ?? "", this.#amount(), ...this.#pace(now)];
    return parts.filter((part) => part !== "").join("   ");
  }

  #measure(now: number): void {
    const elapsed = now - this.#measured.at;
    if (elapsed < MIN_RATE_MS) return;
    const current = ((this.#bytes - this.#measured.bytes) * 1000) / elapsed;
    const memory = MEMORY_PER_SECOND ** (elapsed / 1000);
    this.#rate = this.#rate === null ? current : this.#rate * memory + current * (1 - memory);
    this.#measured = { at: now, bytes: this.#bytes };
  }

  #amount(): string {
    if (this.#bytes === 0 && this.#totalBytes === null) return "";
    const total = this.#totalBytes === null ? "" : ` of ${formatBytes(this.#totalBytes)}`;
    return formatBytes(this.#bytes) + total;
  }

  #pace(now: number): readonly string[] {
    if (this.#step !== "fetch") return [];
    this.#measure(now);
    if (this.#rate === null || this.#rate < 1) return [];
    const left = this.#totalBytes === null ? 0 : this.#totalBytes - this.#bytes;
    const time = left > 0 ? [`${formatTimeLeft((left * 1000) / this.#rate)} left`] : [];
    return [formatRate(this.#rate), ...time];
  }
}
