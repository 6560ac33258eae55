/** A string, or one of the punctuation marks of JSON. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/gs;

/**
 * The first key that some object in `json` has more than once; null if there is none. `JSON.parse` takes the last value
 * and other readers the first, so a signed document could mean two things. `json` must be valid.
 */
export function findRepeatedKey(json: string): string | null {
  const open: (Set<string> | null)[] = [];
  let last = "";
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const keys = open.at(-1);
      const key: unknown = JSON.parse(last);
      if (keys?.has(String(key))) return String(key);
      keys?.add(String(key));
    } else if (token !== ",") last = token;
  }
  return null;
}
