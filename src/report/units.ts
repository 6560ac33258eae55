export { formatAge, formatCount } from "../base/age.ts";

const BYTE_UNITS = ["kB", "MB", "GB", "TB", "PB"] as const;
const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;

/** `bytes` for people, 1000-based: `999 B`, `7.8 MB`, `152 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = "B";
  for (const next of BYTE_UNITS) {
    if (Number(threeDigits(value)) < 1000 && unit !== "B") break;
    value /= 1000;
    unit = next;
  }
  return `${threeDigits(value)} ${unit}`;
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

function threeDigits(value: number): string {
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
