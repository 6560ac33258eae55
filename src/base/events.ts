import type { PkgError } from "../errors.ts";

/** What an operation reports while it runs. Pure data: the reporters decide how it looks. */
export type Event =
  /** What is about to be started, so that progress can be shown as n of m. `totalBytes` is null if unknown. */
  | { readonly kind: "tasks-planned"; readonly tasks: number; readonly totalBytes: number | null }
  | { readonly kind: "task-started"; readonly id: string; readonly title: string; readonly totalBytes: number | null }
  | TaskProgressed
  /** `ready`: it waits for the others, to be placed with them. */
  | {
      readonly kind: "task-step";
      readonly id: string;
      readonly step: "resolve" | "fetch" | "verify" | "ready" | "place";
    }
  | { readonly kind: "task-done"; readonly id: string; readonly summary: string }
  | { readonly kind: "task-failed"; readonly id: string; readonly error: PkgError }
  | { readonly kind: "waiting-for-lock"; readonly holder: string }
  | { readonly kind: "retrying"; readonly what: string; readonly waitMs: number; readonly reason: string }
  /** `more`: further lines of ours; a line break in a message is text from outside, and is escaped. */
  | { readonly kind: "note"; readonly message: string; readonly more?: readonly string[] }
  | { readonly kind: "warning"; readonly message: string }
  | { readonly kind: "detail"; readonly message: string };

interface TaskProgressed {
  readonly kind: "task-progress";
  readonly id: string;
  /** Bytes held so far; fewer than before if some had to be given up. */
  readonly bytes: number;
  readonly totalBytes: number | null;
  /** Those of `bytes` that an earlier run left, which no speed is made of; default: 0. */
  readonly resumedBytes?: number;
  /** Whether the next run finds them if this one breaks off; default: true. */
  readonly isKept?: boolean;
}

/** Where operations send events. Never throws, never blocks. */
export type EmitEvent = (event: Event) => void;
