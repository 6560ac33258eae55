import { formatCount } from "../base/age.ts";
import { formatBytes } from "../base/format-bytes.ts";

export { formatAge, formatCount } from "../base/age.ts";
export { formatBytes, formatPart } from "../base/format-bytes.ts";

const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;

/** What a person is told under a list that is cut off: `20 of 22 packages; …`, with what to type; nothing under a whole list. */
export function cutLines(shown: number, total: number, noun: string, how: string): readonly string[] {
  return shown >= total ? [] : [`${shown} of ${formatCount(total, noun)}; ${how}`];
}

/** A moment for people, `2026-11-28 18:22 UTC`. @param moment ISO 8601, UTC */
export function formatMoment(moment: string): string {
  return `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;
}

/** How much of a whole is there, never rounded up to all of it: `40 %`; "" if the whole is not known, or nothing. */
export function formatPercent(bytes: number, totalBytes: number | null): string {
  if (totalBytes === null || totalBytes <= 0) return "";
  return `${Math.min(100, Math.floor((bytes * 100) / totalBytes))} %`;
}

/** `ms` for people: `40 ms`, `0.9 s`, `12 s`, `1 min 05 s`, `1 h 02 min`. */
export function formatDuration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  const seconds = ms / SECOND_MS;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE_S) return `${whole} s`;
  if (whole < HOUR_S) return `${Math.floor(whole / MINUTE_S)} min ${twoDigits(whole % MINUTE_S)} s`;
  return `${Math.floor(whole / HOUR_S)} h ${twoDigits(Math.floor((whole % HOUR_S) / MINUTE_S))} min`;
}

/** Time left for people, in whole seconds: `2 s`, `1 min 05 s`. */
export function formatTimeLeft(ms: number): string {
  const seconds = Math.ceil(ms / SECOND_MS);
  return seconds < MINUTE_S ? `${seconds} s` : formatDuration(seconds * SECOND_MS);
}

/** Bytes per second for people: `8.6 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
