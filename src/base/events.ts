import type { PkgError } from "../errors.ts";

/** What an operation reports while it runs. Pure data: the reporters decide how it looks. */
export type Event =
  | { readonly kind: "task-started"; readonly id: string; readonly title: string; readonly totalBytes: number | null }
  | { readonly kind: "task-progress"; readonly id: string; readonly bytes: number; readonly totalBytes: number | null }
  | { readonly kind: "task-step"; readonly id: string; readonly step: "resolve" | "fetch" | "verify" | "place" }
  | { readonly kind: "task-done"; readonly id: string; readonly summary: string }
  | { readonly kind: "task-failed"; readonly id: string; readonly error: PkgError }
  | { readonly kind: "waiting-for-lock"; readonly holder: string }
  | { readonly kind: "retrying"; readonly what: string; readonly waitMs: number; readonly reason: string }
  /** `more`: further lines of ours; a line break in a message is text from outside, and is escaped. */
  | { readonly kind: "note"; readonly message: string; readonly more?: readonly string[] }
  | { readonly kind: "warning"; readonly message: string }
  | { readonly kind: "detail"; readonly message: string };

/** Where operations send events. Never throws, never blocks. */
export type EmitEvent = (event: Event) => void;
