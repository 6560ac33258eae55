/**
 * True when an `Accept` header refuses the media type outright: the most specific range that fits it has a weight of 0
 * (RFC 9110, section 12.5.1). A type that no range fits is not refused.
 */
export function refusesType(accept: string | undefined, mediaType: string): boolean {
  const [type = ""] = mediaType.toLowerCase().split("/", 1);
  const ranges = (accept ?? "").toLowerCase().split(",").map(parseRange);
  for (const fitting of [mediaType.toLowerCase(), `${type}/*`, "*/*"]) {
    const range = ranges.find(({ name }) => name === fitting);
    if (range !== undefined) return range.weight === 0;
  }
  return false;
}

function parseRange(text: string): { readonly name: string; readonly weight: number } {
  const [name = "", ...parameters] = text.split(";").map((part) => part.trim());
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  return { name, weight: weight === undefined ? 1 : Number(weight.slice("q=".length)) };
}
