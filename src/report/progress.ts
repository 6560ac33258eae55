import type { Event } from "../base/events.ts";
import { formatRate, formatTimeLeft } from "./units.ts";

type Step = Extract<Event, { kind: "task-step" }>["step"];

/** A speed needs this much time behind it before it is worth showing. */
const MIN_RATE_MS = 300;
/** Weight of the past in the smoothed speed, per second. */
const MEMORY_PER_SECOND = 0.5;

/** How fast bytes arrive, smoothed. Times are milliseconds of the caller's clock. */
export class Speed {
  #rate: number | null = null;
  #bytes = 0;
  #measured: { readonly at: number; readonly bytes: number };

  constructor(now: number) {
    this.#measured = { at: now, bytes: 0 };
  }

  /** `bytes`: all that have arrived in this run. Fewer than before, after a start from the beginning, are no negative speed. */
  count(bytes: number, now: number): void {
    this.#bytes = bytes;
    if (bytes < this.#measured.bytes) this.#measured = { at: now, bytes };
  }

  /** Bytes per second; null while nothing can be said. */
  at(now: number): number | null {
    this.#measure(now);
    return this.#rate === null || this.#rate < 1 ? null : this.#rate;
  }

  #measure(now: number): void {
    const elapsed = now - this.#measured.at;
    if (elapsed < MIN_RATE_MS) return;
    const current = ((this.#bytes - this.#measured.bytes) * 1000) / elapsed;
    const memory = MEMORY_PER_SECOND ** (elapsed / 1000);
    this.#rate = this.#rate === null ? current : this.#rate * memory + current * (1 - memory);
    this.#measured = { at: now, bytes: this.#bytes };
  }
}

/** One task: how far it is. */
export class TaskProgress {
  /** Escaped. */
  readonly title: string;
  step: Step | null = null;
  state: "running" | "ready" | "done" | "failed" = "running";
  bytes = 0;
  /** Those of `bytes` that this run has received or sent. */
  ownBytes = 0;
  totalBytes: number | null;
  /** Whether the next run finds what has arrived if this one breaks off. */
  isKept = true;
  readonly #speed: Speed;

  constructor(title: string, totalBytes: number | null, now: number) {
    this.title = title;
    this.totalBytes = totalBytes;
    this.#speed = new Speed(now);
  }

  progress({ bytes, totalBytes, resumedBytes = 0, isKept = true }: Omit<Progressed, "kind" | "id">, now: number): void {
    this.bytes = bytes;
    this.isKept = isKept;
    this.totalBytes = totalBytes ?? this.totalBytes;
    this.ownBytes = Math.max(0, bytes - resumedBytes);
    this.#speed.count(this.ownBytes, now);
  }

  /** Bytes per second; null while it transfers nothing. */
  rate(now: number): number | null {
    return this.state !== "running" || this.step === "verify" || this.step === "place" ? null : this.#speed.at(now);
  }
}

type Progressed = Extract<Event, { kind: "task-progress" }>;

/** `8.6 MB/s` and `2 s left`, as far as they are known. */
export function paceOf(
  rate: number | null,
  bytesLeft: number | null,
): { readonly rate: string; readonly left: string } {
  if (rate === null) return { rate: "", left: "" };
  const left = bytesLeft !== null && bytesLeft > 0 ? `${formatTimeLeft((bytesLeft * 1000) / rate)} left` : "";
  return { rate: formatRate(rate), left };
}
