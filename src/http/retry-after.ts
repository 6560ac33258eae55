const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  // Two code points look the same: the micro sign and the Greek letter.
  "\u00b5s": 1e-3,
  "\u03bcs": 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

const DURATION = /(\d{1,15}(?:\.\d{1,15})?)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/gy;
const HTTP_DATE = /^[A-Z][a-z]{2,8},? .{9,24} GMT$|^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/**
 * The wait in ms that a `Retry-After` value asks for: seconds or an HTTP date (RFC 9110, 10.2.3), or the durations
 * that some registries write instead (`880.092µs`, `1m30s`). Null when it is none of these; never negative.
 */
export function parseRetryAfter(value: string, nowMs: number): number | null {
  const text = value.trim();
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Number(text) * 1_000;
  if (HTTP_DATE.test(text)) return untilDate(text, nowMs);
  return parseDuration(text);
}

function untilDate(text: string, nowMs: number): number | null {
  // The asctime form names no zone and is in UTC all the same.
  const atMs = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

function parseDuration(text: string): number | null {
  let totalMs = 0;
  let end = 0;
  for (const match of text.matchAll(DURATION)) {
    totalMs += Number(match[1]) * (UNIT_MS[match[2] ?? ""] ?? 0);
    end = match.index + match[0].length;
  }
  return end > 0 && end === text.length ? totalMs : null;
}
