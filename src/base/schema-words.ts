/** One way in which a value breaks its schema, as ajv reports it. */
export interface Misfit {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema?: Readonly<Record<string, unknown>>;
  readonly propertyName?: string;
}

type TypeWords = Readonly<Record<string, string>>;

/** What JSON Schema's types are called in JSON. */
export const JSON_TYPES: TypeWords = {
  integer: "a whole number",
  number: "a number",
  string: "text in quotes",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};
/** The same in TOML. */
export const TOML_TYPES: TypeWords = { ...JSON_TYPES, object: "a table" };

/**
 * What a value has to be, as it follows the name of its key: never the pattern, but the description that the schema has for it.
 */
export function expectationOf({ keyword, params, parentSchema, message }: Misfit, types: TypeWords): string {
  const { allowedValues, limit, type, missingProperty } = params;
  if (keyword === "required") return ` must have a "${missingProperty}"`;
  if (keyword === "enum" && Array.isArray(allowedValues)) {
    return ` must be ${allowedValues.map((word) => JSON.stringify(word)).join(" or ")}`;
  }
  if (keyword === "type")
    return ` must be ${[type]
      .flat()
      .map((one) => types[String(one)] ?? one)
      .join(" or ")}`;
  if (keyword === "minimum") return ` must be at least ${limit}`;
  if (keyword === "maximum") return ` must be at most ${limit}`;
  if (keyword === "maxLength") return ` must have at most ${limit} characters`;
  if (keyword === "maxItems") return ` must have at most ${limit} items`;
  if (keyword === "minLength") return limit === 1 ? " must not be empty" : ` must have at least ${limit} characters`;
  if (keyword === "minItems") return limit === 1 ? " must not be empty" : ` must have at least ${limit} items`;
  if (keyword === "uniqueItems") return " must have each item once";
  const described = parentSchema?.["description"];
  if (typeof described === "string") return `: expected ${startOf(described)}`;
  return keyword === "pattern" ? " has characters that it must not have" : ` ${message ?? "is wrong"}`;
}

/** A description as the middle of a sentence. */
function startOf(description: string): string {
  const [sentence = ""] = description.split(/\.\s+(?=[A-Z])/);
  const text = sentence.replace(/\.$/, "");
  return /^[A-Z](?:[a-z]| )/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}

/** The parts of a JSON pointer (RFC 6901). */
export function pointerSegments(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The value that a JSON pointer leads to; undefined: nothing is there. */
export function valueAt(value: unknown, pointer: string): unknown {
  let current = value;
  for (const segment of pointerSegments(pointer)) {
    if (typeof current !== "object" || current === null) return undefined;
    current = Object.entries(current).find(([key]) => key === segment)?.[1];
  }
  return current;
}
