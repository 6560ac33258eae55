/**
 * As `JSON.parse`, but numbers keep the digits they are written with: `JSON.stringify` writes them again as they were, also
 * those that no number of JavaScript is equal to, such as 9007199254740993. What is to be calculated with is for parseJson().
 *
 * @throws {SyntaxError}
 * @see ECMAScript's "JSON.parse source text access"
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === "number" && context?.source !== undefined ? rawNumber(context.source) : value,
  );
}

function rawNumber(source: string): unknown {
  // TypeScript's own types do not have it yet.
  if (!("rawJSON" in JSON) || typeof JSON.rawJSON !== "function") throw new Error("This Node has no JSON.rawJSON");
  const raw: unknown = JSON.rawJSON(source);
  return raw;
}
