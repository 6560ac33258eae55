import { endOfString } from "./json-text.ts";

/**
 * The first key that some object in `json` has more than once; null if there is none. `JSON.parse` takes the last value
 * and other readers the first, so a signed document could mean two things. `json` must be valid.
 */
export function findRepeatedKey(json: string): string | null {
  const open: (Set<string> | null)[] = [];
  let last: readonly [start: number, end: number] = [0, 0];
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === "{") open.push(new Set());
    else if (character === "[") open.push(null);
    else if (character === "}" || character === "]") open.pop();
    else if (character === ":") {
      const keys = open.at(-1);
      const key = String(JSON.parse(json.slice(last[0], last[1])));
      if (keys?.has(key)) return key;
      keys?.add(key);
    } else if (character === '"') {
      const end = endOfString(json, at);
      last = [at, end + 1];
      at = end;
    }
  }
  return null;
}
