const MINUTE_S = 60;
const HOUR_S = 3600;

/** A whole number for people: `1,234`. What Node has for this loads the rules of a language first, which takes 10 ms. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}

/** A number of things for people: `1 blob`, `1,234 blobs`, `2 repositories`. */
export function formatCount(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${grouped(count)} ${/[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

const AGE_UNITS = [
  ["day", 24 * HOUR_S],
  ["hour", HOUR_S],
  ["minute", MINUTE_S],
] as const;

/** How old something is, for people: `just now`, `1 minute old`, `6 hours old`, `12 days old`. */
export function formatAge(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < -MINUTE_S) return "dated in the future";
  for (const [unit, length] of AGE_UNITS) {
    if (seconds >= length) return `${formatCount(Math.floor(seconds / length), unit)} old`;
  }
  return "just now";
}

/** The same after "is": `less than a minute old`, `6 hours old`, `dated in the future`. */
export function ageInSentence(ms: number): string {
  const age = formatAge(ms);
  return age === "just now" ? "less than a minute old" : age;
}

/** How long ago something was: `less than a minute ago`, `6 hours ago`. */
export function formatAgo(ms: number): string {
  return ageInSentence(ms).replace(/ old$/, " ago");
}
